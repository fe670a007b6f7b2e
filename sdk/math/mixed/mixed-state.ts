import type { Cholesky } from '../linear/cholesky';
import { cholesky } from '../linear/cholesky';
import type { MixedDesign } from './mixed-design';
import { effectPairs } from './mixed-design';

/** A covariance of random effects in units of the residual variance, by pairs: one number, or three with slopes. */
export type EffectCovariance = readonly number[];

/** Which likelihood is at its highest: the restricted one, whose variances are not biased, or the whole one. */
export type Likelihood = 'reml' | 'ml';

/** What a covariance makes of a design, the same for all features: with D the covariance and S = ZᵀZ of a person. */
export interface MixedSpread {
  readonly covariance: EffectCovariance;
  /** M = D (I + SD)⁻¹ of each group: groups × pairs. V⁻¹ = I − Z M Zᵀ. */
  readonly shrink: Float64Array;
  /** K = (I + SD)⁻¹ of each group: groups × effects × effects. */
  readonly keep: Float64Array;
  /** XᵀV⁻¹X, of which the lower triangle alone is read: basis × basis. */
  readonly information: Float64Array;
  /** log|V|. */
  readonly logDeterminant: number;
}

/** What a covariance and the penalties on curves make of a design. */
export interface MixedState extends Pick<MixedSpread, 'covariance' | 'shrink' | 'keep'> {
  /** The penalty on each curve, as a multiple of its unit. */
  readonly penalties: readonly number[];
  /** (XᵀV⁻¹X + λ)⁻¹: basis × basis. */
  readonly inverse: Float64Array;
  /** log|V| + log|XᵀV⁻¹X + λ| less that of the penalties themselves; of the whole likelihood log|V| alone. */
  readonly logDeterminants: number;
  readonly likelihood: Likelihood;
}

/** What the persons make of a design. */
export function mixedSpread(design: MixedDesign, covariance: EffectCovariance): MixedSpread {
  const { groups, basis, gram, random } = design;
  const width = basis.length;
  const pairs = effectPairs(random.length).length;
  const shrink = new Float64Array(groups.length * pairs);
  const keep = new Float64Array(groups.length * random.length ** 2);
  const information = gram.slice();
  let logDeterminant = 0;
  groups.forEach(({ grams, persons, squares }, g) => {
    const own = shrinkage(squares, covariance);
    shrink.set(own.shrink, g * pairs);
    keep.set(own.keep, g * random.length ** 2);
    logDeterminant += persons * own.logDeterminant;
    for (let pair = 0; pair < pairs; pair++) {
      const by = own.shrink[pair];
      const from = pair * width * width;
      if (by === 0) continue;
      for (let row = 0; row < width; row++) {
        const at = row * width;
        for (let k = 0; k <= row; k++) information[at + k] -= by * grams[from + at + k];
      }
    }
  });
  return { covariance, shrink, keep, information, logDeterminant };
}

/** Penalties on curves, and which likelihood they are of. With curves it is the restricted one. */
export interface CurvePenalties {
  readonly penalties: readonly number[];
  readonly likelihood: Likelihood;
}

/** XᵀV⁻¹X + λ with less than this share of a diagonal entry left counts as singular. */
export const leastInformation = 1e-14;

/** @returns `undefined` where XᵀV⁻¹X + λ is singular: no covariance of persons is that large */
export function mixedState(
  { basis, curves }: MixedDesign,
  { covariance, shrink, keep, information, logDeterminant }: MixedSpread,
  { penalties, likelihood }: CurvePenalties,
): MixedState | undefined {
  const width = basis.length;
  const whole = information.slice();
  let logDeterminants = logDeterminant;
  curves.forEach(({ first, size }, curve) => {
    for (let k = first; k < first + size; k++) whole[k * width + k] += penalties[curve];
    logDeterminants -= size * Math.log(penalties[curve]);
  });
  const factor = cholesky(whole, width, leastInformation);
  if (factor === undefined) return undefined;
  if (likelihood === 'reml') {
    for (let k = 0; k < width; k++) logDeterminants += 2 * Math.log(factor.lower[k * width + k]);
  }
  return { covariance, shrink, keep, penalties, inverse: inverseOf(factor), logDeterminants, likelihood };
}

/** The inverse of a factored matrix, row by row in place: states are many, and arrays of their own would be more. */
function inverseOf({ lower, size }: Cholesky): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const row = k * size;
    for (let i = k; i < size; i++) {
      let sum = i === k ? 1 : 0;
      for (let j = k; j < i; j++) sum -= lower[i * size + j] * inverse[row + j];
      inverse[row + i] = sum / lower[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = inverse[row + i];
      for (let j = i + 1; j < size; j++) sum -= lower[j * size + i] * inverse[row + j];
      inverse[row + i] = sum / lower[i * size + i];
    }
  }
  return inverse;
}

/** M by pairs, K and log|I + SD| of a person. */
export function shrinkage(
  squares: Float64Array,
  covariance: EffectCovariance,
): {
  readonly shrink: readonly number[];
  readonly keep: readonly number[];
  readonly logDeterminant: number;
} {
  if (squares.length === 1) {
    const left = 1 + squares[0] * covariance[0];
    return { shrink: [covariance[0] / left], keep: [1 / left], logDeterminant: Math.log(left) };
  }
  const [s0, s1, s2] = squares;
  const [d0, d1, d2] = covariance;
  // I + SD, and its inverse K.
  const [a, b] = [1 + s0 * d0 + s1 * d1, s0 * d1 + s1 * d2];
  const [c, d] = [s1 * d0 + s2 * d1, 1 + s1 * d1 + s2 * d2];
  const determinant = a * d - b * c;
  const [k0, k1, k2, k3] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  return {
    shrink: [d0 * k0 + d1 * k2, d0 * k1 + d1 * k3, d1 * k1 + d2 * k3],
    keep: [k0, k1, k2, k3],
    logDeterminant: Math.log(determinant),
  };
}

/**
 * What of the derivative of the criterion by the covariance is the same for all features, by pairs: the sum over persons of
 * K S, the derivative of log|V|, less K (ZᵀX)(XᵀV⁻¹X)⁻¹(XᵀZ) Kᵀ, that of log|XᵀV⁻¹X|.
 */
export function determinantSlope(
  { groups, random, basis }: MixedDesign,
  { keep, inverse, likelihood }: MixedState,
): number[] {
  const width = basis.length;
  const pairs = effectPairs(random.length).length;
  const square = random.length ** 2;
  const slope = new Array<number>(pairs).fill(0);
  const own = new Float64Array(pairs);
  const restricted = likelihood === 'reml' ? 1 : 0;
  for (let g = 0; g < groups.length; g++) {
    const { grams, persons, squares } = groups[g];
    for (let pair = 0; pair < pairs; pair++) {
      // Both are symmetric: what is below the diagonal counts twice.
      let [diagonal, below] = [0, 0];
      const from = pair * inverse.length;
      for (let row = 0; row < width; row++) {
        const at = row * width;
        for (let k = 0; k < row; k++) below += grams[from + at + k] * inverse[at + k];
        diagonal += grams[from + at + row] * inverse[at + row];
      }
      const trace = diagonal + 2 * below;
      own[pair] = pair === 1 ? trace / 2 : trace;
    }
    addConjugate(slope, own, { keep, from: g * square, by: -restricted });
    addKeptSquares(slope, squares, { keep, from: g * square, by: persons });
  }
  return slope;
}

/** Part of the matrices K of all groups, and what is added of a product with it. */
interface KeptPart {
  readonly keep: Float64Array;
  /** Where K begins. */
  readonly from: number;
  /** How many times the product is added. */
  readonly by: number;
}

/** Adds K S by pairs: it is symmetric. */
function addKeptSquares(to: number[], squares: Float64Array, { keep, from, by }: KeptPart): void {
  if (squares.length === 1) {
    to[0] += by * keep[from] * squares[0];
    return;
  }
  to[0] += by * (keep[from] * squares[0] + keep[from + 1] * squares[1]);
  to[1] += by * (keep[from] * squares[1] + keep[from + 1] * squares[2]);
  to[2] += by * (keep[from + 2] * squares[1] + keep[from + 3] * squares[2]);
}

/** Adds K H Kᵀ by pairs. */
export function addConjugate(to: number[], h: Float64Array, { keep, from, by }: KeptPart): void {
  const a = keep[from];
  if (h.length === 1) {
    to[0] += by * a * h[0] * a;
    return;
  }
  const b = keep[from + 1];
  const c = keep[from + 2];
  const d = keep[from + 3];
  to[0] += by * (a * a * h[0] + 2 * a * b * h[1] + b * b * h[2]);
  to[1] += by * (a * c * h[0] + (a * d + b * c) * h[1] + b * d * h[2]);
  to[2] += by * (c * c * h[0] + 2 * c * d * h[1] + d * d * h[2]);
}
