import type { FeatureMatrix } from '../../data/feature-matrix';
import { rowsBy } from '../../data/group-by';
import { addMultiple } from '../../math/linear/add-multiple';
import type { BasisVector } from '../../math/linear/orthonormal-basis';

/** Features that lack the same cells, and the positions (in the design's rows) where they have a value. */
export function groupByMissing(
  matrix: FeatureMatrix,
  rows: Int32Array,
): readonly { readonly positions: Int32Array; readonly features: readonly number[] }[] {
  const width = matrix.features.length;
  const missing = matrix.features.map((): number[] => []);
  rows.forEach((row, at) => {
    for (let k = 0; k < width; k++) if (Number.isNaN(matrix.values[row * width + k])) missing[k].push(at);
  });
  const groups = rowsBy(missing.map((positions) => positions.join(' ')));
  return [...groups.values()].map((features) => {
    const lacking = new Set(missing[features[0]]);
    const positions = Int32Array.from(rows.keys()).filter((at) => !lacking.has(at));
    return { positions, features };
  });
}

/** Some features of some subjects: subjects × features, row-major, each feature centered on its mean. */
export interface CenteredBlock {
  readonly values: Float64Array;
  readonly features: readonly number[];
  /** Sum of squares before centering, per feature. */
  readonly raw: Float64Array;
}

/** Copies features out of a table, for subjects that have them. */
export function gatherBlock(
  matrix: FeatureMatrix,
  rows: Int32Array,
  features: readonly number[],
): CenteredBlock {
  const width = matrix.features.length;
  const count = features.length;
  const values = new Float64Array(rows.length * count);
  const sums = new Float64Array(count);
  const raw = new Float64Array(count);
  const places = Int32Array.from(features);
  for (let i = 0; i < rows.length; i++) {
    const to = i * count;
    pick(values, matrix.values, { to, from: rows[i] * width, places });
    addMultiple(sums, values, { to: 0, from: to, count, weight: 1 });
    addSquares(raw, values, to);
  }
  const means = sums.map((sum) => sum / rows.length);
  for (let i = 0; i < rows.length; i++)
    addMultiple(values, means, { to: i * count, from: 0, count, weight: -1 });
  return { values, features, raw };
}

/** Copies values at some places of a row. */
function pick(
  target: Float64Array,
  values: Float64Array,
  { to, from, places }: { readonly to: number; readonly from: number; readonly places: Int32Array },
): void {
  for (let f = 0; f < places.length; f++) target[to + f] = values[from + places[f]];
}

/** Adds the squares of a row. */
function addSquares(sums: Float64Array, values: Float64Array, from: number): void {
  for (let f = 0; f < sums.length; f++) sums[f] += values[from + f] * values[from + f];
}

/** Per feature, the sum of squares along the directions of a basis. */
export function gains(values: Float64Array, basis: readonly BasisVector[], count: number): Float64Array {
  const total = new Float64Array(count);
  let at = 0;
  // Two directions at once: reading the values costs more than the arithmetic.
  for (; at + 1 < basis.length; at += 2) {
    const [own, other] = projectOnTwo(values, [basis[at].direction, basis[at + 1].direction], count);
    for (let f = 0; f < count; f++) {
      total[f] += own[f] * own[f];
      total[f] += other[f] * other[f];
    }
  }
  if (at < basis.length) {
    project(values, basis[at].direction, count).forEach((product, f) => (total[f] += product * product));
  }
  return total;
}

/** Per feature, the sum of squares along directions that some rows have. */
export function gainsOfRows(
  values: Float64Array,
  { rows, directions }: { readonly rows: Int32Array; readonly directions: readonly Float64Array[] },
  count: number,
): Float64Array {
  const total = new Float64Array(count);
  for (const direction of directions) {
    const products = new Float64Array(count);
    rows.forEach((row, i) => {
      addMultiple(products, values, { to: 0, from: row * count, count, weight: direction[i] });
    });
    addSquares(total, products, 0);
  }
  return total;
}

/** Per feature, the regression coefficient of a column given all that its direction is orthogonal to. */
export function coefficients(values: Float64Array, column: BasisVector, count: number): Float64Array {
  return project(values, column.direction, count).map((product) => product / column.length);
}

/** What is left of every feature beside the directions of a basis. */
export function withoutBasis(
  values: Float64Array,
  basis: readonly BasisVector[],
  count: number,
): Float64Array {
  const rest = Float64Array.from(values);
  if (basis.length === 0) return rest;
  let products = project(rest, basis[0].direction, count);
  for (let k = 0; k < basis.length; k++) {
    const { direction } = basis[k];
    if (k + 1 === basis.length) {
      for (let i = 0; i < direction.length; i++)
        addMultiple(rest, products, { to: i * count, from: 0, count, weight: -direction[i] });
    } else products = takeAndProject(rest, { direction, products, next: basis[k + 1].direction });
  }
  return rest;
}

/** Takes out what is along a direction, and returns what is then along the next one: on one way through the values. */
function takeAndProject(
  rest: Float64Array,
  {
    direction,
    products,
    next,
  }: { readonly direction: Float64Array; readonly products: Float64Array; readonly next: Float64Array },
): Float64Array {
  const count = products.length;
  const along = new Float64Array(count);
  for (let i = 0; i < direction.length; i++) {
    const row = i * count;
    addMultiple(rest, products, { to: row, from: 0, count, weight: -direction[i] });
    addMultiple(along, rest, { to: 0, from: row, count, weight: next[i] });
  }
  return along;
}

function projectOnTwo(
  values: Float64Array,
  [first, second]: readonly [Float64Array, Float64Array],
  count: number,
): readonly [Float64Array, Float64Array] {
  const own = new Float64Array(count);
  const other = new Float64Array(count);
  for (let i = 0, at = 0; i < first.length; i++) {
    const length = first[i];
    const otherLength = second[i];
    for (let f = 0; f < count; f++) {
      const value = values[at++];
      own[f] += value * length;
      other[f] += value * otherLength;
    }
  }
  return [own, other];
}

function project(values: Float64Array, direction: Float64Array, count: number): Float64Array {
  const products = new Float64Array(count);
  for (let i = 0; i < direction.length; i++)
    addMultiple(products, values, { to: 0, from: i * count, count, weight: direction[i] });
  return products;
}

/** The sum of squares of every feature. */
export function sumsOfSquares(values: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let from = 0; from < values.length; from += count) addSquares(sums, values, from);
  return sums;
}
