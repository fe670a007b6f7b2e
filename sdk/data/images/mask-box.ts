import type { Triple } from './affine';
import { ConcordError } from '../../errors';

/** A box of voxels: the first along each axis, and one past the last. */
export interface VoxelBox {
  readonly from: Triple;
  readonly to: Triple;
}

/**
 * The smallest box around the voxels of a mask.
 *
 * @throws ConcordError `failed-step` when the mask is empty.
 */
export function maskBox(mask: Uint8Array, shape: Triple): VoxelBox {
  const [nx, ny, nz] = shape;
  const low = [nx, ny, nz];
  const high = [0, 0, 0];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      for (let i = 0; i < nx; i++) {
        if (mask[row + i] === 0) continue;
        if (i < low[0]) low[0] = i;
        if (i >= high[0]) high[0] = i + 1;
        if (j < low[1]) low[1] = j;
        if (j >= high[1]) high[1] = j + 1;
        low[2] = Math.min(low[2], k);
        high[2] = k + 1;
      }
    }
  }
  if (high[0] === 0) {
    throw new ConcordError('failed-step', 'the mask is empty (supply one that has the brain in it)');
  }
  return { from: [low[0], low[1], low[2]], to: [high[0], high[1], high[2]] };
}
