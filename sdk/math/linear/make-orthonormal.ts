import { weightRows } from './banded-products';
import { dot } from './dot';
import { innerProducts } from './inner-products';

/** Angles as small as this are left. */
const smallEnough = 1e-14;
/** Up to here the square of an angle is below rounding. */
const nearly = 1e-9;

/**
 * Makes the rows of a table unit vectors at right angles, in place: each keeps to the span of those up to it, as by Gram and
 * Schmidt. Rows that are so nearly already, such as computed eigenvectors, take two matrix products: with R Rᵀ = I + E, what the
 * inverse of its triangular factor is but for E².
 */
export function makeOrthonormal(table: Float64Array, rows: number): void {
  const width = table.length / rows;
  makeUnit(table, rows);
  const gram = innerProducts(table, table, width);
  const worst = largestAngle(gram, rows);
  if (worst <= smallEnough) return;
  if (worst > nearly) {
    oneByOne(table, rows);
    return;
  }
  weightRows(nearInverse(gram, rows), table, {
    rows,
    use: ({ first, size, values }) => {
      for (let row = 0; row < rows; row++) {
        table.set(values.subarray(row * size, (row + 1) * size), row * width + first);
      }
      return undefined;
    },
  });
}

// By themselves, since V8 gives up code that it made fast within a loop at the first thing behind it.

function largestAngle(gram: Float64Array, rows: number): number {
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) worst = Math.max(worst, Math.abs(gram[i * rows + j]));
  }
  return worst;
}

/** Of the triangular factor of I + E, but for E². */
function nearInverse(gram: Float64Array, rows: number): Float64Array {
  const weights = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    weights[i * rows + i] = (3 - gram[i * rows + i]) / 2;
    for (let j = 0; j < i; j++) weights[i * rows + j] = -gram[i * rows + j];
  }
  return weights;
}

/** Makes the rows of a table unit vectors, in place. */
function makeUnit(table: Float64Array, rows: number): void {
  const width = table.length / rows;
  for (let row = 0; row < rows; row++) toUnitLength(table.subarray(row * width, (row + 1) * width));
}

/** Gram and Schmidt, each row twice, since once leaves rounding. */
function oneByOne(table: Float64Array, rows: number): void {
  const width = table.length / rows;
  const at = (row: number): Float64Array => table.subarray(row * width, (row + 1) * width);
  for (let row = 0; row < rows; row++) {
    const own = at(row);
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < row; before++) {
        const other = at(before);
        const along = dot(own, other);
        for (let k = 0; k < width; k++) own[k] -= along * other[k];
      }
    }
    toUnitLength(own);
  }
}

/** Makes a vector a unit vector, in place. */
function toUnitLength(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  for (let k = 0; k < vector.length; k++) vector[k] /= length;
}
