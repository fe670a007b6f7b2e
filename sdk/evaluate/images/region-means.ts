import type { FeatureCohort, ImageCohort, VolumeCohort } from '../../data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { eachScan } from './each-scan';
import type { TissueLabels } from './tissue-labels';
import { intensitiesByRegion, wholeMask } from './tissue-labels';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link regionMeans}. */
export interface RegionMeansOptions extends RunOptions {
  /** The regions to average over; the brain mask by default. */
  readonly labels?: TissueLabels;
}

/**
 * The mean intensity of every region in every scan, as a table: a feature per region, for ComBat, audits, plots, or
 * `metrics.siteReliability`. A region without a voxel is missing.
 *
 * @throws ConcordError `different-grids` when labels do not fit a scan; `aborted`.
 *
 * @example
 * ```ts
 * const means = await regionMeans(cohort);
 * ```
 */
export async function regionMeans(
  cohort: VolumeCohort | ImageCohort,
  options: RegionMeansOptions = {},
): Promise<FeatureCohort> {
  requireCall('regionMeans', { cohort, options });
  const { labels } = options;
  const names = labels?.names ?? wholeMask;
  const means: number[] = [];
  const { rows, issues } = await eachScan(cohort, options, async ({ id, pictures }) => {
    const regions = await intensitiesByRegion(id, pictures, labels);
    means.push(...regions.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length));
  });
  const { participants } = takeSubjects(cohort, rows);
  const matrix = makeFeatureMatrix(Float64Array.from(means), participants.ids, names);
  return makeFeatureCohort(participants, matrix, {
    provenance: [...cohort.provenance, provenanceStep('regionMeans', { regions: names })],
    issues: [...cohort.issues, ...issues],
  });
}
