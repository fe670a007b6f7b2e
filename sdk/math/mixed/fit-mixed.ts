import { dot } from '../linear/dot';
import { extendBasis } from '../linear/orthonormal-basis';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature } from './mixed-feature';
import { bending, mixedFeature, residualFreedom, residualSums } from './mixed-feature';
import type { EffectCovariance, Likelihood, MixedSpread, MixedState } from './mixed-state';
import { mixedSpread, mixedState } from './mixed-state';
import { byCurves, penaltyRidges } from './search-curves';
import type { Found } from './search-variances';
import { byCovariance, byRatio } from './search-variances';

/** A linear mixed model fitted to one feature. */
export interface MixedFit {
  /** The covariance of a person's effects in units of the residual variance, by pairs, for time as the design has it. */
  readonly covariance: EffectCovariance;
  /** σ̂²: the variance of the residuals. */
  readonly residualVariance: number;
  /** −2 log of the likelihood: of the restricted one, `REMLcrit` of lme4, curves among its random effects. */
  readonly criterion: number;
  /** λ of each curve, for its columns as they were given. */
  readonly penalties: readonly number[];
  /** Effective degrees of freedom of each curve, that of its straight line included. */
  readonly freedom: readonly number[];
  /** The random effects of each person: persons × effects. */
  readonly effects: Float64Array;
  /**
   * y − Xβ − Zu, row by row. They sum to zero over every column of fixed effects: Xᵀ(y − Xβ − Zu) = σ² XᵀV⁻¹(y − Xβ) = 0; over
   * those of a curve to λb.
   */
  readonly residuals: Float64Array;
  /** Xβ along the basis. */
  readonly fitted: Float64Array;
  /** Where it was fitted. */
  readonly state: MixedState;
}

/** Why a feature has no mixed model: nothing varies, or nothing does between the scans of a person. */
export type NoMixedFit = 'constant' | 'constant-within-persons';

/**
 * Fits one feature after another on the same rows; values must be present in all of them.
 *
 * @param penalties - λ of each curve, where they are not to be found
 */
export type MixedFitter = (values: Float64Array, penalties?: readonly number[]) => MixedFit | NoMixedFit;

/** What is left of a feature counts as rounding below this share of its size. */
const rounding = 1e-12;

/** Ratios of variance to look at first, between persons to within: shares of 0.01 % to 99.9999 %. */
const ratios = Array.from({ length: 37 }, (_, i) => 10 ** (-4 + i / 3.6));

/** The same with slopes, for each of the two. */
const coarse = [1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 100, 1e4];

/** Covariances to begin with, for levels alone and for levels and slopes. */
const many = startsOf(ratios, coarse);

/** The same where penalties of curves are looked for beside them. */
const few = startsOf(
  ratios.filter((_, i) => i % 3 === 0),
  [1e-2, 0.3, 10],
);

function startsOf(
  levels: readonly number[],
  each: readonly number[],
): readonly (readonly EffectCovariance[])[] {
  return [
    [[0], ...levels.map((ratio) => [ratio])],
    [[0, 0, 0], ...each.flatMap((one) => [0, ...each].map((other) => [one, 0, other]))],
  ];
}

/**
 * Makes the fitter of a design. What is the same for all features is computed once. The likelihood of a design with curves is the
 * restricted one.
 */
export function mixedFitter(design: MixedDesign, likelihood: Likelihood = 'reml'): MixedFitter {
  const bent = design.curves.length > 0;
  const starts = (bent ? few : many)[design.random.length - 1];
  const spreads = starts.map((covariance) => mixedSpread(design, covariance));
  const at = (penalties: readonly number[]): readonly MixedState[] =>
    spreads.flatMap((spread: MixedSpread) => mixedState(design, spread, { penalties, likelihood }) ?? []);
  const straight = bent ? [] : at([]);
  // Where all penalties are given there is nothing to look for.
  let ridges: readonly (readonly (readonly MixedState[])[])[] | undefined;
  const search = design.random.length === 1 ? byRatio : byCovariance;
  return (values, penalties) => {
    const feature = mixedFeature(design, values);
    const size = rounding ** 2 * dot(values, values);
    if (!(feature.squares > size)) return 'constant';
    if (!(leftWithin(design, feature) > size)) return 'constant-within-persons';
    if (penalties !== undefined) {
      const states = at(penalties.map((lambda, k) => lambda / design.curves[k].unit));
      return { ...finish(design, feature, search(design, feature, states)), penalties };
    }
    if (!bent) return finish(design, feature, search(design, feature, straight));
    ridges ??= penaltyRidges(design.curves.length).map((ridge) => ridge.map(at));
    const found = finish(design, feature, byCurves(design, feature, ridges));
    const suspicious = found.residualVariance * design.rows < plain * feature.squares;
    return suspicious && isExactlyCurves(design, feature) ? 'constant' : found;
  };
}

/** Whether fixed effects and curves without any penalty leave nothing of a feature, though there are more rows than columns. */
function isExactlyCurves({ rows, basis }: MixedDesign, { rest }: MixedFeature): boolean {
  if (rows <= basis.length) return false;
  return extendBasis(extendBasis([], basis), [rest]).length === 0;
}

/** Of this share of a feature's squares a difference of sums has digits enough to be seen not to be rounding. */
const plain = 1e-6;

/**
 * The sum of squares that persons and fixed effects leave of a feature: without any there is no spread to measure by. For persons
 * that differ in level it is a difference of sums, and is computed row by row only where that is small.
 */
function leftWithin(design: MixedDesign, { rest, squares, sums }: MixedFeature): number {
  if (design.random.length === 1) {
    let left = squares;
    for (let person = 0; person < sums.length; person++) {
      left -= sums[person] ** 2 / design.groups[design.groupOf[person]].squares[0];
    }
    // Directions within persons have no part between them.
    for (const direction of design.within) left -= dot(direction, rest) ** 2;
    if (left > plain * squares) return left;
  }
  const own = design.project(rest);
  for (const direction of design.within) {
    const along = dot(direction, own);
    for (let row = 0; row < own.length; row++) own[row] -= along * direction[row];
  }
  return dot(own, own);
}

function finish(design: MixedDesign, feature: MixedFeature, { state, likelihood }: Found): MixedFit {
  const { rows, basis, curves, random, personCount, persons, groupOf } = design;
  const effects = random.length;
  const pairs = state.covariance.length;
  const { beta, residual, criterion } = likelihood;
  const left = residualSums(design, feature, beta);
  const own = new Float64Array(personCount * effects);
  for (let person = 0; person < personCount; person++) {
    const [m0, m1, m2] = state.shrink.subarray(groupOf[person] * pairs, (groupOf[person] + 1) * pairs);
    const at = person * effects;
    own[at] = m0 * left[at] + (effects === 2 ? m1 * left[at + 1] : 0);
    if (effects === 2) own[at + 1] = m1 * left[at] + m2 * left[at + 1];
  }
  const residuals = feature.rest.slice();
  basis.forEach((direction, k) => {
    for (let row = 0; row < rows; row++) residuals[row] -= beta[k] * direction[row];
  });
  random.forEach((column, a) => {
    for (let row = 0; row < rows; row++) residuals[row] -= column[row] * own[persons[row] * effects + a];
  });
  return {
    covariance: state.covariance,
    residualVariance: residual / residualFreedom(design, state.likelihood),
    criterion,
    penalties: curves.map(({ unit }, k) => state.penalties[k] * unit),
    freedom: curves.map((_, k) => 1 + bending(design, state, k)),
    effects: own,
    residuals,
    fitted: feature.fitted.map((value, k) => value + beta[k]),
    state,
  };
}
