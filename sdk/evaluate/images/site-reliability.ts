import type { FeatureCohort } from '../../data/cohort';
import { siteNames } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { coefficientOfVariation, intraclassCorrelation } from './reliability';
import { requireCall } from '../../data/calls/require-call';

/** How reliably a feature is measured across sites, from traveling subjects. */
export interface FeatureReliability {
  readonly feature: string;
  /** Subjects with a value at every site. */
  readonly subjects: number;
  /** ICC(2,1); `NaN` with fewer than two such subjects. */
  readonly icc: number;
  /** Within-subject coefficient of variation across sites; `NaN` without such subjects. */
  readonly cov: number;
}

/**
 * The reliability of every feature across sites: ICC(2,1) and within-subject coefficient of variation over the
 * subjects that have a value at every site, their first where there are several.
 *
 * @param cohort - one row per scan
 * @param subjects - the person of each row
 * @throws ConcordError `invalid-option` when there is not one subject per row; `too-little-data` with one site only.
 */
export function siteReliability(
  cohort: FeatureCohort,
  subjects: readonly string[],
): readonly FeatureReliability[] {
  requireCall('metrics.siteReliability', { cohort, subjects });
  const { participants, features } = cohort;
  const sites = siteNames(participants);
  if (subjects.length !== participants.ids.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid subjects: ${subjects.length} for ${participants.ids.length} rows (the person of each row is required)`,
    );
  }
  if (sites.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `only one site: "${sites[0]}" (reliability across sites requires two)`,
    );
  }
  const rowOf = new Map<string, number>();
  subjects.forEach((subject, row) => {
    const key = JSON.stringify([subject, participants.sites[row]]);
    if (!rowOf.has(key)) rowOf.set(key, row);
  });
  const people = [...new Set(subjects)];
  const width = features.features.length;
  return features.features.map((feature, column) => {
    const complete = people
      .map((subject) => sites.map((site) => rowOf.get(JSON.stringify([subject, site])) ?? -1))
      .map((rows) => rows.map((row) => (row < 0 ? NaN : features.values[row * width + column])))
      .filter((values) => values.every((value) => Number.isFinite(value)));
    const table = complete.flat();
    return {
      feature,
      subjects: complete.length,
      icc: complete.length < 2 ? NaN : intraclassCorrelation(table, sites.length),
      cov: complete.length < 1 ? NaN : coefficientOfVariation(table, sites.length),
    };
  });
}
