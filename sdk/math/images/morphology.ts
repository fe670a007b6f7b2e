import type { Triple } from '../../data/images/affine';
import { connectedComponents, reachableFrom } from './connected-components';
import { squaredDistances } from './distance-transform';

// A ball may be of any size at the same cost: a voxel belongs to a dilated mask when it is at most one radius away
// from it. What is beyond the image is left out of account: it neither grows into a mask nor eats it away, so that
// opening never adds and closing never removes a voxel, at the edges too.

/**
 * Grows a mask by an ellipsoid.
 *
 * @param radius - half axes of the ellipsoid in voxels; 0 leaves an axis alone
 */
export function dilate(mask: Uint8Array, shape: Triple, radius: Triple): Uint8Array {
  const near = squaredDistances(mask, shape, inverse(radius));
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = near[i] <= oneRadius ? 1 : 0;
  return out;
}

/**
 * Shrinks a mask by an ellipsoid.
 *
 * @param radius - half axes of the ellipsoid in voxels; 0 leaves an axis alone
 */
export function erode(mask: Uint8Array, shape: Triple, radius: Triple): Uint8Array {
  const near = squaredDistances(complement(mask), shape, inverse(radius));
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = near[i] <= oneRadius ? 0 : 1;
  return out;
}

/** Erodes, then dilates: takes away what is thinner than the ellipsoid. */
export function open(mask: Uint8Array, shape: Triple, radius: Triple): Uint8Array {
  return dilate(erode(mask, shape, radius), shape, radius);
}

/** Dilates, then erodes: fills gaps narrower than the ellipsoid. */
export function close(mask: Uint8Array, shape: Triple, radius: Triple): Uint8Array {
  return erode(dilate(mask, shape, radius), shape, radius);
}

/** Fills what a mask encloses: background from which no way through voxel faces leads to the edge of the image. */
export function fillHoles(mask: Uint8Array, shape: Triple): Uint8Array {
  return complement(reachableFrom(complement(mask), shape, edgeVoxels(shape)));
}

/** Keeps the largest 6-connected component of a mask, the first met of equals. An empty mask stays empty. */
export function largestComponent(mask: Uint8Array, shape: Triple): Uint8Array {
  const { labels, sizes } = connectedComponents(mask, shape);
  const largest = sizes.reduce((best, size, at) => (size > sizes[best] ? at : best), 0) + 1;
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = labels[i] === largest ? 1 : 0;
  return out;
}

/** One radius, squared, with room for the rounding of float32. */
const oneRadius = 1 + 1e-5;

/** The spacing in which the half axes of an ellipsoid all measure one. */
function inverse([x, y, z]: Triple): Triple {
  return [1 / x, 1 / y, 1 / z];
}

function complement(mask: Uint8Array): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = mask[i] === 0 ? 1 : 0;
  return out;
}

function* edgeVoxels([nx, ny, nz]: Triple): Generator<number> {
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const whole = z === 0 || z === nz - 1 || y === 0 || y === ny - 1;
      const step = whole || nx === 1 ? 1 : nx - 1;
      for (let x = 0; x < nx; x += step) yield x + nx * (y + ny * z);
    }
  }
}
