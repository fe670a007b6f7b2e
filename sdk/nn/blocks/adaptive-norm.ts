import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import type { SteeringMap } from '../ops/steering';
import { checkCondition, checkInput } from './check-input';
import type { Features } from './convolution';
import { PYTORCH_DEFAULT } from './initialize';
import type { Linear } from './linear';
import { initLinear } from './linear';
import type { GroupNormOptions, Norm, NormOptions } from './norm';
import { initNorm, normalizeSteered } from './norm';

/** A map from the time to a scale and a shift per channel. */
type ByTime<Leaf> = { readonly time: Linear<Leaf> };

/** A map from each code to a scale per channel. */
type ByCodes<Leaf> = { readonly codes: readonly Linear<Leaf>[] };

/**
 * The weights of {@link applyAdaptiveNorm}: a scale and shift per channel, and where made for them, a map from the time
 * to a scale and a shift, and from each code to a scale.
 */
export type AdaptiveGroupNorm<Leaf> =
  | Norm<Leaf>
  | (Norm<Leaf> & ByTime<Leaf>)
  | (Norm<Leaf> & ByCodes<Leaf>)
  | (Norm<Leaf> & ByTime<Leaf> & ByCodes<Leaf>);

/** Options of {@link initAdaptiveGroupNorm}. */
export interface InitAdaptiveGroupNormOptions {
  readonly channels: number;
  /** The length of the time embedding. @defaultValue no time */
  readonly timeSize?: number;
  /** The length of each code. @defaultValue [] */
  readonly codeSizes?: readonly number[];
}

/** What steers {@link applyAdaptiveNorm}. */
export interface Conditions {
  /** The time embedding, `[N, time size]`; needed where the weights have a place for it. */
  readonly time?: Tensor2D;
  /** The codes, `[N, code size]` each, as many as the weights have places for. */
  readonly codes?: readonly Tensor2D[];
}

/** Draws the weights of an adaptive group normalization. Without time and codes it is plain group normalization. */
export function initAdaptiveGroupNorm(
  random: Random,
  options: InitAdaptiveGroupNormOptions,
): AdaptiveGroupNorm<WeightArray> {
  const { channels, timeSize, codeSizes = [] } = options;
  const map = (inChannels: number, outChannels: number): Linear<WeightArray> =>
    initLinear(random, { inChannels, outChannels, initialization: PYTORCH_DEFAULT });
  const time = timeSize === undefined ? {} : { time: map(timeSize, 2 * channels) };
  const codes = codeSizes.length === 0 ? {} : { codes: codeSizes.map((size) => map(size, channels)) };
  return { ...initNorm(channels), ...time, ...codes };
}

/**
 * Normalizes groups of channels and modulates them: GroupNorm(h)·(1 + t_s) + t_b, with the scale t_s and shift t_b that
 * the time gives, then ·(1 + z_s) for each code (Dhariwal & Nichol 2021, arXiv:2105.05233, section 3.1; Preechakul et
 * al. 2022, arXiv:2111.15640, equation 7). All factors are multiplied per image and channel first, so that the features
 * are gone through once.
 *
 * Time and codes enter as they are: apply SiLU to a code before, once for all blocks, as the published networks do.
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input or a condition does not fit the weights
 */
export function applyAdaptiveNorm<X extends Features>(
  weights: AdaptiveGroupNorm<Tensor>,
  x: X,
  { time, codes = [], ...options }: Conditions & GroupNormOptions = {},
): X {
  const channels = weights.scale.size;
  checkInput('adaptive group norm', x, { ranks: [3, 4], channels });
  checkConditions(weights, { time, codes, batch: x.shape[0] });
  const maps: SteeringMap[] = codes.map((code, index) => steeringMap(codeMaps(weights)[index], code));
  if ('time' in weights && time !== undefined) maps.unshift(steeringMap(weights.time, time));
  const { scale, shift } = weights;
  return normalizeSteered(x, { learned: { scale, shift }, maps }, options);
}

function steeringMap(weights: Linear<Tensor>, values: Tensor2D): SteeringMap {
  return {
    values,
    kernel: weights.kernel as Tensor2D,
    ...('bias' in weights ? { bias: weights.bias } : {}),
  };
}

function codeMaps(weights: AdaptiveGroupNorm<Tensor>): readonly Linear<Tensor>[] {
  return 'codes' in weights ? weights.codes : [];
}

function checkConditions(
  weights: AdaptiveGroupNorm<Tensor>,
  { time, codes, batch }: { time?: Tensor; codes: readonly Tensor[]; batch: number },
): void {
  const block = 'adaptive group norm';
  if ('time' in weights !== (time !== undefined)) {
    const found =
      time === undefined
        ? 'no time was given, but the weights expect one'
        : 'a time was given, but the weights expect none';
    throw new ConcordError('invalid-option', `${block}: ${found}`);
  }
  if ('time' in weights && time !== undefined) {
    checkCondition({ block, name: 'time' }, time, { batch, size: weights.time.kernel.shape[0] });
  }
  const maps = codeMaps(weights);
  if (codes.length !== maps.length) {
    throw new ConcordError(
      'invalid-option',
      `${block}: ${codes.length} codes were given, but the weights expect ${maps.length}`,
    );
  }
  codes.forEach((code, index) => {
    const size = maps[index].kernel.shape[0];
    checkCondition({ block, name: `code ${index}` }, code, { batch, size });
  });
}

/** The weights of {@link adaptiveInstanceNorm}: a map from the style to a scale and a shift per channel. */
export type AdaptiveInstanceNorm<Leaf> = { readonly style: Linear<Leaf> };

/** Options of {@link initAdaptiveInstanceNorm}. */
export interface InitAdaptiveInstanceNormOptions {
  readonly channels: number;
  readonly styleSize: number;
}

/** Draws the weights of an adaptive instance normalization. */
export function initAdaptiveInstanceNorm(
  random: Random,
  { channels, styleSize }: InitAdaptiveInstanceNormOptions,
): AdaptiveInstanceNorm<WeightArray> {
  const initialization = PYTORCH_DEFAULT;
  return { style: initLinear(random, { inChannels: styleSize, outChannels: 2 * channels, initialization }) };
}

/**
 * Normalizes each channel of each image by itself, then gives it the mean and spread that the style asks for:
 * InstanceNorm(h)·(1 + γ) + β (Huang & Belongie 2017, arXiv:1703.06868, equation 8; the 1 as in Choi et al. 2020,
 * arXiv:1912.01865, so that it starts near the identity).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @param style - `[N, style size]`
 * @throws ConcordError `invalid-option` when the input or the style does not fit the weights
 */
export function adaptiveInstanceNorm<X extends Features>(
  weights: AdaptiveInstanceNorm<Tensor>,
  x: X,
  { style, ...options }: { readonly style: Tensor2D } & NormOptions,
): X {
  const [styleSize, outChannels] = weights.style.kernel.shape;
  const block = 'adaptive instance norm';
  checkInput(block, x, { ranks: [3, 4], channels: outChannels / 2 });
  checkCondition({ block, name: 'style' }, style, { batch: x.shape[0], size: styleSize });
  const groups = outChannels / 2;
  return normalizeSteered(x, { maps: [steeringMap(weights.style, style)] }, { ...options, groups });
}
