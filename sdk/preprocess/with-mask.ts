import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/images/volume';
import { sameGrid, withVolume } from '../data/images/volume';
import { ConcordError } from '../errors';
import { requireCall } from '../data/calls/require-call';

/**
 * Gives a volume your brain mask, in the place of any it has.
 *
 * @param mask - one value per voxel, or a volume on the same grid: what is above 0 is inside
 * @throws ConcordError `different-grids` when the mask is on another grid; `invalid-option` when it has another size
 * or nothing is inside.
 *
 * @example
 * ```ts
 * const masked = volumes.withMask(volume, await readVolume('sub-01_desc-brain_mask.nii.gz'));
 * ```
 */
export function withMask(volume: Volume, mask: Uint8Array | Volume): Volume {
  requireCall('volumes.withMask', { volume, mask });
  const values = mask instanceof Uint8Array ? mask : mask.data;
  if (!(mask instanceof Uint8Array) && !sameGrid(volume, mask)) {
    throw new ConcordError(
      'different-grids',
      `different grids: a mask of ${mask.shape.join(' × ')} voxels does not fit a volume of ` +
        `${volume.shape.join(' × ')} (resample the mask to the grid of the volume)`,
    );
  }
  if (values.length !== volume.data.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid mask: ${values.length} voxels for a volume of ${volume.data.length} (one value per voxel is required)`,
    );
  }
  const { inside, count } = above0(values);
  if (count === 0) {
    throw new ConcordError(
      'invalid-option',
      'empty mask: no voxel is above 0 (give the mask of this volume)',
    );
  }
  return withVolume(volume, { mask: inside }, provenanceStep('withMask', { voxels: count }));
}

function above0(values: ArrayLike<number>): { readonly inside: Uint8Array; readonly count: number } {
  const inside = new Uint8Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (!(values[at] > 0)) continue;
    inside[at] = 1;
    count++;
  }
  return { inside, count };
}
