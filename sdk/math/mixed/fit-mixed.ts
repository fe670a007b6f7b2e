import { dot } from '../linear/dot';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature, MixedLikelihood } from './mixed-feature';
import { mixedFeature, mixedLikelihood } from './mixed-feature';
import type { EffectCovariance, MixedState } from './mixed-state';
import { mixedState } from './mixed-state';
import { descend } from './descend';
import { levelPoint } from './level-point';

/** A linear mixed model fitted to one feature by restricted maximum likelihood. */
export interface MixedFit {
  /** The covariance of a person's effects in units of the residual variance, by pairs, for time as the design has it. */
  readonly covariance: EffectCovariance;
  /** σ̂²: the variance of the residuals. */
  readonly residualVariance: number;
  /** The REML criterion, as `REMLcrit` of lme4. */
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
export function mixedFitter(design: MixedDesign): MixedFitter {
  const starts =
    design.random.length === 1
      ? [[0], ...ratios.map((ratio) => [ratio])]
      : [[0, 0, 0], ...coarse.flatMap((one) => [0, ...coarse].map((other) => [one, 0, other]))];
  const states = starts.flatMap((covariance) => mixedState(design, covariance) ?? []);
  return (values) => {
    const feature = mixedFeature(design, values);
    const size = rounding ** 2 * dot(values, values);
    if (!(feature.squares > size)) return 'constant';
    if (!(leftWithin(design, feature) > size)) return 'constant-within-persons';
    const search = design.random.length === 1 ? byRatio : byCovariance;
    return finish(design, feature, search(design, feature, states));
  };
}

interface Found {
  readonly state: MixedState;
  readonly likelihood: MixedLikelihood;
}

/** One ratio: the point where the derivative is 0, in the step of the grid around the likeliest. */
function byRatio(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): Found {
  const all = states.map((state) => ({ state, likelihood: mixedLikelihood(design, feature, state) }));
  const best = lowest(all);
  const rises = (at: Found): boolean => at.likelihood.slope[0] > 0;
  const low = rises(all[best]) ? best - 1 : best;
  // The grid begins with 0: a criterion that rises from there has its minimum on the boundary.
  if (low < 0 || low === all.length - 1) return all[best];
  const at = (ratio: number): Found => foundAt(design, feature, [ratio]);
  const ratio = levelPoint(
    (own) => at(own).likelihood.slope[0],
    [all[low], all[low + 1]].map(({ state, likelihood }) => ({
      at: state.covariance[0],
      value: likelihood.slope[0],
    })),
  );
  return at(ratio);
}

/** Three numbers: downhill from the likeliest of the grid, over the triangular factor of the covariance. */
function byCovariance(design: MixedDesign, feature: MixedFeature, states: readonly MixedState[]): Found {
  const all = states.map((state) => ({ state, likelihood: mixedLikelihood(design, feature, state) }));
  const { covariance } = all[lowest(all)].state;
  // From 0 no way leads down, since the covariance is a square: its derivative there is 0.
  const start = [Math.sqrt(covariance[0] || 1e-3), 0, Math.sqrt(covariance[2] || 1e-3)];
  const factor = descend((own) => {
    const state = mixedState(design, squared(own));
    if (state === undefined) return { value: Infinity, slope: [0, 0, 0] };
    const { criterion, slope } = mixedLikelihood(design, feature, state);
    const [a, b, c] = own;
    return {
      value: criterion,
      slope: [2 * a * slope[0] + b * slope[1], a * slope[1] + 2 * b * slope[2], 2 * c * slope[2]],
    };
  }, start);
  return foundAt(design, feature, squared(factor));
}

/** L Lᵀ of L = [a 0; b c], by pairs. */
function squared([a, b, c]: readonly number[]): EffectCovariance {
  return [a * a, a * b, b * b + c * c];
}

function foundAt(design: MixedDesign, feature: MixedFeature, covariance: EffectCovariance): Found {
  const state = mixedState(design, covariance);
  if (state === undefined) throw new Error(`no state at ${covariance.join(', ')}`);
  return { state, likelihood: mixedLikelihood(design, feature, state) };
}

function lowest(all: readonly Found[]): number {
  let best = 0;
  all.forEach(({ likelihood }, at) => {
    if (likelihood.criterion < all[best].likelihood.criterion) best = at;
  });
  return best;
}

/** The sum of squares that persons and fixed effects leave of a feature: without any there is no spread to measure by. */
function leftWithin(design: MixedDesign, { rest }: MixedFeature): number {
  const own = design.project(rest);
  for (const direction of design.within) {
    const along = dot(direction, own);
    for (let row = 0; row < own.length; row++) own[row] -= along * direction[row];
  }
  return dot(own, own);
}

function finish(design: MixedDesign, feature: MixedFeature, { state, likelihood }: Found): MixedFit {
  const { rows, basis, random, products, personCount, persons, groupOf } = design;
  const width = basis.length;
  const effects = random.length;
  const { beta, residual, criterion } = likelihood;
  const own = new Float64Array(personCount * effects);
  const sums = new Float64Array(effects);
  for (let person = 0; person < personCount; person++) {
    for (let a = 0; a < effects; a++) {
      const from = (person * effects + a) * width;
      sums[a] = feature.sums[person * effects + a] - dot(products.subarray(from, from + width), beta);
    }
    const shrink = state.shrink[groupOf[person]];
    own[person * effects] = shrink[0] * sums[0] + (effects === 2 ? shrink[1] * sums[1] : 0);
    if (effects === 2) own[person * 2 + 1] = shrink[1] * sums[0] + shrink[2] * sums[1];
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
    residualVariance: residual / (rows - width),
    criterion,
    effects: own,
    residuals,
    fitted: feature.fitted.map((value, k) => value + beta[k]),
    state,
  };
}
