import { weightRows } from './banded-products';
import { dot } from './dot';
import { innerProducts } from './inner-products';
import { makeOrthonormal, makeUnit } from './make-orthonormal';
import type { StandardizedFeatures } from './principal-components';
import { symmetricEigenvectors } from './symmetric-eigenvectors';
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
 * Directions whose eigenvalues are at most so many times smaller than the first are at right angles as they come, since they are
 * off by rounding times that: 1e-13.
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
  const wide = x.columns > x.rows;
  const size = wide ? x.rows : x.columns;
  const total = dot(x.values, x.values);
  if (size < 1 || !(total > 0)) return { rotation: new Float64Array(0), explained: new Float64Array(0) };
  const { values, own } = leadingRows(x, wanted, total);
  const count = values.length;
  const rotation = new Float64Array(count * x.columns);
  if (wide) {
    // v = Xᵀu / σ; the smaller components lose some digits of being at right angles on the way.
    weightRows(own, x.values, {
      rows: x.rows,
      use: ({ first, size: band, values: part }) => {
        for (let k = 0; k < count; k++) {
          rotation.set(part.subarray(k * band, (k + 1) * band), k * x.columns + first);
        }
      },
    });
  } else rotation.set(own);
  const exact = wide && values[0] <= exactBelow * values[count - 1];
  if (exact) makeUnit(rotation, count);
  else makeOrthonormal(rotation, count);
  const signs = Float64Array.from({ length: count }, (_, k) =>
    makeLargestPositive(rotation.subarray(k * x.columns, (k + 1) * x.columns)),
  );
  return {
    rotation,
    explained: Float64Array.from({ length: count }, (_, k) => values[k] / total),
    scores: exact ? scoresOf(own, values, signs) : undefined,
  };
}

/**
 * The largest eigenvalues of the Gram matrix of the shorter side, and their unit eigenvectors, one a row. By itself, so that the
 * matrices on the way are not in memory beside the directions.
 */
function leadingRows(
  x: StandardizedFeatures,
  wanted: ComponentCount,
  total: number,
): { readonly values: readonly number[]; readonly own: Float64Array } {
  const wide = x.columns > x.rows;
  const size = wide ? x.rows : x.columns;
  const side = wide ? x.values : transpose(x.values, x.columns);
  const gram = innerProducts(side, side, wide ? x.columns : x.rows);
  const { values, vectors } = symmetricEigenvectors(gram, size, (all) =>
    'count' in wanted ? wanted.count : countFor(all, wanted.share * total),
  );
  const count = Math.min(vectors.length, values.filter((value) => value > rounding * values[0]).length);
  const own = new Float64Array(count * size);
  for (let k = 0; k < count; k++) own.set(vectors[k], k * size);
  return { values: values.slice(0, count), own };
}

/** Xv = σu: rows × components, of eigenvectors u of the rows. */
function scoresOf(own: Float64Array, values: readonly number[], signs: Float64Array): Float64Array {
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

/** Turns a direction so that its largest loading is positive. @returns −1 where it was turned, else 1 */
function makeLargestPositive(direction: Float64Array): number {
  let [largest, most] = [0, 0];
  for (let k = 0; k < direction.length; k++) {
    const length = Math.abs(direction[k]);
    if (length > most) [largest, most] = [direction[k], length];
  }
  if (largest >= 0) return 1;
  for (let k = 0; k < direction.length; k++) direction[k] = -direction[k];
  return -1;
}
