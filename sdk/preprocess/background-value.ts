import type { Triple } from '../data/images/affine';

/**
 * The intensity of what is outside of the head: the median of the eight corner voxels. It is 0 in most raw scans and
 * in z-scored brains whose background stayed 0, and where a head was normalized as a whole, it is what air became.
 */
export function backgroundValue(data: Float32Array, shape: Triple): number {
  const [nx, ny, nz] = shape;
  const corners = Float64Array.from({ length: 8 }, (_, corner) => {
    const i = (corner & 1) === 0 ? 0 : nx - 1;
    const j = (corner & 2) === 0 ? 0 : ny - 1;
    const k = (corner & 4) === 0 ? 0 : nz - 1;
    return data[i + nx * (j + ny * k)];
  }).sort();
  return (corners[3] + corners[4]) / 2;
}
