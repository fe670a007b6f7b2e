import { descend } from './descend';
import { levelPoint } from './level-point';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature, MixedLikelihood } from './mixed-feature';
import { criterionSlope, mixedCriterion, mixedLikelihood } from './mixed-feature';
import { ratioSlope } from './ratio-slope';
import type { CurvePenalties, EffectCovariance, MixedState } from './mixed-state';
import { mixedSpread, mixedState } from './mixed-state';

/** Variances, and how likely they are. */
export interface Found {
  readonly state: MixedState;
  readonly likelihood: MixedLikelihood;
}

/** One ratio: the point where the derivative is 0, in the step of the grid around the likeliest. */
export function byRatio(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): Found {
  const best = likeliest(design, feature, states);
  const slopeOf = ratioSlope(design, states[best]);
  const slopeAt = (state: MixedState): number => slopeOf(feature, state.covariance[0]);
  const slope = slopeAt(states[best]);
  const [low, high] = slope > 0 ? [best - 1, best] : [best, best + 1];
  // The grid begins with 0: a criterion that rises from there has its minimum on the boundary.
  if (low < 0 || high === states.length)
    return { state: states[best], likelihood: mixedLikelihood(design, feature, states[best]) };
  const ends = [low, high].map((at) => ({
    at: states[at].covariance[0],
    value: at === best ? slope : slopeAt(states[at]),
  }));
  const ratio = levelPoint((own) => slopeOf(feature, own), ends);
  return foundAt(design, feature, stateAt(design, [ratio], states[best]));
}

/** Three numbers: downhill from the likeliest of the grid, over the triangular factor of the covariance. */
export function byCovariance(
  design: MixedDesign,
  feature: MixedFeature,
  states: readonly MixedState[],
): Found {
  const by = states[likeliest(design, feature, states)];
  const factor = descend((own) => {
    const state = mixedState(design, mixedSpread(design, squared(own)), by);
    if (state === undefined) return { value: Infinity, slope: own.map(() => 0) };
    const likelihood = mixedLikelihood(design, feature, state);
    const slope = criterionSlope(design, feature, { state, likelihood });
    return { value: likelihood.criterion, slope: factorSlope(own, slope) };
  }, factorOf(by.covariance));
  return foundAt(design, feature, stateAt(design, squared(factor), by));
}

/** Where a way down over the factor of a covariance begins: from 0 none leads, since its derivative there is 0. */
export function factorOf([first, middle = 0, last]: EffectCovariance): readonly number[] {
  const a = Math.sqrt(first || 1e-3);
  const b = first > 0 ? middle / a : 0;
  return last === undefined ? [a] : [a, b, Math.sqrt(Math.max(last - b * b, 0) || 1e-3)];
}

/** L Lᵀ by pairs, of L = [a] or [a 0; b c]. */
export function squared([a, b, c]: readonly number[]): EffectCovariance {
  return b === undefined ? [a * a] : [a * a, a * b, b * b + c * c];
}

/** The derivative by that factor, given the one by the covariance. */
export function factorSlope([a, b, c]: readonly number[], slope: readonly number[]): readonly number[] {
  if (b === undefined) return [2 * a * slope[0]];
  return [2 * a * slope[0] + b * slope[1], a * slope[1] + 2 * b * slope[2], 2 * c * slope[2]];
}

export function stateAt(design: MixedDesign, covariance: EffectCovariance, by: CurvePenalties): MixedState {
  const state = mixedState(design, mixedSpread(design, covariance), by);
  if (state === undefined) throw new Error(`no state at ${covariance.join(', ')}`);
  return state;
}

export function foundAt(design: MixedDesign, feature: MixedFeature, state: MixedState): Found {
  return { state, likelihood: mixedLikelihood(design, feature, state) };
}

/** Which of some states is the likeliest. */
export function likeliest(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): number {
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
