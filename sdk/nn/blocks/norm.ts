import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { ones, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { NormActivation } from '../ops/adaptive-group-norm';
import { adaptiveGroupNorm } from '../ops/adaptive-group-norm';
import type { Steering } from '../ops/steering';
import { steeredGroupNorm } from '../ops/steered-group-norm';
import { checkInput, checkSizes } from './check-input';
import type { Features } from './convolution';

/** The weights of a normalization: what each channel is multiplied by and what is added to it, `[C]` each. */
export type Norm<Leaf> = { readonly scale: Leaf; readonly shift: Leaf };

/** Options of {@link instanceNorm} and {@link layerNorm}. */
export interface NormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly epsilon?: number;
  /** What follows, at no extra cost. @defaultValue 'none' */
  readonly activation?: NormActivation;
  /** The slope of `leaky-relu` below 0. @defaultValue 0.2 */
  readonly slope?: number;
}

/** Options of {@link applyNorm}. */
export interface GroupNormOptions extends NormOptions {
  /** How many groups of neighboring channels; divides the number of channels. @defaultValue 32 */
  readonly groups?: number;
}

/**
 * Makes the weights of a normalization: scale 1 and shift 0. Nothing is drawn.
 *
 * @throws ConcordError `invalid-option` when `channels` is not a whole number above 0
 */
export function initNorm(channels: number): Norm<WeightArray> {
  checkSizes('norm', { channels });
  return {
    scale: { shape: [channels], data: new Float32Array(channels).fill(1) },
    shift: { shape: [channels], data: new Float32Array(channels) },
  };
}

/**
 * Normalizes groups of channels to mean 0 and variance 1 in each image, then scales and shifts each channel (Wu & He
 * 2018, "Group normalization").
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input has other channels, or they cannot be grouped
 */
export function applyNorm<X extends Features>(
  weights: Norm<Tensor>,
  x: X,
  options: GroupNormOptions = {},
): X {
  checkInput('group norm', x, { ranks: [3, 4], channels: weights.scale.size });
  return normalizeGroups(x, weights, options);
}

/**
 * Normalizes each channel of each image by itself, then scales and shifts it (Ulyanov et al. 2016, arXiv:1607.08022).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input has other channels
 */
export function instanceNorm<X extends Features>(weights: Norm<Tensor>, x: X, options: NormOptions = {}): X {
  const channels = weights.scale.size;
  checkInput('instance norm', x, { ranks: [3, 4], channels });
  return normalizeGroups(x, weights, { ...options, groups: channels });
}

/**
 * Normalizes each channel of each image by itself and leaves it at that: nothing is learned, no statistics are kept, so
 * that training and use are the same.
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 */
export function plainInstanceNorm<X extends Features>(x: X, options: NormOptions = {}): X {
  checkInput('instance norm', x, { ranks: [3, 4] });
  const channels = x.shape[x.rank - 1];
  const affine = (): Norm<Tensor> => ({ scale: ones([channels]), shift: zeros([channels]) });
  return tidy(() => normalizeGroups(x, affine(), { ...options, groups: channels }));
}

/**
 * Normalizes all values of an image together, then scales and shifts each channel (Ba et al. 2016, arXiv:1607.06450, as
 * it is used on images: one group).
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @throws ConcordError `invalid-option` when the input has other channels
 */
export function layerNorm<X extends Features>(weights: Norm<Tensor>, x: X, options: NormOptions = {}): X {
  checkInput('layer norm', x, { ranks: [3, 4], channels: weights.scale.size });
  return normalizeGroups(x, weights, { ...options, groups: 1 });
}

/**
 * Normalizes groups of channels of images or sequences, and scales and shifts them: the step under all normalizations
 * here.
 *
 * @param affine - `[C]`, or `[N, C]` for each image its own
 */
export function normalizeGroups<X extends Features>(
  x: X,
  affine: Norm<Tensor>,
  { groups = 32, ...options }: GroupNormOptions,
): X {
  return onImages(x, (images) => adaptiveGroupNorm(images, affine, { groups, ...options }));
}

/**
 * Normalizes groups of channels of images or sequences, and scales and shifts the channels of each as it is steered.
 *
 */
export function normalizeSteered<X extends Features>(
  x: X,
  steering: Steering,
  { groups = 32, ...options }: GroupNormOptions,
): X {
  if (steering.maps.length === 0 && steering.learned !== undefined) {
    return normalizeGroups(x, steering.learned, { groups, ...options });
  }
  return onImages(x, (images) => steeredGroupNorm(images, steering, { groups, ...options }));
}

/** Works on sequences as on images one column wide. */
function onImages<X extends Features>(x: X, normalize: (images: Tensor4D) => Tensor): X {
  if (x.rank === 4) return normalize(x as Tensor4D) as X;
  return tidy(() => {
    const [batch, length, channels] = x.shape;
    return reshape(normalize(reshape<Rank.R4>(x, [batch, length, 1, channels])), x.shape) as X;
  });
}
