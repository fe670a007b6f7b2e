import type { ImageCohort, VolumeCohort } from './data/cohort';
import { makeImageCohort, makeVolumeCohort, requireOneSuffix } from './data/cohort';
import { digestOf } from './data/digest';
import type { JsonObject } from './data/json';
import { takeParticipants } from './data/participants';
import { provenanceStep } from './data/provenance';
import type { RunOptions } from './data/run-options';
import type { StoredNetwork } from './data/stored-network';
import type { DdaeModel } from './ddae/ddae-model';
import { ddaeToStored } from './ddae/ddae-stored';
import type { HarmonizeDdaeOptions } from './ddae/harmonize-ddae';
import { harmonizeDdae } from './ddae/harmonize-ddae';
import { requireHarmonizable } from './ddae/require-harmonizable';
import type { StyleChoice } from './murd/style-choice';
import type { MurdModel } from './murd/murd-model';
import { murdToStored } from './murd/murd-stored';
import { requireTranslatable } from './murd/require-translatable';
import { translate } from './murd/translate';
import type { ImageGeometry } from './nn/images/image-geometry';
import { throughSlices } from './preprocess/through-slices';

/** Options of {@link harmonizeVolumes} with a DDAE: those of `harmonizeDdae`, except those of a run. */
export type HarmonizeVolumesOptions = Omit<HarmonizeDdaeOptions, keyof RunOptions>;

/** Options of {@link harmonizeVolumes} with a MURD: those of `translate`, except those of a run. */
export type TranslateVolumesOptions = StyleChoice & {
  /** Slices at a time. @defaultValue 32 */
  readonly batchSize?: number;
};

/**
 * Harmonizes whole scans by a model of slices. Nothing is computed yet: each scan is opened, and its slices go through
 * the model, when it is needed, one scan at a time.
 *
 * Scans need a brain mask, and should be prepared as those that the model was trained on (orientation does not matter).
 * Every slice with brain in it is harmonized, also where the model saw none in training: train on slices of the whole
 * brain. A model of three neighbouring slices sees them in overlapping triples, and what it makes is averaged. Intensities
 * of a scan are scaled on all its slices together. Outside the mask voxels stay as they are.
 *
 * @returns the scans as of the target, on their grids; those whose pixels have another size than the model's are resampled
 * to it in the plane of the slices, with an issue of code `resampled`. Opening a scan throws `missing-value` without a
 * mask, `invalid-option` when its brain is larger than the model's images, and what `harmonizeDdae` or `translate` throw.
 * @throws ConcordError `unknown-site` for a target that the model does not know, or with a DDAE a site (see `unseen`);
 * `missing-value`, `unknown-column` or `unknown-level` when what the model must know of people is not there;
 * `invalid-option`.
 *
 * @example
 * ```ts
 * const harmonized = harmonizeVolumes(model, await loadBids('prepared'), { target: 'siteA' });
 * await writeBids(harmonized, 'harmonized', { desc: 'ddae' });
 * ```
 */
export function harmonizeVolumes(
  model: DdaeModel,
  cohort: VolumeCohort,
  options?: HarmonizeVolumesOptions,
): VolumeCohort;
export function harmonizeVolumes(
  model: MurdModel,
  cohort: VolumeCohort,
  options: TranslateVolumesOptions,
): VolumeCohort;
export function harmonizeVolumes(
  model: DdaeModel | MurdModel,
  cohort: VolumeCohort,
  options: HarmonizeVolumesOptions | TranslateVolumesOptions = {},
): VolumeCohort {
  const method =
    model.kind === 'ddae'
      ? byDdae(model, cohort, options)
      : byMurd(model, cohort, options as TranslateVolumesOptions);
  const { geometry, stored, record } = method;
  const [height, width, channels] = method.shape;
  const weights = Array.from(stored.weights.values(), ({ data }) => data);
  const step = provenanceStep('harmonizeVolumes', {
    ...{ method: model.kind, ...record },
    model: digestOf(stored.model, ...weights),
  });
  const scans = cohort.scans.map((scan, row) => ({
    ...scan,
    open: async (run: RunOptions = {}) => {
      const volume = await scan.open(run);
      const people = takeParticipants(cohort.participants, [row]);
      const cut = { ...geometry, scan: scan.id, size: [height, width] as const, step };
      return throughSlices(volume, { ...cut, channels: channels === 3 ? 3 : 1 }, async (slices) => {
        const one = makeImageCohort(people, slices, {
          subjects: [scan.subject],
          suffixes: [scan.suffix ?? ''],
        });
        return method.apply(one, { signal: run.signal });
      });
    },
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, step],
    issues: cohort.issues,
  });
}

/** A model of slices, ready for the scans of a cohort. */
interface SliceMethod {
  readonly geometry: ImageGeometry;
  readonly shape: readonly number[];
  readonly stored: StoredNetwork;
  /** The options, for provenance. */
  readonly record: JsonObject;
  apply(images: ImageCohort, run: RunOptions): Promise<ImageCohort>;
}

function byDdae(model: DdaeModel, cohort: VolumeCohort, options: HarmonizeVolumesOptions): SliceMethod {
  requireOneSuffix('harmonizeVolumes', cohort);
  return {
    geometry: requireHarmonizable(model, cohort, options),
    shape: model.architecture.sampleShape,
    stored: ddaeToStored(model),
    record: { ...options },
    apply: (images, run) => harmonizeDdae(model, images, { ...options, ...run }),
  };
}

function byMurd(model: MurdModel, cohort: VolumeCohort, options: TranslateVolumesOptions): SliceMethod {
  requireTranslatable(model, cohort, options);
  const { geometry, architecture } = model;
  const record =
    'site' in options
      ? { ...options }
      : {
          reference: options.reference.participants.ids,
          ...(options.head === undefined ? {} : { head: options.head }),
        };
  return {
    geometry,
    shape: architecture.imageShape,
    stored: murdToStored(model),
    record,
    apply: (images, run) => translate(model, images, { ...options, ...run }),
  };
}
