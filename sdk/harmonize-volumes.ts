import type { VolumeCohort } from './data/cohort';
import { makeImageCohort, makeVolumeCohort, requireOneSuffix } from './data/cohort';
import { digestOf } from './data/digest';
import { takeParticipants } from './data/participants';
import { provenanceStep } from './data/provenance';
import type { RunOptions } from './data/run-options';
import type { DdaeModel } from './ddae/ddae-model';
import { ddaeToStored } from './ddae/ddae-stored';
import type { HarmonizeDdaeOptions } from './ddae/harmonize-ddae';
import { harmonizeDdae } from './ddae/harmonize-ddae';
import { requireHarmonizable } from './ddae/require-harmonizable';
import { throughSlices } from './preprocess/through-slices';

/** Options of {@link harmonizeVolumes}: those of `harmonizeDdae`, except those of a run. */
export type HarmonizeVolumesOptions = Omit<HarmonizeDdaeOptions, keyof RunOptions>;

/**
 * Harmonizes whole scans by a model of slices. Nothing is computed yet: each scan is opened, and its slices go through
 * the model, when it is needed, one scan at a time.
 *
 * Scans need a brain mask, and should be prepared as those that the model was trained on (orientation does not matter).
 * Every slice with brain in it is harmonized, also where the model saw none in training: train on slices of the whole
 * brain. Intensities of a scan are scaled on all its slices together. Outside the mask voxels stay as they are.
 *
 * @returns the scans as of the target, on their grids; those whose pixels have another size than the model's are resampled
 * to it in the plane of the slices, with an issue of code `resampled`. Opening a scan throws `missing-value` without a
 * mask, `invalid-option` when its brain is larger than the model's images, and what `harmonizeDdae` throws.
 * @throws ConcordError `unknown-site` for a target or a site that the model does not know (see `unseen`); `missing-value`,
 * `unknown-column` or `unknown-level` when what the model must know of people is not there; `invalid-option`.
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
  options: HarmonizeVolumesOptions = {},
): VolumeCohort {
  requireOneSuffix('harmonizeVolumes', cohort);
  const geometry = requireHarmonizable(model, cohort, options);
  const [height, width, channels] = model.architecture.sampleShape;
  const stored = ddaeToStored(model);
  const weights = Array.from(stored.weights.values(), ({ data }) => data);
  const step = provenanceStep('harmonizeVolumes', {
    ...{ method: 'ddae', ...options },
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
        return harmonizeDdae(model, one, { ...options, signal: run.signal });
      });
    },
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, step],
    issues: cohort.issues,
  });
}
