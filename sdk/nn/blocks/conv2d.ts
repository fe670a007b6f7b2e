import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, conv2d as convolve, pad as padZeros, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { biasedConv2d } from './biased-conv2d';
import { checkInput, checkSizes } from './check-input';
import type { Initialization } from './initialize';
import { initialize } from './initialize';
import type { Padding } from './padding';
import { padImages } from './padding';

/**
 * The weights of a convolution over images: a kernel `[height, width, in, out]` and, unless made without, a bias
 * `[out]`.
 */
export type Conv2d<Leaf> = { readonly kernel: Leaf } | { readonly kernel: Leaf; readonly bias: Leaf };

/** Options of {@link initConv2d}. */
export interface InitConv2dOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** The side of the window, or its height and width. @defaultValue 3 */
  readonly kernelSize?: number | readonly [number, number];
  /** Whether a learned number is added to each output channel; it starts at 0. @defaultValue true */
  readonly bias?: boolean;
  /** @defaultValue 'he-normal' */
  readonly initialization?: Initialization;
}

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  /** The step of the window along both axes. @defaultValue 1 */
  readonly stride?: number;
  /** What is beyond the edge. @defaultValue 'same' */
  readonly padding?: Padding;
  /** How far apart the values are that the window takes. @defaultValue 1 */
  readonly dilation?: number;
  /** Added to the result, of the same shape. @defaultValue nothing */
  readonly added?: Tensor4D;
}

/**
 * Draws the weights of a convolution over images.
 *
 * @throws ConcordError `invalid-option` for a size that is not a whole number above 0
 */
export function initConv2d(random: Random, options: InitConv2dOptions): Conv2d<WeightArray> {
  const { inChannels, outChannels, kernelSize = 3, bias = true, initialization = 'he-normal' } = options;
  const [height, width] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
  checkSizes('conv2d', { inChannels, outChannels, kernelHeight: height, kernelWidth: width });
  const kernel = initialize(random, [height, width, inChannels, outChannels], initialization);
  return bias ? { kernel, bias: initialize(random, [outChannels], 'zeros') } : { kernel };
}

/**
 * Convolves images (in the sense of networks: the kernel is not flipped) and adds the bias.
 *
 * @param x - images, `[N, H, W, in]`
 * @returns images, `[N, H′, W′, out]`
 * @throws ConcordError `invalid-option` when the input does not fit the kernel
 */
export function conv2d(weights: Conv2d<Tensor>, x: Tensor, options: Conv2dOptions = {}): Tensor4D {
  const { stride = 1, padding = 'same', dilation = 1, added } = options;
  checkSizes('conv2d', { stride, dilation });
  checkInput('conv2d', x, { ranks: [4], channels: weights.kernel.shape[2] });
  return tidy(() => {
    const filter = dilate(weights.kernel as Tensor4D, dilation);
    const window = { height: filter.shape[0], width: filter.shape[1], stride };
    const { padded, pad } = padImages(x as Tensor4D, window, padding);
    const [, height, width] = padded.shape;
    if (pad === 'valid' && (height < window.height || width < window.width)) {
      throw new ConcordError(
        'invalid-option',
        `conv2d: input of ${height} × ${width} with its padding is smaller than the window of ${window.height} × ${window.width}`,
      );
    }
    if ('bias' in weights) {
      return biasedConv2d(padded, { filter, bias: weights.bias as Tensor1D, added }, { stride, pad });
    }
    const convolved = convolve(padded, filter, stride, pad);
    return added === undefined ? convolved : add(convolved, added);
  });
}

/**
 * The kernel with zeros between its values. Backends convolve with a dilated window as well, but tfjs has no gradient
 * of that.
 */
function dilate(kernel: Tensor4D, dilation: number): Tensor4D {
  if (dilation === 1) return kernel;
  const [height, width, inChannels, outChannels] = kernel.shape;
  const tall = spread(kernel, { before: 1, length: height, dilation });
  const tallHeight = (height - 1) * dilation + 1;
  const wide = spread(tall, { before: tallHeight, length: width, dilation });
  return reshape(wide, [tallHeight, (width - 1) * dilation + 1, inChannels, outChannels]);
}

/** Puts zeros between the entries of one axis, which has `before` rows in front of it. */
function spread(
  x: Tensor,
  {
    before,
    length,
    dilation,
  }: { readonly before: number; readonly length: number; readonly dilation: number },
): Tensor {
  const after = x.size / before / length;
  const gaps: [number, number][] = [
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ];
  const apart = padZeros(reshape(x, [before * length, 1, after]), gaps);
  const longer = reshape(apart, [before, length * dilation, after]);
  return slice(longer, [0, 0, 0], [before, (length - 1) * dilation + 1, after]);
}
