import type { backend_util } from '@tensorflow/tfjs-core';

/** What one position of a convolution's window takes from the image, and with which matrix of the filter. */
export interface Tap {
  /** Which pixel, seen from the first one of an output pixel. */
  readonly row: number;
  readonly column: number;
  /** Where its matrix `[in, out]` begins in the filter, in values. */
  readonly offset: number;
}

type Geometry = backend_util.Conv2DInfo;

/** The taps of a convolution, for output pixels that are `strideHeight` and `strideWidth` apart in the image. */
export function windowTaps(geometry: Geometry): Tap[] {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, padInfo } = geometry;
  return everyTap(filterHeight, filterWidth, geometry).map(({ y, x, offset }) => ({
    row: y * dilationHeight - padInfo.top,
    column: x * dilationWidth - padInfo.left,
    offset,
  }));
}

/**
 * The taps through which pixels (i·strideHeight + row, j·strideWidth + column) of the image have entered the output of
 * a convolution: seen from output pixel (i, j). With a stride, a pixel has entered through part of the window only.
 */
export function tapsOnto(
  { row, column }: { readonly row: number; readonly column: number },
  geometry: Geometry,
): Tap[] {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, padInfo } = geometry;
  return everyTap(filterHeight, filterWidth, geometry)
    .map(({ y, x, offset }) => ({
      row: (row + padInfo.top - y * dilationHeight) / geometry.strideHeight,
      column: (column + padInfo.left - x * dilationWidth) / geometry.strideWidth,
      offset,
    }))
    .filter((tap) => Number.isInteger(tap.row) && Number.isInteger(tap.column));
}

function everyTap(
  height: number,
  width: number,
  { inChannels, outChannels }: Geometry,
): { y: number; x: number; offset: number }[] {
  return Array.from({ length: height * width }, (_, index) => ({
    y: Math.floor(index / width),
    x: index % width,
    offset: index * inChannels * outChannels,
  }));
}
