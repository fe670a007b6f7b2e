import { dot } from '../linear/dot';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature, MixedLikelihood } from './mixed-feature';
import {
  criterionSlope,
  mixedCriterion,
  mixedFeature,
  mixedLikelihood,
  residualFreedom,
  residualSums,
} from './mixed-feature';
import type { EffectCovariance, Likelihood, MixedState } from './mixed-state';
import { mixedState } from './mixed-state';
import { descend } from './descend';
import { levelPoint } from './level-point';

/** A linear mixed model fitted to one feature. */
export interface MixedFit {
  /** The covariance of a person's effects in units of the residual variance, by pairs, for time as the design has it. */
  readonly covariance: EffectCovariance;
  /** σ̂²: the variance of the residuals. */
  readonly residualVariance: number;
  /** −2 log of the likelihood: of the restricted one, `REMLcrit` of lme4. */
  readonly criterion: number;
  /** The random effects of each person: persons × effects. */
  readonly effects: Float64Array;
  /** y − Xβ − Zu, row by row. They sum to zero over every column of X: Xᵀ(y − Xβ − Zu) = σ² XᵀV⁻¹(y − Xβ) = 0. */
  readonly residuals: Float64Array;
  /** Xβ along the basis. */
  readonly fitted: Float64Array;
  /** Where it was fitted. */
  readonly state: MixedState;
}

/** Why a feature has no mixed model: nothing varies, or nothing does between the scans of a person. */
export type NoMixedFit = 'constant' | 'constant-within-persons';

/** Fits one feature after another on the same rows; values must be present in all of them. */
export type MixedFitter = (values: Float64Array) => MixedFit | NoMixedFit;

/** What is left of a feature counts as rounding below this share of its size. */
const rounding = 1e-12;

/** Ratios of variance to look at first, between persons to within: shares of 0.01 % to 99.9999 %. */
const ratios = Array.from({ length: 37 }, (_, i) => 10 ** (-4 + i / 3.6));

/** The same with slopes, for each of the two. */
const coarse = [1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 100, 1e4];

/** Makes the fitter of a design. What is the same for all features is computed once. */
export function mixedFitter(design: MixedDesign, likelihood: Likelihood = 'reml'): MixedFitter {
  const starts =
    design.random.length === 1
      ? [[0], ...ratios.map((ratio) => [ratio])]
      : [[0, 0, 0], ...coarse.flatMap((one) => [0, ...coarse].map((other) => [one, 0, other]))];
  const states = starts.flatMap((covariance) => mixedState(design, covariance, likelihood) ?? []);
  return (values) => {
    const feature = mixedFeature(design, values);
    const size = rounding ** 2 * dot(values, values);
    if (!(feature.squares > size)) return 'constant';
    if (!(leftWithin(design, feature) > size)) return 'constant-within-persons';
    const search = design.random.length === 1 ? byRatio : byCovariance;
    return finish(design, feature, search(design, feature, states));
  };
}

/** A covariance, and how likely it is. */
interface Found {
  readonly state: MixedState;
  readonly likelihood: MixedLikelihood;
}

/** One ratio: the point where the derivative is 0, in the step of the grid around the likeliest. */
function byRatio(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): Found {
  const best = likeliest(design, feature, states);
  const slopeAt = (state: MixedState): number => {
    const likelihood = mixedLikelihood(design, feature, state);
    return criterionSlope(design, feature, { state, likelihood })[0];
  };
  const slope = slopeAt(states[best]);
  const [low, high] = slope > 0 ? [best - 1, best] : [best, best + 1];
  // The grid begins with 0: a criterion that rises from there has its minimum on the boundary.
  if (low < 0 || high === states.length)
    return { state: states[best], likelihood: mixedLikelihood(design, feature, states[best]) };
  const ends = [low, high].map((at) => ({
    at: states[at].covariance[0],
    value: at === best ? slope : slopeAt(states[at]),
  }));
  const ratio = levelPoint((own) => slopeAt(stateAt(design, [own], states[best].likelihood)), ends);
  return foundAt(design, feature, stateAt(design, [ratio], states[best].likelihood));
}

/** Three numbers: downhill from the likeliest of the grid, over the triangular factor of the covariance. */
function byCovariance(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): Found {
  const { covariance, likelihood: by } = states[likeliest(design, feature, states)];
  // From 0 no way leads down, since the covariance is a square: its derivative there is 0.
  const start = [Math.sqrt(covariance[0] || 1e-3), 0, Math.sqrt(covariance[2] || 1e-3)];
  const factor = descend((own) => {
    const state = mixedState(design, squared(own), by);
    if (state === undefined) return { value: Infinity, slope: [0, 0, 0] };
    const likelihood = mixedLikelihood(design, feature, state);
    const slope = criterionSlope(design, feature, { state, likelihood });
    const [a, b, c] = own;
    return {
      value: likelihood.criterion,
      slope: [2 * a * slope[0] + b * slope[1], a * slope[1] + 2 * b * slope[2], 2 * c * slope[2]],
    };
  }, start);
  return foundAt(design, feature, stateAt(design, squared(factor), by));
}

/** L Lᵀ of L = [a 0; b c], by pairs. */
function squared([a, b, c]: readonly number[]): EffectCovariance {
  return [a * a, a * b, b * b + c * c];
}

function stateAt(design: MixedDesign, covariance: EffectCovariance, by: Likelihood): MixedState {
  const state = mixedState(design, covariance, by);
  if (state === undefined) throw new Error(`no state at ${covariance.join(', ')}`);
  return state;
}

function foundAt(design: MixedDesign, feature: MixedFeature, state: MixedState): Found {
  return { state, likelihood: mixedLikelihood(design, feature, state) };
}

/** Which of some covariances is the likeliest. */
function likeliest(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): number {
  const right = new Float64Array(design.basis.length);
  let best = 0;
  let lowest = Infinity;
  for (let at = 0; at < states.length; at++) {
    const criterion = mixedCriterion(design, feature, { state: states[at], right });
    if (!(criterion < lowest)) continue;
    best = at;
    lowest = criterion;
  }
  return best;
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
  const { rows, basis, random, personCount, persons, groupOf } = design;
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
    residualVariance: residual / residualFreedom(rows, basis.length, state.likelihood),
    criterion,
    effects: own,
    residuals,
    fitted: feature.fitted.map((value, k) => value + beta[k]),
    state,
  };
}
