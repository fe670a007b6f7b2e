import type { Triple } from '../../data/images/affine';
import { composeAffines, makeAffine } from '../../data/images/affine';
import type { HeadPosition } from './find-head';
import type { WorkingImage } from './working-grid';

/** How far around the center what is kept reaches to the sides, front and back, and down, in radii of the head. */
const extent = { side: 1.2, front: 1.6, down: 1.4, up: 1.4 };

/** Cuts the part that can hold brain out of an image, so that neck, chest and empty space cost no time. */
export function cropToHead(
  image: WorkingImage,
  head: HeadPosition,
): { readonly image: WorkingImage; readonly head: HeadPosition } {
  const { center, radius } = head;
  const before: Triple = [extent.side, extent.front, extent.down];
  const after: Triple = [extent.side, extent.front, extent.up];
  const from = center.map((middle, axis) => Math.max(0, Math.floor(middle - before[axis] * radius)));
  const to = center.map((middle, axis) =>
    Math.min(image.shape[axis], Math.ceil(middle + after[axis] * radius) + 1),
  );
  const shape: Triple = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const start = from[0] + image.shape[0] * (y + from[1] + image.shape[1] * (z + from[2]));
      data.set(image.data.subarray(start, start + shape[0]), shape[0] * (y + shape[1] * z));
    }
  }
  const shift = makeAffine([1, 1, 1], [from[0], from[1], from[2]]);
  return {
    image: { ...image, data, shape, affine: composeAffines(image.affine, shift) },
    head: { ...head, center: [center[0] - from[0], center[1] - from[1], center[2] - from[2]] },
  };
}
