import { cubicBSplines, curvatureProducts } from '../../math/splines/cubic-b-splines';
import { quantile } from '../../math/statistics/quantiles';
import { sortFloats } from '../../math/statistics/sort-floats';

/**
 * Which curves a smooth is made of. `p-spline`: equally spaced cubic B-splines whose second differences are penalized, as
 * R's `mgcv::s(x, bs = "ps", k = 10)` with ten of them. `neuroharmonize`: cubic B-splines with knots at quantiles whose curvature is penalized,
 * as neuroHarmonize has them through statsmodels.
 */
export type SmoothBasis = 'p-spline' | 'neuroharmonize';

/** The curves of one smooth, and the penalty on their coefficients. */
export interface BasisShape {
  readonly basis: SmoothBasis;
  /** All knots of the B-splines, ascending. */
  readonly knots: readonly number[];
  /** `p-spline`: the mean of each B-spline over the scans fitted on, which the columns made of them do not have. */
  readonly centers: readonly number[];
}

/** B-splines of a curve, unless it says otherwise. */
export const usualSplines = 10;
/** Of fewer, second differences are too few to be penalized as mgcv does. */
export const fewestSplines = 5;
/** A design of more columns for each curve is slow, and no smoother. */
export const mostSplines = 40;

/** How many B-splines there are on some knots, before any constraint. */
export function splinesOn(knots: ArrayLike<number>): number {
  return knots.length - 4;
}

/** Columns of the design that a smooth makes. */
export function smoothColumns({ knots }: Pick<BasisShape, 'knots'>): number {
  return splinesOn(knots) - 1;
}

/** Columns of the design that several smooths make. */
export function columnsOfSmooths(smooths: readonly Pick<BasisShape, 'knots'>[]): number {
  return smooths.reduce((sum, smooth) => sum + smoothColumns(smooth), 0);
}

/** How many columns of each smooth do not bend: one, the straight line, which the penalty does not see. */
export const straightColumns = 1;

/**
 * Places the knots.
 *
 * @param values - where the covariate is, one per scan
 * @param bounds - what the inner knots are to cover at least
 * @param splines - how many B-splines they are of
 * @returns all of them, ascending: four more than B-splines
 */
export function placeKnots(
  values: Float64Array,
  {
    basis,
    bounds,
    splines = usualSplines,
  }: {
    readonly basis: SmoothBasis;
    readonly bounds?: readonly [number, number];
    readonly splines?: number;
  },
): readonly number[] {
  const sorted = sortFloats(values.slice());
  const low = Math.min(sorted[0], bounds?.[0] ?? Infinity);
  const high = Math.max(sorted[sorted.length - 1], bounds?.[1] ?? -Infinity);
  if (basis === 'neuroharmonize') {
    const inner = Array.from({ length: splines - 4 }, (_, i) => quantile(sorted, (i + 1) / (splines - 3)));
    return [low, low, low, low, ...inner, high, high, high, high];
  }
  const margin = 0.001 * (high - low);
  return spacedKnots([low - margin, high + margin], splines);
}

/** Equally spaced knots of that many B-splines: all, given the first and the last inner one. */
export function spacedKnots(
  [first, last]: readonly [number, number],
  splines: number = usualSplines,
): readonly number[] {
  const step = (last - first) / (splines - 3);
  return Array.from({ length: splines + 4 }, (_, i) => first + (i - 3) * step);
}

/** The curves on some knots, for the scans that they are fitted on. */
export function basisOn(knots: readonly number[], values: Float64Array, basis: SmoothBasis): BasisShape {
  return { basis, knots, centers: basis === 'p-spline' ? columnMeans(values, knots) : [] };
}

function columnMeans(values: Float64Array, knots: readonly number[]): readonly number[] {
  const means = new Array<number>(splinesOn(knots)).fill(0);
  for (const value of values) cubicBSplines(knots, value).forEach((b, i) => (means[i] += b / values.length));
  return means;
}

/** The columns of a smooth at a value: {@link smoothColumns} numbers. */
export function basisAt(shape: BasisShape, value: number): Float64Array {
  return basisOf(shape, cubicBSplines(shape.knots, value));
}

/** The same, given the B-splines there, or any sum of them over scans. */
export function basisOf({ basis, centers }: BasisShape, all: Float64Array): Float64Array {
  return basis === 'neuroharmonize' ? all.subarray(1) : constrained(all, centers);
}

/** The penalty on the coefficients of these columns: {@link smoothColumns} squared, row-major. */
export function basisPenalty({ basis, knots, centers }: BasisShape): Float64Array {
  if (basis === 'neuroharmonize') {
    // (XᵀX + 2αP): statsmodels' α counts twice.
    const products = curvatureProducts(knots).map((value) => 2 * value);
    return constrainBoth(products, (row) => row.subarray(1));
  }
  return constrainBoth(secondDifferences(splinesOn(knots)), (row) => constrained(row, centers));
}

/** D₂ᵀ D₂ / 16, as mgcv scales it. */
function secondDifferences(splines: number): Float64Array {
  const products = new Float64Array(splines * splines);
  for (let k = 0; k + 2 < splines; k++) {
    [1, -2, 1].forEach((a, i) => {
      [1, -2, 1].forEach((b, j) => (products[(k + i) * splines + k + j] += (a * b) / 16));
    });
  }
  return products;
}

/** Qᵀ S Q, given how a row is multiplied by Q. */
function constrainBoth(square: Float64Array, byQ: (row: Float64Array) => Float64Array): Float64Array {
  const splines = Math.sqrt(square.length);
  const columns = splines - 1;
  const half = Array.from({ length: splines }, (_, i) =>
    byQ(square.subarray(i * splines, (i + 1) * splines)),
  );
  const result = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) {
    byQ(Float64Array.from(half, (row) => row[j])).forEach((value, i) => (result[i * columns + j] = value));
  }
  return result;
}

/**
 * A row times Q, an orthonormal basis of what is at right angles to `centers`: all but the first column of the reflection
 * that takes `centers` to the first axis. Columns of the design then have mean 0.
 */
function constrained(row: Float64Array, centers: readonly number[]): Float64Array {
  const length = Math.sqrt(centers.reduce((sum, value) => sum + value * value, 0));
  const mirror = centers.map((value, i) => (i === 0 ? value + length : value));
  const squares = mirror.reduce((sum, value) => sum + value * value, 0);
  const along = mirror.reduce((sum, value, i) => sum + value * row[i], 0);
  return row.map((value, i) => value - (2 * along * mirror[i]) / squares).subarray(1);
}
