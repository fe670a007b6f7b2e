import { axisCodes } from '../data/images/affine';
import { provenanceStep } from '../data/provenance';
import { turning, turnVoxels } from '../data/images/turning';
import type { Volume } from '../data/images/volume';
import { withVolume } from '../data/images/volume';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link reorient}. */
export interface ReorientOptions {
  /**
   * Where the axes of the grid shall lead, as three letters of R/L, A/P, S/I: `LPS` for an x axis to the left, a y axis
   * to the back and a z axis upwards.
   *
   * @defaultValue `'RAS'`
   */
  readonly to?: string;
}

/**
 * Turns the grid of a volume so that its axes run in the directions asked for, by exchanging and flipping axes: no
 * voxel changes its value or its place in the world. Oblique grids stay oblique and are turned to the nearest
 * directions.
 *
 * @throws ConcordError `invalid-option` when `to` names no orientation.
 */
export function reorient(volume: Volume, options: ReorientOptions = {}): Volume {
  requireCall('volumes.reorient', { volume, options });
  const { to = 'RAS' } = options;
  const turn = turning(volume, to);
  const step = provenanceStep('reorient', { to });
  if (axisCodes(volume.affine) === to) return withVolume(volume, {}, step);
  return withVolume(
    volume,
    {
      data: turnVoxels(volume.data, new Float32Array(volume.data.length), turn),
      ...turn.grid,
      ...(volume.mask === undefined
        ? {}
        : { mask: turnVoxels(volume.mask, new Uint8Array(volume.mask.length), turn) }),
    },
    step,
  );
}
