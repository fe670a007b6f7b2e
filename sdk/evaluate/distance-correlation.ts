import { takeSubjects } from '../data/cohort';
import type { FeatureCohort } from '../data/cohort';
import { siteNames } from '../data/participants';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { innerProducts } from '../math/inner-products';
import type { DistanceCorrelation } from './audit';
import { applyScaling, fitScaling } from './scaling';

/**
 * Correlates, within each site, the distances between every two subjects before and after: whether those who were
 * alike stay alike. Distances are Euclidean over features standardized by means and deviations of `before`, missing
 * cells filled with its medians.
 *
 * @param before - and `after`: the same subjects and features in the same order
 */
export async function distanceCorrelation(
  before: FeatureCohort,
  after: FeatureCohort,
  run: RunOptions = {},
): Promise<DistanceCorrelation> {
  const scaling = fitScaling(before.features);
  const width = before.features.features.length;
  const perSite: { site: string; subjects: number; correlation: number }[] = [];
  let weighted = 0;
  let pairs = 0;
  for (const site of siteNames(before.participants)) {
    await breathe(run.signal);
    const rows = [...before.participants.sites.keys()].filter(
      (row) => before.participants.sites[row] === site,
    );
    const correlation =
      rows.length < 3
        ? NaN
        : pearson(
            ...([before, after].map((cohort) =>
              pairDistances(applyScaling(scaling, takeSubjects(cohort, rows).features), width),
            ) as [Float64Array, Float64Array]),
          );
    perSite.push({ site, subjects: rows.length, correlation });
    if (Number.isNaN(correlation)) continue;
    const count = (rows.length * (rows.length - 1)) / 2;
    weighted += count * correlation;
    pairs += count;
  }
  return { perSite, mean: weighted / pairs };
}

/** The distance of every two rows of a matrix of that many columns, pairs in order (1, 0), (2, 0), (2, 1), … */
export function pairDistances(scaled: Float64Array, width: number): Float64Array {
  const products = innerProducts(scaled, scaled, width);
  const n = scaled.length / width;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const squared = products[i * n + i] + products[j * n + j] - 2 * products[i * n + j];
      distances[at++] = Math.sqrt(Math.max(squared, 0));
    }
  }
  return distances;
}

/** Pearson's correlation; `NaN` when one side does not vary. */
export function pearson(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const meanX = x.reduce((sum, value) => sum + value, 0) / n;
  const meanY = y.reduce((sum, value) => sum + value, 0) / n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}
