import { takeSubjects } from '../../data/cohort';
import type { FeatureCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { DistanceCorrelation } from '../audit';
import { fitScaling, standardizePresent } from '../splits/scaling';
import type { SubjectPoints } from './within-site-correlation';
import { withinSiteCorrelation } from './within-site-correlation';

/**
 * Correlates, within each site, the distances between every two subjects before and after: whether those who were
 * alike stay alike. Distances are Euclidean over features standardized by means and deviations of `before`, between scans
 * of different persons, and with missing cells over the features that both have.
 *
 * @param after - the subjects and features of `before`, in the same order
 */
export async function distanceCorrelation(
  before: FeatureCohort,
  after: FeatureCohort,
  run: RunOptions = {},
): Promise<DistanceCorrelation> {
  const scaling = fitScaling(before.features);
  const width = before.features.features.length;
  const pointsOf = (cohort: FeatureCohort, rows: readonly number[]): SubjectPoints => ({
    values: standardizePresent(scaling, takeSubjects(cohort, rows).features),
    width,
  });
  return withinSiteCorrelation(
    before.participants,
    (rows) => [pointsOf(before, rows), pointsOf(after, rows)],
    run,
  );
}
