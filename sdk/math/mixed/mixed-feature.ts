import { dot } from '../linear/dot';
import type { MixedDesign } from './mixed-design';
import { effectPairs, sumsByPerson } from './mixed-design';
import type { Likelihood, MixedState } from './mixed-state';
import { addConjugate, determinantSlope } from './mixed-state';

/** One feature in the few sums that its likelihood needs. */
export interface MixedFeature {
  /** Coordinates along the basis of its least-squares fit by fixed effects alone: 0 for curves. */
  readonly fitted: Float64Array;
  /** What that fit leaves. */
  readonly rest: Float64Array;
  /** Its sum of squares. */
  readonly squares: number;
  /** Xᵀ rest: 0 for fixed effects. */
  readonly along: Float64Array;
  /** Zᵀ rest of each person: persons × effects. */
  readonly sums: Float64Array;
  /** Sums over the persons of each group of Xᵀz zᵀrest: groups × pairs × basis. */
  readonly crosses: Float64Array;
  /** The same of (zᵀrest)²: groups × pairs. */
  readonly powers: Float64Array;
}

/** Takes one feature, without missing values, into the sums of a design. */
export function mixedFeature(design: MixedDesign, values: Float64Array): MixedFeature {
  const { basis, fixed, random } = design;
  const rest = values.slice();
  const fitted = new Float64Array(basis.length);
  const straight = basis.slice(0, fixed);
  // Twice, so that what is left is at right angles to the basis to rounding.
  for (let pass = 0; pass < 2; pass++) {
    straight.forEach((direction, k) => {
      const along = dot(direction, rest);
      fitted[k] += along;
      for (let row = 0; row < rest.length; row++) rest[row] -= along * direction[row];
    });
  }
  const along = Float64Array.from(basis, (column, k) => (k < fixed ? 0 : dot(column, rest)));
  const sums = sumsByPerson(random, [rest], design);
  return { fitted, rest, squares: dot(rest, rest), along, sums, ...sumsByGroup(design, sums) };
}

function sumsByGroup(
  { basis, random, groups, groupOf, products, personCount }: MixedDesign,
  sums: Float64Array,
): Pick<MixedFeature, 'crosses' | 'powers'> {
  const width = basis.length;
  const effects = random.length;
  const pairs = effectPairs(effects);
  const crosses = new Float64Array(groups.length * pairs.length * width);
  const powers = new Float64Array(groups.length * pairs.length);
  for (let person = 0; person < personCount; person++) {
    const group = groupOf[person] * pairs.length;
    for (let pair = 0; pair < pairs.length; pair++) {
      const [a, b] = pairs[pair];
      const [one, other] = [sums[person * effects + a], sums[person * effects + b]];
      const [x, z] = [(person * effects + a) * width, (person * effects + b) * width];
      const to = (group + pair) * width;
      powers[group + pair] += a === b ? one * other : 2 * one * other;
      // The middle pair counts in both orders.
      const also = a === b ? 0 : one;
      for (let k = 0; k < width; k++) crosses[to + k] += products[x + k] * other + products[z + k] * also;
    }
  }
  return { crosses, powers };
}

/** How likely a feature is under a covariance of random effects. */
export interface MixedLikelihood {
  /** −2 log of the likelihood, as lme4 has it; the lower, the likelier. */
  readonly criterion: number;
  /** The effects along the basis, fixed ones beyond those of least squares. */
  readonly beta: Float64Array;
  /** rᵀV⁻¹r, and λ‖b‖² of every curve. */
  readonly residual: number;
}

/**
 * The restricted likelihood of Patterson & Thompson (1971, Biometrika 58:545) with the residual variance profiled out (Bates
 * et al. 2015, Journal of Statistical Software 67(1), eq. 42).
 */
export function mixedLikelihood(
  design: MixedDesign,
  feature: MixedFeature,
  state: MixedState,
): MixedLikelihood {
  const width = design.basis.length;
  const right = new Float64Array(width);
  const whole = generalizedSums(feature, state.shrink, right);
  const beta = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    for (let j = 0; j < width; j++) beta[k] += state.inverse[k * width + j] * right[j];
  }
  const residual = whole - dot(beta, right);
  return { criterion: criterionOf(design, state, residual), beta, residual };
}

/**
 * The criterion alone, as it is wanted of many covariances.
 *
 * @param right - one number per direction of the basis, written on
 */
export function mixedCriterion(
  design: MixedDesign,
  feature: MixedFeature,
  { state, right }: { readonly state: MixedState; readonly right: Float64Array },
): number {
  const width = right.length;
  let residual = generalizedSums(feature, state.shrink, right);
  for (let k = 0; k < width; k++) {
    let beta = 0;
    for (let j = 0; j < width; j++) beta += state.inverse[k * width + j] * right[j];
    residual -= beta * right[k];
  }
  return criterionOf(design, state, residual);
}

/** Writes XᵀV⁻¹y of the least-squares rest into `right`, and gives its yᵀV⁻¹y. */
function generalizedSums(feature: MixedFeature, shrink: Float64Array, right: Float64Array): number {
  const width = right.length;
  let whole = feature.squares;
  right.set(feature.along);
  for (let at = 0; at < shrink.length; at++) {
    whole -= shrink[at] * feature.powers[at];
    for (let k = 0; k < width; k++) right[k] -= shrink[at] * feature.crosses[at * width + k];
  }
  return whole;
}

function criterionOf(
  design: MixedDesign,
  { logDeterminants, likelihood }: MixedState,
  residual: number,
): number {
  const { logLength } = design;
  const freedom = residualFreedom(design, likelihood);
  const length = likelihood === 'reml' ? 2 * logLength : 0;
  return logDeterminants + length + freedom * (1 + Math.log((2 * Math.PI * residual) / freedom));
}

/** What rᵀV⁻¹r is divided by for the residual variance: how curves bend is random, and takes none. */
export function residualFreedom(
  { rows, fixed }: Pick<MixedDesign, 'rows' | 'fixed'>,
  likelihood: Likelihood,
): number {
  return likelihood === 'reml' ? rows - fixed : rows;
}

/** Zᵀr of each person, r = y − Xβ: persons × effects. */
export function residualSums(
  { basis, products }: MixedDesign,
  { sums }: MixedFeature,
  beta: Float64Array,
): Float64Array {
  const width = basis.length;
  const left = sums.slice();
  for (let at = 0; at < left.length; at++) {
    let explained = 0;
    for (let k = 0; k < width; k++) explained += products[at * width + k] * beta[k];
    left[at] -= explained;
  }
  return left;
}

/** Sums over the persons of each group of t tᵀ, t = Zᵀr, the middle pair once: groups × pairs. */
function powersByPerson(design: MixedDesign, feature: MixedFeature, beta: Float64Array): Float64Array {
  const { groups, groupOf, random } = design;
  const effects = random.length;
  const pairs = effectPairs(effects).length;
  const left = residualSums(design, feature, beta);
  const powers = new Float64Array(groups.length * pairs);
  for (let person = 0; person < groupOf.length; person++) {
    const to = groupOf[person] * pairs;
    const from = person * effects;
    powers[to] += left[from] * left[from];
    if (effects === 1) continue;
    powers[to + 1] += left[from] * left[from + 1];
    powers[to + 2] += left[from + 1] * left[from + 1];
  }
  return powers;
}

/** The same from the sums of groups: those of the least-squares rest, less what the fixed effects take. */
function powersByGroup(
  { groups, random }: MixedDesign,
  feature: MixedFeature,
  beta: Float64Array,
): Float64Array {
  const width = beta.length;
  const pairs = effectPairs(random.length).length;
  const powers = feature.powers.slice();
  groups.forEach(({ grams }, g) => {
    for (let pair = 0; pair < pairs; pair++) {
      const at = g * pairs + pair;
      for (let k = 0; k < width; k++) {
        let explained = -2 * feature.crosses[at * width + k];
        const row = (pair * width + k) * width;
        for (let j = 0; j < width; j++) explained += grams[row + j] * beta[j];
        powers[at] += explained * beta[k];
      }
      if (pair === 1) powers[at] /= 2;
    }
  });
  return powers;
}

/**
 * The derivative of the criterion by the covariance, by pairs, of which the middle one counts once: that of the determinants
 * less Σ persons of K t tᵀ Kᵀ / σ̂², with t = Zᵀr.
 */
export function criterionSlope(
  design: MixedDesign,
  feature: MixedFeature,
  { state, likelihood }: { readonly state: MixedState; readonly likelihood: MixedLikelihood },
): number[] {
  const { basis, groups, groupOf, random } = design;
  const effects = random.length;
  const pairs = effectPairs(effects).length;
  // Whichever are fewer sums.
  const byGroup = groups.length * basis.length < groupOf.length;
  const powers = (byGroup ? powersByGroup : powersByPerson)(design, feature, likelihood.beta);
  const scale = residualFreedom(design, state.likelihood) / likelihood.residual;
  const slope = determinantSlope(design, state);
  const own = new Float64Array(pairs);
  for (let g = 0; g < groups.length; g++) {
    for (let pair = 0; pair < pairs; pair++) own[pair] = powers[g * pairs + pair];
    addConjugate(slope, own, { keep: state.keep, from: g * effects ** 2, by: -scale });
  }
  return slope.map((value, pair) => (pair === 1 ? 2 * value : value));
}

/**
 * The derivative of the criterion by the logarithm of the penalty λ on each curve: λ (tr (XᵀV⁻¹X + λ)⁻¹ over its columns +
 * ‖b‖² / σ̂²) less their number.
 */
export function penaltySlope(
  design: MixedDesign,
  { state, likelihood }: { readonly state: MixedState; readonly likelihood: MixedLikelihood },
): number[] {
  const scale = residualFreedom(design, state.likelihood) / likelihood.residual;
  return design.curves.map(({ first, size }, curve) => {
    const own = likelihood.beta.subarray(first, first + size);
    return state.penalties[curve] * scale * dot(own, own) - bending(design, state, curve);
  });
}

/** Effective degrees of freedom by which a curve bends: q − λ tr (XᵀV⁻¹X + λ)⁻¹ over its q columns. */
export function bending(
  { curves, basis }: MixedDesign,
  { inverse, penalties }: MixedState,
  curve: number,
): number {
  const { first, size } = curves[curve];
  let trace = 0;
  for (let k = first; k < first + size; k++) trace += inverse[k * basis.length + k];
  return size - penalties[curve] * trace;
}
