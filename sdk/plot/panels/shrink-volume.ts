import type { Affine, Triple } from '../../data/images/affine';
import { composeAffines } from '../../data/images/affine';
import type { Grid, Volume } from '../../data/images/volume';

/** A grid with what is on it, as a viewer takes it. */
export interface ViewedGrid extends Grid {
  readonly data: Float32Array;
  readonly mask?: Uint8Array;
  /** How many voxels of the volume became one, along each axis. */
  readonly factors: Triple;
}

/**
 * Makes a volume small enough to be put into a page: blocks of voxels become their mean, as many along each axis as it
 * takes, the finest axis first. A block is in the mask when at least half of it is.
 *
 * @param most - voxels of the result at most
 */
export function shrinkVolume(volume: Volume, most: number): ViewedGrid {
  const factors = chooseFactors(volume, most);
  if (factors.every((factor) => factor === 1)) {
    const { data, shape, affine, mask } = volume;
    return { data, shape, affine, factors, ...(mask === undefined ? {} : { mask }) };
  }
  const shape = volume.shape.map((size, axis) => Math.ceil(size / factors[axis])) as unknown as Triple;
  const means = blockMeans(volume.data, volume.shape, factors);
  const share = volume.mask === undefined ? undefined : blockMeans(volume.mask, volume.shape, factors);
  return {
    data: means,
    shape,
    affine: composeAffines(volume.affine, blockAffine(factors)),
    factors,
    ...(share === undefined ? {} : { mask: Uint8Array.from(share, (inside) => Number(inside >= 0.5)) }),
  };
}

function chooseFactors({ shape, spacing }: Volume, most: number): Triple {
  const factors: [number, number, number] = [1, 1, 1];
  const size = (): number =>
    shape.reduce((product, own, axis) => product * Math.ceil(own / factors[axis]), 1);
  while (size() > most) {
    const axes = [0, 1, 2].filter((axis) => factors[axis] < shape[axis]);
    const coarse = axes.map((axis) => spacing[axis] * factors[axis]);
    factors[axes[coarse.indexOf(Math.min(...coarse))]]++;
  }
  return factors;
}

/** Block indices to voxel indices: the center of a block is the mean of its voxels' centers. */
function blockAffine([a, b, c]: Triple): Affine {
  return [...[a, 0, 0, (a - 1) / 2], ...[0, b, 0, (b - 1) / 2], ...[0, 0, c, (c - 1) / 2], ...[0, 0, 0, 1]];
}

/** The mean of each block; at the far ends, of the voxels that are there. */
function blockMeans(data: Float32Array | Uint8Array, [nx, ny, nz]: Triple, [a, b, c]: Triple): Float32Array {
  const mx = Math.ceil(nx / a);
  const my = Math.ceil(ny / b);
  const mz = Math.ceil(nz / c);
  const sums = new Float32Array(mx * my * mz);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = mx * (Math.floor(j / b) + my * Math.floor(k / c));
      for (let i = 0; i < nx; i++, at++) sums[row + Math.floor(i / a)] += data[at];
    }
  }
  const filled = (size: number, factor: number, block: number): number =>
    Math.min(factor, size - block * factor);
  for (let k = 0, at = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      const side = filled(nz, c, k) * filled(ny, b, j);
      for (let i = 0; i < mx; i++, at++) sums[at] /= side * filled(nx, a, i);
    }
  }
  return sums;
}
