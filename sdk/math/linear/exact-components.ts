import { weightRows } from './banded-products';
import { innerProducts } from './inner-products';
import { makeOrthonormal } from './make-orthonormal';
import type { StandardizedFeatures } from './principal-components';
import type { UseOfBand } from './products-by-kernels';
import { symmetricEigenvectors } from './symmetric-eigenvectors';
import { copyColumns } from '../wasm/copy-columns';
import { transpose } from './transpose';

/** How many components: so many, or the first whose shares of the variance together exceed one. */
export type ComponentCount = { readonly count: number } | { readonly share: number };

/** Principal components: fewer than asked for where the table has no more. */
export interface ExactComponents {
  /** Unit directions at right angles, each with its largest loading positive: components × columns. */
  readonly rotation: Float64Array;
  /** Share of the total variance along each component. */
  readonly explained: Float64Array;
  /** Rows × components, where they are known already: what products of the table and the directions would give. */
  readonly scores?: Float64Array;
}

/**
 * Directions whose eigenvalues are at most so many times smaller than the first are unit vectors at right angles as they come, since they
 * are off by rounding times that: 1e-13.
 */
const exactBelow = 400;

/** An eigenvalue this much smaller than the first is rounding: the table has no component there. */
const rounding = 1e-13;

/**
 * Finds the first principal components exactly, from all eigenvalues of the Gram matrix: as many as are asked for, or the
 * fewest whose shares of the variance together exceed `share`. As exact in the last as in the first, where
 * `principalComponents` iterates for large tables; the cost is cubic in the smaller side of the table, but eigenvectors
 * are computed of those components only. Beside the table there is memory for the directions, and little else.
 */
export function exactComponents(x: StandardizedFeatures, wanted: ComponentCount): ExactComponents {
  const { values, rows, columns } = x;
  if (columns > rows) {
    const axes = gramAxes(innerProducts(values, values, columns), rows, wanted);
    return componentsOfRows(axes, columns, (weights, use) => {
      weightRows(weights, values, { rows, use });
    });
  }
  const side = transpose(values, columns);
  const axes = gramAxes(innerProducts(side, side, rows), columns, wanted);
  const rotation = axes.vectors;
  makeOrthonormal(rotation, axes.values.length);
  rowsOf(rotation, columns).forEach(makeLargestPositive);
  return { rotation, explained: axes.explained };
}

/** The largest eigenvalues of a Gram matrix. */
export interface GramAxes {
  readonly values: readonly number[];
  /** Unit eigenvectors, one a row. */
  readonly vectors: Float64Array;
  /** The share of each in the sum of all eigenvalues. */
  readonly explained: Float64Array;
}

/** The eigenvectors that are wanted of a Gram matrix, size × size; none where there is nothing but zeros. */
export function gramAxes(gram: Float64Array, size: number, wanted: ComponentCount): GramAxes {
  let total = 0;
  for (let i = 0; i < size; i++) total += gram[i * (size + 1)];
  if (!(total > 0)) return { values: [], vectors: new Float64Array(0), explained: new Float64Array(0) };
  const found = symmetricEigenvectors(gram, size, (all) =>
    'count' in wanted ? wanted.count : countFor(all, wanted.share * total),
  );
  const values = found.values.filter((value) => value > rounding * found.values[0]);
  const vectors = new Float64Array(values.length * size);
  values.forEach((_, k) => {
    vectors.set(found.vectors[k], k * size);
  });
  return { values, vectors, explained: Float64Array.from(values, (value) => value / total) };
}

/**
 * The components of a table with more columns than rows, X, which need not be in memory.
 *
 * @param axes - of the Gram matrix of its rows
 * @param weigh - makes sums of its rows with weights (components × rows), band by band of columns
 */
export function componentsOfRows(
  { values, vectors, explained }: GramAxes,
  columns: number,
  weigh: (weights: Float64Array, use: UseOfBand) => void,
): ExactComponents {
  const count = values.length;
  const rotation = new Float64Array(count * columns);
  if (count === 0) return { rotation, explained };
  // v = Xᵀu / σ; the smaller components lose some digits of being at right angles on the way.
  const weights = vectors.slice();
  rowsOf(weights, vectors.length / count).forEach((own, k) => {
    divideBy(own, Math.sqrt(values[k]));
  });
  weigh(weights, ({ first, size: width, values: data }) => () => {
    const from = { data, stride: width, offset: 0 };
    copyColumns(from, { data: rotation, stride: columns, offset: first }, { rows: count, width });
  });
  const exact = values[0] <= exactBelow * values[count - 1];
  if (!exact) makeOrthonormal(rotation, count);
  const signs = rowsOf(rotation, columns).map(makeLargestPositive);
  return { rotation, explained, scores: exact ? scoresOf(vectors, values, signs) : undefined };
}

function rowsOf(table: Float64Array, width: number): readonly Float64Array[] {
  return Array.from({ length: table.length / width }, (_, row) =>
    table.subarray(row * width, (row + 1) * width),
  );
}

/** Xv = σu: rows × components, of eigenvectors u of the rows. */
function scoresOf(own: Float64Array, values: readonly number[], signs: readonly number[]): Float64Array {
  const count = signs.length;
  const size = own.length / count;
  const scores = new Float64Array(own.length);
  for (let k = 0; k < count; k++) {
    const length = signs[k] * Math.sqrt(values[k]);
    for (let row = 0; row < size; row++) scores[row * count + k] = length * own[k * size + row];
  }
  return scores;
}

/** How many of the first values together exceed a sum. */
function countFor(values: readonly number[], sum: number): number {
  let so = 0;
  const last = values.findIndex((value) => (so += value) > sum);
  return last === -1 ? values.length : last + 1;
}

function divideBy(vector: Float64Array, length: number): void {
  for (let k = 0; k < vector.length; k++) vector[k] /= length;
}

/** Turns a direction so that its largest loading is positive. @returns −1 where it was turned, else 1 */
function makeLargestPositive(direction: Float64Array): number {
  if (largestLoading(direction) >= 0) return 1;
  for (let k = 0; k < direction.length; k++) direction[k] = -direction[k];
  return -1;
}

/** By itself, since V8 gives up code that it made fast within a loop at the first thing behind it. */
function largestLoading(direction: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < direction.length; k++) {
    if (Math.abs(direction[k]) > Math.abs(largest)) largest = direction[k];
  }
  return largest;
}
