import type { Participants } from '../../data/people/participants';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { dot } from '../../math/linear/dot';
import { innerProducts } from '../../math/linear/inner-products';
import { mean } from '../../math/statistics/moments';
import { hasNaN } from '../../math/statistics/has-nan';
import type { DistanceCorrelation } from '../audit';
import { personUnits } from './person-units';

/** Subjects as points: row-major, one row of `width` numbers each; `NaN` marks a missing one. */
export interface SubjectPoints {
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * Correlates, within each site, the Euclidean distances between every two scans of different persons before and after.
 * Two scans of one person do not count: that they are close says nothing of who is like whom. The mean counts each
 * site by its pairs; a site of fewer than three persons has no correlation, and one of which all persons were made alike has 0.
 *
 * With missing cells, a distance is the root mean square of the differences in what both have (as
 * `nan_euclidean_distances` of scikit-learn, but for a factor common to all pairs; Dixon 1979, IEEE Transactions on
 * Systems, Man and Cybernetics 9:617). Two scans with nothing in common have none.
 *
 * @param pointsOf - the points of the subjects at some rows, before and after
 * @throws ConcordError `aborted`.
 */
export async function withinSiteCorrelation(
  participants: Participants,
  pointsOf: (rows: readonly number[]) => readonly [before: SubjectPoints, after: SubjectPoints],
  run: RunOptions,
): Promise<DistanceCorrelation> {
  const { sites, persons } = participants;
  const perSite: { site: string; subjects: number; correlation: number }[] = [];
  let weighted = 0;
  let pairs = 0;
  for (const site of siteNames(participants)) {
    await breathe(run.signal);
    const rows = [...sites.keys()].filter((row) => sites[row] === site);
    const who = rows.map((row) => persons[row]);
    const tooFew = new Set(who).size < 3;
    const { correlation, count } = tooFew ? noCorrelation : correlationOf(pointsOf(rows), who);
    perSite.push({ site, subjects: rows.length, correlation });
    if (Number.isNaN(correlation)) continue;
    weighted += count * correlation;
    pairs += count;
  }
  return { perSite, mean: weighted / pairs };
}

interface PairCorrelation {
  readonly correlation: number;
  /** How many pairs it rests on. */
  readonly count: number;
}

const noCorrelation: PairCorrelation = { correlation: NaN, count: 0 };

function correlationOf(
  [before, after]: readonly [SubjectPoints, SubjectPoints],
  persons: readonly string[],
): PairCorrelation {
  const x = pairDistances(before);
  const y = pairDistances(after);
  const count = keepPairs(x, y, personUnits(persons).codes);
  if (count < 3) return noCorrelation;
  return { correlation: pearson(x.subarray(0, count), y.subarray(0, count)), count };
}

/** Moves the distances of different persons, where both are known, to the front; how many there are. */
function keepPairs(x: Float64Array, y: Float64Array, persons: Int32Array): number {
  let at = 0;
  let count = 0;
  for (let i = 1; i < persons.length; i++) {
    for (let j = 0; j < i; j++, at++) {
      // What is not known is unlike itself.
      if (persons[i] === persons[j] || x[at] !== x[at] || y[at] !== y[at]) continue;
      x[count] = x[at];
      y[count++] = y[at];
    }
  }
  return count;
}

/** The distance of every two points, pairs in order (1, 0), (2, 0), (2, 1), … */
function pairDistances(points: SubjectPoints): Float64Array {
  const n = points.values.length / points.width;
  const distances = new Float64Array((n * (n - 1)) / 2);
  if (!hasNaN(points.values)) {
    distancesFromProducts(distances, innerProducts(points.values, points.values, points.width), n);
    return distances;
  }
  const squared = meanSquares(points);
  let at = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) distances[at++] = Math.sqrt(Math.max(squared(i, j), 0));
  }
  return distances;
}

type PairFigure = (i: number, j: number) => number;

function distancesFromProducts(distances: Float64Array, products: Float64Array, n: number): void {
  for (let i = 1, at = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const squared = products[i * n + i] + products[j * n + j] - 2 * products[i * n + j];
      distances[at++] = Math.sqrt(Math.max(squared, 0));
    }
  }
}

/** Σ (x − y)² = Σ x²·present(y) + Σ y²·present(x) − 2 Σ x·y with zeros for missing cells, over the number both have. */
function meanSquares({ values, width }: SubjectPoints): PairFigure {
  const present = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  const filled = values.map((value) => (Number.isNaN(value) ? 0 : value));
  const products = innerProducts(filled, filled, width);
  const squares = innerProducts(
    filled.map((value) => value * value),
    present,
    width,
  );
  const counts = innerProducts(present, present, width);
  const n = values.length / width;
  return (i, j) => (squares[i * n + j] + squares[j * n + i] - 2 * products[i * n + j]) / counts[i * n + j];
}

/**
 * Pearson's correlation of distances before and after. Where those before do not vary there is none, `NaN`; where those after do
 * not, as between persons who were all made alike, nothing of who is like whom is left, which is 0. What is given becomes
 * deviations from the mean.
 */
function pearson(before: Float64Array, after: Float64Array): number {
  const meanBefore = mean(before);
  const meanAfter = mean(after);
  for (let i = 0; i < before.length; i++) {
    before[i] -= meanBefore;
    after[i] -= meanAfter;
  }
  const [own, other] = [dot(before, before), dot(after, after)];
  return own > 0 && !(other > 0) ? 0 : dot(before, after) / Math.sqrt(own * other);
}
