import type { Grid } from '../../data/images/volume';
import { sameGrid } from '../../data/images/volume';
import { imageError } from './image-error';
import { readFrame } from './read-frame';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Reads a mask for an image: every voxel above 0 is inside, so label maps and probability maps (any chance) will do.
 *
 * @param like - the volume it is for; both grids must agree
 * @returns 1 inside, 0 outside, one per voxel of the grid
 * @throws ConcordError `different-grids`; `invalid-voxels` when nothing is inside; `unreadable-file`,
 * `malformed-image`, `unsupported-format`.
 */
export async function readMask(path: string, like: Grid): Promise<Uint8Array> {
  requirePath('volumes.readMask', path);
  requireCall('volumes.readMask', { path, like });
  const { data, layout } = await readFrame(path, 0);
  requireGrid(path, layout, like);
  const mask = new Uint8Array(data.length);
  let inside = 0;
  for (let at = 0; at < data.length; at++) {
    if (!(data[at] > 0)) continue;
    mask[at] = 1;
    inside++;
  }
  if (inside === 0) {
    throw imageError(
      'invalid-voxels',
      path,
      `empty mask: no voxel of ${path} is above 0 (give the mask of this image)`,
    );
  }
  return mask;
}

/**
 * Checks that a mask is on the grid of its image.
 *
 * @throws ConcordError `different-grids` naming both shapes.
 */
export function requireGrid(path: string, mask: Grid, image: Grid): void {
  if (sameGrid(image, mask)) return;
  const shapes = [mask, image].map(({ shape }) => shape.join(' × '));
  const how =
    shapes[0] === shapes[1]
      ? `both of ${shapes[0]} voxels, but their affines differ`
      : `${shapes[0]} voxels for an image of ${shapes[1]}`;
  throw imageError(
    'different-grids',
    path,
    `different grids: mask ${path} does not fit its image: ${how} (resample the mask to the grid of the image)`,
  );
}
