import type { Tensor } from '@tensorflow/tfjs-core';
import { reshape, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Features } from '../../nn/blocks/convolution';

/**
 * Joins squares of pixels into one position with as many times the channels (of sequences: neighbors), so that the
 * network works at a coarser grid and loses nothing.
 *
 * @param x - `[N, H, W, C]` or `[N, length, C]`
 * @returns `[N, H/p, W/p, p²·C]` or `[N, length/p, p·C]`
 */
export function toPatches<X extends Features>(x: X, patch: number): X {
  if (patch === 1) return x;
  if (x.rank === 3) {
    const [batch, length, channels] = x.shape;
    return reshape(x as Tensor, [batch, length / patch, patch * channels]) as X;
  }
  return tidy(() => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const rows = height / patch;
    const columns = width / patch;
    // Rows of a patch stand apart, its columns together with the channels: one exchange of axes brings them together.
    const apart = reshape(x as Tensor, [batch * rows, patch, columns, patch * channels]);
    return reshape(transpose(apart, [0, 2, 1, 3]), [batch, rows, columns, patch * patch * channels]) as X;
  });
}

/** Undoes {@link toPatches}. */
export function fromPatches<X extends Features>(x: X, patch: number): X {
  if (patch === 1) return x;
  if (x.rank === 3) {
    const [batch, length, channels] = x.shape;
    return reshape(x as Tensor, [batch, length * patch, channels / patch]) as X;
  }
  return tidy(() => {
    const [batch, rows, columns, all] = x.shape as [number, number, number, number];
    const channels = all / patch / patch;
    const together = reshape(x as Tensor, [batch * rows, columns, patch, patch * channels]);
    const shape: [number, number, number, number] = [batch, rows * patch, columns * patch, channels];
    return reshape(transpose(together, [0, 2, 1, 3]), shape) as X;
  });
}
