import type { FeatureMatrix } from '../../data/feature-matrix';
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
  const groups = new Map<string, number[]>();
  missing.forEach((positions, feature) => {
    const key = positions.join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [feature]);
    else group.push(feature);
  });
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
  rows.forEach((row, i) => {
    for (let f = 0; f < count; f++) {
      const value = matrix.values[row * width + features[f]];
      values[i * count + f] = value;
      sums[f] += value;
      raw[f] += value * value;
    }
  });
  for (let i = 0; i < rows.length; i++) {
    for (let f = 0; f < count; f++) values[i * count + f] -= sums[f] / rows.length;
  }
  return { values, features, raw };
}

/** Per feature, the sum of squares along the directions of a basis. */
export function gains(values: Float64Array, basis: readonly BasisVector[], count: number): Float64Array {
  const total = new Float64Array(count);
  for (const { direction } of basis) {
    project(values, direction, count).forEach((product, f) => (total[f] += product * product));
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
  for (const { direction } of basis) {
    const products = project(rest, direction, count);
    for (let i = 0, at = 0; i < direction.length; i++) {
      const length = direction[i];
      for (let f = 0; f < count; f++) rest[at++] -= length * products[f];
    }
  }
  return rest;
}

function project(values: Float64Array, direction: Float64Array, count: number): Float64Array {
  const products = new Float64Array(count);
  for (let i = 0, at = 0; i < direction.length; i++) {
    const length = direction[i];
    for (let f = 0; f < count; f++) products[f] += values[at++] * length;
  }
  return products;
}

/** The sum of squares of every feature. */
export function sumsOfSquares(values: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let at = 0, f = 0; at < values.length; at++) {
    sums[f] += values[at] * values[at];
    if (++f === count) f = 0;
  }
  return sums;
}
