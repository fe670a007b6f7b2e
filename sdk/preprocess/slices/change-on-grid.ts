import type { Triple } from '../../data/images/affine';
import type { Volume } from '../../data/images/volume';
import { makeVolume, requireMask } from '../../data/images/volume';
import { resample } from '../resample';

/**
 * Brings what was changed in a resampled volume back to the grid that it was resampled from.
 *
 * @param volume - the grid wanted
 * @param resampled - before the change, with its mask
 * @param changed - after it, on the same grid
 * @param scale - how intensities were scaled as a whole: the resampled volume on that scale is subtracted from the
 * changed one, so that the difference can be added to the volume's own detail; without it, the changed volume itself
 * comes back
 * @returns the change at each voxel, and what was there before it on that scale, as far as the resampled volume shows
 * it: both mean something inside of the mask only
 */
export function changeOnGrid(
  volume: Volume,
  resampled: Volume,
  { changed, scale }: { readonly changed: Volume; readonly scale?: (value: number) => number },
): { readonly added: Float32Array; readonly before: Float32Array } {
  const mask = requireMask(resampled, 'putting slices back');
  const before = (voxel: number): number => scale?.(resampled.data[voxel]) ?? 0;
  const inside = changed.data.map((value, voxel) => (mask[voxel] === 0 ? NaN : value - before(voxel)));
  const back = (values: Float32Array): Float32Array => {
    // Beyond the brain the change continues as at the rim: else it would fade there, between the voxels of both grids.
    const data = spread(spread(values, resampled.shape), resampled.shape).map((value) =>
      value - value === 0 ? value : 0,
    );
    const coarse = makeVolume(data, { shape: resampled.shape, affine: resampled.affine });
    return resample(coarse, { grid: { shape: volume.shape, affine: volume.affine }, antialias: false }).data;
  };
  const kept = changed.data.map((_, voxel) => (mask[voxel] === 0 ? NaN : before(voxel)));
  return { added: back(inside), before: scale === undefined ? kept : back(kept) };
}

/**
 * Changes a voxel by what changed around it: what becomes brighter is added to, what becomes darker is multiplied. So a
 * voxel that is darker than its surroundings on the coarser grid, such as CSF in a sulcus, does not fall below 0, where
 * no signal is.
 */
export function changedVoxel(value: number, added: number, before: number): number {
  if (added >= 0 || value <= 0 || before <= 0) return value + added;
  return value * Math.max(0, 1 + added / before);
}

/** Gives voxels that are NaN the mean of their neighbors along the axes that are not. */
function spread(data: Float32Array, [nx, ny, nz]: Triple): Float32Array {
  const steps = [1, nx, nx * ny];
  const sizes = [nx, ny, nz];
  return data.map((value, voxel) => {
    if (!Number.isNaN(value)) return value;
    let sum = 0;
    let count = 0;
    for (const [axis, step] of steps.entries()) {
      const place = Math.floor(voxel / step) % sizes[axis];
      for (const side of [-1, 1]) {
        if (place + side < 0 || place + side >= sizes[axis] || Number.isNaN(data[voxel + side * step]))
          continue;
        sum += data[voxel + side * step];
        count++;
      }
    }
    return count === 0 ? NaN : sum / count;
  });
}
