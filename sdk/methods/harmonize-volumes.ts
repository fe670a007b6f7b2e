import type { VolumeCohort } from '../data/cohort';
import { makeImageCohort, makeVolumeCohort } from '../data/cohort';
import { listNames } from '../data/list-names';
import { takeParticipants } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { personOf } from '../data/images/scan';
import type { DdaeModel } from '../ddae/ddae-model';
import type { HarmonizeDdaeOptions } from '../ddae/harmonize-ddae';
import { ConcordError } from '../errors';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { GuidedOptions } from '../nn/images/guided-options';
import type { DetailOptions } from '../nn/styles/detail-options';
import type { MurdModel } from '../murd/murd-model';
import { throughSlices } from '../preprocess/slices/through-slices';
import { changedOutside, scaleChanges } from '../nn/images/given-images';
import type { LearnedInput } from '../nn/input/learned-input';
import { noticeFewLevels, withFewLevels } from '../nn/input/take-in';
import { onBlack } from '../preprocess/on-black';
import { keepMark } from '../math/images/scan-mark';
import type { AnyModel, Method, ModelKind, SliceMethod } from './method';
import { allMethods } from './methods';
import { storedDigest } from './model-digest';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link harmonizeVolumes} with a DDAE: those of `harmonizeDdae`, except those of a run. */
export type HarmonizeVolumesOptions = Omit<HarmonizeDdaeOptions, keyof RunOptions>;

/** Options of {@link harmonizeVolumes} with a MURD: those of `murd.translate`, except those of a run. */
export type TranslateVolumesOptions = StyleChoice &
  DetailOptions &
  GuidedOptions & {
    /** Slices at a time. @defaultValue 32 */
    readonly batchSize?: number;
  };

/**
 * Harmonizes whole scans by a model of slices. Nothing is computed yet: each scan is opened, and its slices go through
 * the model, when it is needed, one scan at a time.
 *
 * Scans need a brain mask, and should be prepared as those that the model was trained on (orientation does not matter).
 * Slices beyond those that the model learned from are harmonized too, with an issue of code `beyond-training` that
 * counts them; those with less than two thirds as much brain as the smallest learned from fade into what they were:
 * train on slices of the whole brain. A model of three neighboring slices sees them in overlapping triples, and its
 * results are averaged. Intensities of a scan are scaled on all its slices together. Each scan is held against what the
 * model learned from: intensities on another scale (z-scores) are brought to it, with an issue, and a scan that is
 * unlike it is refused. What is outside of the mask is brought to the scale of what is inside.
 *
 * @returns the scans as if scanned at the target, on their grids; slices whose pixels have another size than the
 * model's are resampled to it, and what changes in them is brought back, with an issue of code `resampled`. Opening a
 * scan throws `missing-value` without a mask, `invalid-option` when its brain is larger than the model's images,
 * `invalid-voxels` when it is unlike what the model learned from, and what the method's function of slices
 * (`harmonizeDdae`, `murd.translate`) throws.
 * @throws ConcordError `unknown-site` for a target that the model does not know, or with a DDAE a site (see `unseen`);
 * `missing-value`, `unknown-column` or `unknown-level` when what the model must know of persons is not there;
 * `invalid-option`, also for a model that takes no scans.
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
/** Harmonizes whole scans by a model of any method that works on slices. */
export function harmonizeVolumes(model: AnyModel, cohort: VolumeCohort, options?: object): VolumeCohort;
export function harmonizeVolumes(model: AnyModel, cohort: VolumeCohort, options: object = {}): VolumeCohort {
  requireCall('harmonizeVolumes', { model, cohort, options });
  const { slices, kind } = sliceMethodOf(model);
  const { geometry, shape } = slices.input(model);
  const { learned } = model as { readonly learned?: LearnedInput };
  const [height, width, channels] = shape;
  const prepared = slices.prepare(model, cohort, options);
  const step = provenanceStep('harmonizeVolumes', {
    method: model.kind,
    ...prepared.record,
    model: storedDigest(kind, model),
  });
  const scans = cohort.scans.map((scan, row) => ({
    ...scan,
    open: async (run: RunOptions = {}) => {
      const volume = await scan.open(run);
      const { filled, fill } = onBlack(volume);
      const people = takeParticipants(cohort.participants, [row]);
      const few = noticeFewLevels(learned, volume, scan.id);
      const cut = { ...geometry, scan: scan.id, size: [height, width] as const, step };
      const made = await throughSlices(
        filled,
        { ...cut, channels: channels === 3 ? 3 : 1 },
        async (given) => {
          const one = makeImageCohort(people, given, {
            subjects: [personOf(scan)],
            suffixes: [scan.suffix ?? ''],
            provenance: [...(scan.history ?? []), ...volume.provenance],
          });
          const { images, issues: found } = await prepared.apply(one, { signal: run.signal });
          const issues = withFewLevels(found, few);
          const [change] = scaleChanges(images) ?? [];
          if (change === undefined) return { images, issues };
          return {
            images,
            issues,
            scale: (value: number) => (value === fill ? 0 : changedOutside(value, change)),
          };
        },
      );
      return keepMark(volume, made);
    },
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, step],
    issues: cohort.issues,
  });
}

/** How a model takes the slices of scans. */
function sliceMethodOf(model: AnyModel): {
  readonly slices: SliceMethod<AnyModel>;
  readonly kind: ModelKind;
} {
  const { slices, model: kind } = sliceMethods().find((method) => method.model.kind === model.kind) ?? {};
  if (slices !== undefined && kind !== undefined) return { slices, kind };
  const kinds = listNames(sliceMethods().map((method) => method.model.kind));
  throw new ConcordError(
    'invalid-option',
    `invalid model: one of kind "${model.kind}" does not harmonize whole scans (those of ${kinds} do)`,
  );
}

function sliceMethods(): readonly Method[] {
  return allMethods().filter(({ slices }) => slices !== undefined);
}
