import type { Address, Kernels } from '../wasm-module/kernels';
import { convolve } from './convolve';
import type { ConvolutionInput } from './convolution-input';
import type { Tap } from './window-taps';

/** A matrix is an image of one column whose pixels are the rows, seen through a window of one pixel. */
export const onePixel: readonly Tap[] = [{ row: 0, column: 0, offset: 0 }];

/** A product of rows with a matrix, how that is stored, and what is added. */
export interface RowsProduct extends Pick<
  ConvolutionInput,
  'depth' | 'filter' | 'filterDepthStep' | 'filterColumnStep' | 'bias' | 'added'
> {
  /** `[count, depth]` */
  readonly rows: Address;
  readonly count: number;
  /** `[count, columns]` */
  readonly out: Address;
  readonly columns: number;
}

/** Multiplies rows by a matrix. */
export function multiplyRows(kernels: Kernels, { rows, count, out, columns, ...matrix }: RowsProduct): void {
  convolve(
    kernels,
    {
      ...matrix,
      image: rows,
      batch: 1,
      height: count,
      width: 1,
      taps: onePixel,
      rowStep: 1,
      columnStep: 1,
    },
    {
      out,
      height: count,
      width: 1,
      channels: columns,
      imageStep: count * columns,
      rowStep: columns,
      columnStep: columns,
    },
  );
}
