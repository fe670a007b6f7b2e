import type { Participants } from '../data/participants';
import { siteNames } from '../data/participants';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { innerProducts } from '../math/inner-products';
import type { DistanceCorrelation } from './audit';

/** Subjects as points: row-major, one row of `width` numbers each. */
export interface SubjectPoints {
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * Correlates, within each site, the Euclidean distances between every two subjects before and after. The mean counts
 * each site by its pairs; a site of fewer than three subjects has no correlation.
 *
 * @param pointsOf - the points of the subjects at some rows, before and after
 * @throws ConcordError `aborted`.
 */
export async function withinSiteCorrelation(
  participants: Participants,
  pointsOf: (rows: readonly number[]) => readonly [before: SubjectPoints, after: SubjectPoints],
  run: RunOptions,
): Promise<DistanceCorrelation> {
  const { sites } = participants;
  const perSite: { site: string; subjects: number; correlation: number }[] = [];
  let weighted = 0;
  let pairs = 0;
  for (const site of siteNames(participants)) {
    await breathe(run.signal);
    const rows = [...sites.keys()].filter((row) => sites[row] === site);
    const correlation = rows.length < 3 ? NaN : correlationOf(pointsOf(rows));
    perSite.push({ site, subjects: rows.length, correlation });
    if (Number.isNaN(correlation)) continue;
    const count = (rows.length * (rows.length - 1)) / 2;
    weighted += count * correlation;
    pairs += count;
  }
  return { perSite, mean: weighted / pairs };
}

function correlationOf([before, after]: readonly [SubjectPoints, SubjectPoints]): number {
  return pearson(pairDistances(before), pairDistances(after));
}

/** The distance of every two points, pairs in order (1, 0), (2, 0), (2, 1), … */
function pairDistances({ values, width }: SubjectPoints): Float64Array {
  const products = innerProducts(values, values, width);
  const n = values.length / width;
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
function pearson(x: Float64Array, y: Float64Array): number {
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
