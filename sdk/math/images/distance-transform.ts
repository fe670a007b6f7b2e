import type { Triple } from '../../data/images/affine';

/**
 * Measures how far every voxel is from the nearest voxel of a mask: exact Euclidean distances between voxel centers
 * (Felzenszwalb & Huttenlocher 2012, "Distance transforms of sampled functions", Theory of Computing 8: the lower
 * envelope of parabolas, one axis after the other).
 *
 * @param mask - voxels that are not 0 have distance 0
 * @param spacing - distance between neighboring voxels along each axis; distances are in its unit. Along an axis of
 * infinite spacing, voxels at different places are infinitely far from each other
 * @returns distances, `Infinity` everywhere for an empty mask
 */
export function distanceTransform(mask: Uint8Array, shape: Triple, spacing: Triple): Float32Array {
  const squared = squaredDistances(mask, shape, spacing);
  for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i]);
  return squared;
}

/** The square of {@link distanceTransform}. */
export function squaredDistances(mask: Uint8Array, shape: Triple, spacing: Triple): Float32Array {
  const distances = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; i++) distances[i] = mask[i] === 0 ? Infinity : 0;
  const [nx, ny, nz] = shape;
  const strides = [1, nx, nx * ny];
  for (let axis = 0; axis < 3; axis++) {
    if (!Number.isFinite(spacing[axis]) || shape[axis] === 1) continue;
    const line = new EnvelopeLine(shape[axis], spacing[axis] ** 2);
    // The two other axes, the one that is closer in memory inside.
    const [inner, outer] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
    for (let j = 0; j < [nx, ny, nz][outer]; j++) {
      for (let i = 0; i < [nx, ny, nz][inner]; i++) {
        line.transform(distances, i * strides[inner] + j * strides[outer], strides[axis]);
      }
    }
  }
  return distances;
}

/** The one-dimensional transform, with the arrays it works in. */
class EnvelopeLine {
  private readonly values: Float64Array;
  /** Where the parabolas of the envelope are. */
  private readonly places: Int32Array;
  /** From where on each parabola is the lowest. */
  private readonly starts: Float64Array;

  constructor(
    private readonly size: number,
    private readonly weight: number,
  ) {
    this.values = new Float64Array(size);
    this.places = new Int32Array(size);
    this.starts = new Float64Array(size);
  }

  transform(data: Float32Array, offset: number, stride: number): void {
    let nonZero = false;
    for (let q = 0, at = offset; q < this.size; q++, at += stride) {
      this.values[q] = data[at];
      if (data[at] !== 0) nonZero = true;
    }
    const last = nonZero ? this.envelope() : -1;
    if (last < 0) return;
    const { values, places, starts, weight } = this;
    for (let q = 0, k = 0, at = offset; q < this.size; q++, at += stride) {
      while (k < last && starts[k + 1] < q) k++;
      const step = q - places[k];
      data[at] = weight * step * step + values[places[k]];
    }
  }

  /** Finds the lower envelope; returns the index of its last parabola, -1 where all values are infinite. */
  private envelope(): number {
    const { values, places, starts, weight, size } = this;
    let last = -1;
    for (let q = 0; q < size; q++) {
      if (values[q] === Infinity) continue;
      let start = -Infinity;
      while (last >= 0) {
        const p = places[last];
        start = (values[q] - values[p] + weight * (q * q - p * p)) / (2 * weight * (q - p));
        if (start > starts[last]) break;
        last--;
        start = -Infinity;
      }
      last++;
      places[last] = q;
      starts[last] = start;
    }
    return last;
  }
}
