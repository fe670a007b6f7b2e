import { cholesky, solveLower, solveLowerTransposed } from '../linear/cholesky';
import type { MixedDesign } from './mixed-design';
import { pairsOf } from './mixed-design';

/** A covariance of random effects in units of the residual variance, by pairs: one number, or three with slopes. */
export type EffectCovariance = readonly number[];

/** What a covariance makes of a design, the same for all features: with D the covariance and S = ZᵀZ of a person. */
export interface MixedState {
  readonly covariance: EffectCovariance;
  /** For each group M = D (I + SD)⁻¹, by pairs: V⁻¹ = I − Z M Zᵀ. */
  readonly shrink: readonly Float64Array[];
  /** For each group K = (I + SD)⁻¹, effects × effects. */
  readonly keep: readonly Float64Array[];
  /** (XᵀV⁻¹X)⁻¹, for the orthonormal X: basis × basis. */
  readonly inverse: Float64Array;
  /** log|V| + log|XᵀV⁻¹X|. */
  readonly logDeterminants: number;
  /** For each group, Σ persons of (I + SD)⁻¹ S by pairs: the derivative of log|V|. */
  readonly slopes: readonly Float64Array[];
  /** For each group and pair, the product of its gram with the inverse. */
  readonly traces: readonly Float64Array[];
}

/** @returns `undefined` where XᵀV⁻¹X is singular: no covariance of persons is that large */
export function mixedState(design: MixedDesign, covariance: EffectCovariance): MixedState | undefined {
  const { groups, basis, random } = design;
  const width = basis.length;
  const pairs = pairsOf(random.length);
  const shrunk = groups.map(({ squares }) => shrinkage(squares, covariance));
  const information = new Float64Array(width * width);
  for (let k = 0; k < width; k++) information[k * width + k] = 1;
  let logDeterminants = 0;
  groups.forEach(({ grams, persons }, g) => {
    const { shrink, logDeterminant } = shrunk[g];
    logDeterminants += persons * logDeterminant;
    pairs.forEach((_, pair) => {
      const by = shrink[pair];
      if (by === 0) return;
      const from = pair * width * width;
      for (let at = 0; at < information.length; at++) information[at] -= by * grams[from + at];
    });
  });
  const factor = cholesky(information, width, 1e-14);
  if (factor === undefined) return undefined;
  for (let k = 0; k < width; k++) logDeterminants += 2 * Math.log(factor.lower[k * width + k]);
  const inverse = new Float64Array(width * width);
  const unit = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    unit.fill(0);
    unit[k] = 1;
    inverse.set(solveLowerTransposed(factor, solveLower(factor, unit)), k * width);
  }
  return {
    covariance,
    shrink: shrunk.map(({ shrink }) => shrink),
    keep: shrunk.map(({ keep }) => keep),
    inverse,
    logDeterminants,
    slopes: groups.map(({ persons }, g) => shrunk[g].slope.map((value) => persons * value)),
    traces: groups.map(({ grams }) => Float64Array.from(pairs, (_, pair) => product(grams, inverse, pair))),
  };
}

/** Σ of the cells of one gram times those of a matrix. */
function product(grams: Float64Array, matrix: Float64Array, pair: number): number {
  const from = pair * matrix.length;
  let sum = 0;
  for (let at = 0; at < matrix.length; at++) sum += grams[from + at] * matrix[at];
  return sum;
}

/** M, K, log|I + SD| and (I + SD)⁻¹S of a person. */
export function shrinkage(
  squares: Float64Array,
  covariance: EffectCovariance,
): {
  readonly shrink: Float64Array;
  readonly keep: Float64Array;
  readonly slope: Float64Array;
  readonly logDeterminant: number;
} {
  if (squares.length === 1) {
    const [s] = squares;
    const [d] = covariance;
    const left = 1 + s * d;
    return {
      shrink: Float64Array.of(d / left),
      keep: Float64Array.of(1 / left),
      slope: Float64Array.of(s / left),
      logDeterminant: Math.log1p(s * d),
    };
  }
  const [s0, s1, s2] = squares;
  const [d0, d1, d2] = covariance;
  // I + SD, and its inverse K.
  const [a, b] = [1 + s0 * d0 + s1 * d1, s0 * d1 + s1 * d2];
  const [c, d] = [s1 * d0 + s2 * d1, 1 + s1 * d1 + s2 * d2];
  const determinant = a * d - b * c;
  const keep = Float64Array.of(d / determinant, -b / determinant, -c / determinant, a / determinant);
  return {
    shrink: Float64Array.of(
      d0 * keep[0] + d1 * keep[2],
      d0 * keep[1] + d1 * keep[3],
      d1 * keep[1] + d2 * keep[3],
    ),
    keep,
    slope: Float64Array.of(
      keep[0] * s0 + keep[1] * s1,
      keep[0] * s1 + keep[1] * s2,
      keep[2] * s1 + keep[3] * s2,
    ),
    logDeterminant: Math.log(determinant),
  };
}
