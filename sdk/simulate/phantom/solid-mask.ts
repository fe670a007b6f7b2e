import type { Triple } from '../../data/images/affine';
import { connectedComponents } from '../../math/images/connected-components';
import { close, fillHoles } from '../../math/images/morphology';

/** Gaps up to twice this wide are closed, in mm. */
const closing = 1.5;

/** Pieces smaller than this are specks: in mm² of a slice. */
const leastArea = 100;

/**
 * Makes a mask solid, as brain extraction does: closes gaps up to 3 mm wide, fills holes, and leaves specks out. Of a
 * volume one piece is left; in a slice, where parts of the brain may be apart, every piece of at least 1 cm².
 *
 * @param spacing - voxel size in mm
 */
export function solidMask(mask: Uint8Array, shape: Triple, spacing: Triple): Uint8Array {
  const flat = shape[2] === 1;
  const radius: Triple = [closing / spacing[0], closing / spacing[1], flat ? 0 : closing / spacing[2]];
  const closed = close(mask, shape, radius);
  const filled = flat ? fillSlice(closed, shape) : fillHoles(closed, shape);
  const { labels, sizes } = connectedComponents(filled, shape);
  const least = flat ? leastArea / (spacing[0] * spacing[1]) : Math.max(...sizes, 1);
  return Uint8Array.from(labels, (label) => (label > 0 && sizes[label - 1] >= least ? 1 : 0));
}

/** Fills the holes of a slice: between two full ones, the only ways out are the slice's own edges. */
function fillSlice(mask: Uint8Array, [width, height]: Triple): Uint8Array {
  const area = width * height;
  const stack = new Uint8Array(3 * area).fill(1);
  stack.set(mask, area);
  return fillHoles(stack, [width, height, 3]).slice(area, 2 * area);
}
