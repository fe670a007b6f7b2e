import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { concat, pad, reverse, slice } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';

/**
 * What is beyond the edge of an image while it is convolved.
 *
 * - `same`: as many zeros as make the output ceil(size / stride) long; where their number is odd, one more at the end.
 * - `valid`: nothing; the window stays inside.
 * - `reflect`: the image mirrored at its outermost values, floor((window − 1) / 2) on each side.
 * - a number, or one for the height and one for the width: that many zeros on each side.
 */
export type Padding = 'same' | 'valid' | 'reflect' | number | readonly [number, number];

/** The window of a convolution along height and width, dilation included, and its step. */
export interface Window {
  readonly height: number;
  readonly width: number;
  readonly stride: number;
}

/**
 * Pads images as far as the backend's convolution cannot do it itself.
 *
 * @param x - images, `[N, H, W, C]`
 * @returns the images to convolve and the padding that is left to the convolution
 * @throws ConcordError `invalid-option` when an image is too small to be mirrored that far, or the padding is invalid
 */
export function padImages(
  x: Tensor4D,
  window: Window,
  padding: Padding,
): { readonly padded: Tensor4D; readonly pad: 'same' | 'valid' } {
  if (padding === 'same' || padding === 'valid') return { padded: x, pad: padding };
  if (padding === 'reflect') {
    const rows = reflectAxis(x, 1, Math.floor((window.height - 1) / 2));
    return { padded: reflectAxis(rows, 2, Math.floor((window.width - 1) / 2)), pad: 'valid' };
  }
  const [rows, columns] = typeof padding === 'number' ? [padding, padding] : padding;
  if (![rows, columns].every((zeros) => Number.isInteger(zeros) && zeros >= 0)) {
    throw new ConcordError(
      'invalid-option',
      `invalid padding: ${JSON.stringify(padding)} (same, valid, reflect or whole numbers)`,
    );
  }
  if (rows === 0 && columns === 0) return { padded: x, pad: 'valid' };
  if (isSame(x, window, [rows, columns])) return { padded: x, pad: 'same' };
  const around: [number, number][] = [
    [0, 0],
    [rows, rows],
    [columns, columns],
    [0, 0],
  ];
  return { padded: pad(x, around), pad: 'valid' };
}

/** Whether `same` would put exactly that many zeros on each side, which saves a copy of the images. */
function isSame(
  x: Tensor4D,
  { height, width, stride }: Window,
  [rows, columns]: readonly [number, number],
): boolean {
  const needed = (size: number, length: number): number =>
    Math.max(0, (Math.ceil(size / stride) - 1) * stride + length - size);
  return needed(x.shape[1], height) === 2 * rows && needed(x.shape[2], width) === 2 * columns;
}

/**
 * Mirrors images at both ends of an axis, the outermost values not repeated. Made of slices because the gradient of
 * tfjs's own mirrorPad leaves out what the mirrored values contribute.
 */
function reflectAxis(x: Tensor4D, axis: 1 | 2, width: number): Tensor4D {
  if (width === 0) return x;
  const length = x.shape[axis];
  if (width >= length) {
    throw new ConcordError(
      'invalid-option',
      `invalid padding: reflect by ${width} on ${length} values (at most ${length - 1})`,
    );
  }
  const part = (from: number): Tensor => {
    const begin = [0, 0, 0, 0];
    const size: number[] = [...x.shape];
    begin[axis] = from;
    size[axis] = width;
    const values = slice(x, begin, size);
    return width === 1 ? values : reverse(values, axis);
  };
  return concat([part(1), x, part(length - 1 - width)], axis) as Tensor4D;
}
