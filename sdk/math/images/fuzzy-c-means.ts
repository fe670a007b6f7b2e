import { ConcordError } from '../../errors';
import type { ValueBins } from '../statistics/value-bins';
import { binValues } from '../statistics/value-bins';

/** Options of {@link fuzzyCMeans}. */
export interface FuzzyCMeansOptions {
  /**
   * How many classes.
   *
   * @defaultValue 3
   */
  readonly classes?: number;
  /**
   * How much classes overlap: m in Bezdek's equations, above 1.
   *
   * @defaultValue 2
   */
  readonly fuzziness?: number;
  /** @defaultValue 200 */
  readonly maxIterations?: number;
  /**
   * Stop when no center moves by more than this share of the range of the values.
   *
   * @defaultValue 1e-6
   */
  readonly tolerance?: number;
}

/** The centers of {@link FuzzyCMeans}. */
export interface FuzzyCenters {
  /** The centers of the classes, ascending. */
  readonly centers: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Classes that values belong to in part. */
export interface FuzzyCMeans extends FuzzyCenters {
  /** Values × classes, class fastest: how far each value belongs to each class; the classes of a value sum to 1. */
  readonly memberships: Float32Array;
}

/**
 * Sorts values into classes with graded membership: fuzzy c-means (Bezdek, Ehrlich & Full 1984, "FCM: the fuzzy
 * c-means clustering algorithm", Computers & Geosciences 10:191), which minimizes Σᵢ Σₖ uᵢₖᵐ (xᵢ − cₖ)² over the
 * centers c and the memberships u. It starts from evenly spaced quantiles, so the same values give the same result.
 *
 * The iterations run on the values binned into 65,536 bins, each at its own mean: the cost hardly grows with the
 * number of values and the centers agree with those of the single values to about a millionth of their range.
 *
 * @param values - finite numbers, at least as many distinct ones as classes
 * @throws ConcordError `invalid-option` on an option out of range, `invalid-number` on a value that is not finite,
 * `too-little-data` with fewer distinct values than classes.
 */
export function fuzzyCMeans(values: ArrayLike<number>, options: FuzzyCMeansOptions = {}): FuzzyCMeans {
  const { classes = 3, fuzziness = 2 } = options;
  const found = fuzzyCenters(values, options);
  const memberships = new Float32Array(values.length * classes);
  const own = new Float64Array(classes);
  for (let i = 0, at = 0; i < values.length; i++) {
    membership(values[i], found.centers, fuzziness, own);
    for (let k = 0; k < classes; k++) memberships[at++] = own[k];
  }
  return { ...found, memberships };
}

/** The centers of {@link fuzzyCMeans} alone, for which the single values need not be looked at again. */
export function fuzzyCenters(values: ArrayLike<number>, options: FuzzyCMeansOptions = {}): FuzzyCenters {
  const { classes = 3, fuzziness = 2, maxIterations = 200, tolerance = 1e-6 } = options;
  requireOptions(classes, fuzziness, maxIterations);
  const bins = binValues(values);
  if (bins.centers.length < classes) {
    throw new ConcordError(
      'too-little-data',
      `too few distinct values for ${classes} classes: ${bins.centers.length}`,
    );
  }
  let centers = initialCenters(bins, classes);
  const range = bins.centers[bins.centers.length - 1] - bins.centers[0];
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    const next = movedCenters(bins, centers, fuzziness);
    converged = next.every((center, k) => Math.abs(center - centers[k]) <= tolerance * range);
    centers = next;
    iterations++;
  }
  centers.sort();
  return { centers, iterations, converged };
}

function requireOptions(classes: number, fuzziness: number, maxIterations: number): void {
  if (!(Number.isInteger(classes) && classes >= 2)) {
    throw new ConcordError('invalid-option', `invalid classes: ${classes} (a whole number from 2)`);
  }
  if (!(fuzziness > 1 && Number.isFinite(fuzziness))) {
    throw new ConcordError('invalid-option', `invalid fuzziness: ${fuzziness} (a number above 1)`);
  }
  if (!(maxIterations >= 1)) {
    throw new ConcordError('invalid-option', `invalid maxIterations: ${maxIterations} (a number from 1)`);
  }
}

/** The quantiles at the middles of as many equal shares as there are classes; different ones, whatever the ties. */
function initialCenters({ centers, counts, total }: ValueBins, classes: number): Float64Array {
  const start = new Float64Array(classes);
  let bin = 0;
  let below = counts[0];
  let lowest = 0;
  for (let k = 0; k < classes; k++) {
    while (below < ((k + 0.5) / classes) * total) below += counts[++bin];
    // Leaves room for the classes still to come, and takes no bin twice.
    const chosen = Math.min(Math.max(bin, lowest), centers.length - (classes - k));
    start[k] = centers[chosen];
    lowest = chosen + 1;
  }
  return start;
}

/** Each center at the mean of all values, weighted by memberships to the power of the fuzziness. */
function movedCenters(bins: ValueBins, centers: Float64Array, fuzziness: number): Float64Array {
  const own = new Float64Array(centers.length);
  const sums = new Float64Array(centers.length);
  const weights = new Float64Array(centers.length);
  for (let bin = 0; bin < bins.centers.length; bin++) {
    const value = bins.centers[bin];
    membership(value, centers, fuzziness, own);
    for (let k = 0; k < own.length; k++) {
      const weight = bins.counts[bin] * (fuzziness === 2 ? own[k] * own[k] : own[k] ** fuzziness);
      sums[k] += weight * value;
      weights[k] += weight;
    }
  }
  return sums.map((sum, k) => sum / weights[k]);
}

/** Writes how far a value belongs to each class into `out`: uₖ ∝ |x − cₖ|^(−2 / (m − 1)). */
function membership(value: number, centers: Float64Array, fuzziness: number, out: Float64Array): void {
  let nearest = Infinity;
  for (let k = 0; k < centers.length; k++) nearest = Math.min(nearest, (value - centers[k]) ** 2);
  let sum = 0;
  for (let k = 0; k < centers.length; k++) {
    const squared = (value - centers[k]) ** 2;
    // Relative to the nearest center, so that no power overflows; at a center itself the value belongs there alone.
    const ratio = squared === 0 ? 1 : nearest / squared;
    out[k] = fuzziness === 2 ? ratio : ratio ** (1 / (fuzziness - 1));
    sum += out[k];
  }
  for (let k = 0; k < centers.length; k++) out[k] /= sum;
}
