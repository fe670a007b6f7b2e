import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import type { AdaptiveInstanceNorm } from './adaptive-norm';
import { adaptiveInstanceNorm } from './adaptive-norm';
import type { Features } from './convolution';
import type { Norm, NormOptions } from './norm';
import { instanceNorm } from './norm';

/**
 * Normalizes each channel of each image by itself; scale and shift are learned, or follow from a style where the weights
 * were made for one.
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @param options - the block that it belongs to, for messages; the style, `[N, style size]`
 * @throws ConcordError `invalid-option` when the input does not fit the weights, or a style is missing or not expected
 */
export function steeredNorm<X extends Features>(
  weights: Norm<Tensor> | AdaptiveInstanceNorm<Tensor>,
  x: X,
  { block, style, ...options }: NormOptions & { readonly block: string; readonly style?: Tensor2D },
): X {
  if ('style' in weights && style !== undefined) {
    return adaptiveInstanceNorm(weights, x, { style, ...options });
  }
  if ('scale' in weights && style === undefined) return instanceNorm(weights, x, options);
  const found =
    style === undefined
      ? 'no style was given, but the weights expect one'
      : 'a style was given, but the weights expect none';
  throw new ConcordError('invalid-option', `${block}: ${found}`);
}
