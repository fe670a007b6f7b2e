import { nearestAxes } from '../../data/images/affine';
import { sliceAxes } from '../../data/images/image-set';
import type { Volume } from '../../data/images/volume';
import { requireMask } from '../../data/images/volume';
import type { SliceGrid } from '../resample-in-plane';

/** The share of the brain that may be left out at its rim: planes of a few voxels, as resampled masks have. */
const negligible = 0.001;

/** A mask that fits into slices. */
export interface TrimmedMask {
  readonly mask: Uint8Array;
  /** How many voxels were left out. */
  readonly left: number;
}

/**
 * Takes nearly empty planes off the rim of a brain mask that is a little larger than slices are, until it fits: those
 * with the fewest voxels first, and at most a thousandth of the brain. A mask that fits, or cannot, comes back as it
 * is.
 *
 * Of 219 real brains at 3 mm in slices of 64 × 64 pixels one does not fit: it takes 65 rows, 2 of its 265,071 voxels
 * are in the outermost.
 */
export function trimBorder(
  volume: Volume,
  { plane, size }: Pick<SliceGrid, 'plane'> & { readonly size: readonly [height: number, width: number] },
): TrimmedMask {
  const given = requireMask(volume, 'working on the slices of a scan');
  const { shape } = volume;
  const axes = nearestAxes(volume.affine);
  const mask = given.slice();
  const inside = mask.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  let left = 0;
  for (const [side, world] of sliceAxes[plane].entries()) {
    const axis = axes.findIndex((own) => own.world === world);
    const step = shape.slice(0, axis).reduce((product, length) => product * length, 1);
    const placeOf = (voxel: number): number => Math.floor(voxel / step) % shape[axis];
    const counts = new Float64Array(shape[axis]);
    mask.forEach((value, voxel) => {
      if (value !== 0) counts[placeOf(voxel)]++;
    });
    const before = left;
    let from = counts.findIndex((count) => count > 0);
    let to = counts.findLastIndex((count) => count > 0);
    while (to - from + 1 > size[side]) left += counts[from] < counts[to] ? counts[from++] : counts[to--];
    if (left > negligible * inside) return { mask: given, left: 0 };
    if (left === before) continue;
    mask.forEach((_, voxel) => {
      if (placeOf(voxel) < from || placeOf(voxel) > to) mask[voxel] = 0;
    });
  }
  return left === 0 ? { mask: given, left } : { mask, left };
}
