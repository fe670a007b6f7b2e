import type { Triple } from '../../data/images/affine';

/** How values between voxels are found: `cubic` is interpolation by cubic B-splines. */
export type Interpolation = 'nearest' | 'linear' | 'cubic';

/**
 * The value at a point between voxels by trilinear interpolation. Voxels fill space up to half a voxel beyond the
 * outermost centers; there the image is mirrored about these centers. Beyond that is `outside`.
 *
 * @param data - intensities, x fastest
 * @param shape - voxels along each axis
 * @param x - position in voxels, voxel centers at whole numbers; y and z alike
 */
export function sampleLinear(
  data: ArrayLike<number>,
  shape: Triple,
  x: number,
  y: number,
  z: number,
  outside: number = 0,
): number {
  const [nx, ny, nz] = shape;
  if (!(inside(x, nx) && inside(y, ny) && inside(z, nz))) return outside;
  const px = mirror(x, nx);
  const py = mirror(y, ny);
  const pz = mirror(z, nz);
  const i = Math.floor(px);
  const j = Math.floor(py);
  const k = Math.floor(pz);
  const u = px - i;
  const v = py - j;
  const w = pz - k;
  const right = i + 1 < nx ? 1 : 0;
  const front = j + 1 < ny ? nx : 0;
  const up = k + 1 < nz ? nx * ny : 0;
  const at = i + nx * (j + ny * k);
  const low = lerp(
    lerp(data[at], data[at + right], u),
    lerp(data[at + front], data[at + front + right], u),
    v,
  );
  const over = at + up;
  const high = lerp(
    lerp(data[over], data[over + right], u),
    lerp(data[over + front], data[over + front + right], u),
    v,
  );
  return lerp(low, high, w);
}

/** The value of the voxel that a point is in; `outside` where there is none. Points midway belong to the higher. */
export function sampleNearest(
  data: ArrayLike<number>,
  shape: Triple,
  x: number,
  y: number,
  z: number,
  outside: number = 0,
): number {
  const [nx, ny, nz] = shape;
  const i = Math.floor(x + 0.5);
  const j = Math.floor(y + 0.5);
  const k = Math.floor(z + 0.5);
  const there = i >= 0 && i < nx && j >= 0 && j < ny && k >= 0 && k < nz;
  return there ? data[i + nx * (j + ny * k)] : outside;
}

/**
 * The value at a point between voxels by a cubic B-spline through them. Borders as in {@link sampleLinear}.
 *
 * @param coefficients - of the spline, from `cubicPrefilter`: the voxels themselves would give a blurred image
 * @param shape - voxels along each axis
 * @param x - position in voxels, voxel centers at whole numbers; y and z alike
 */
export function sampleCubic(
  coefficients: ArrayLike<number>,
  shape: Triple,
  x: number,
  y: number,
  z: number,
  outside: number = 0,
): number {
  const [nx, ny, nz] = shape;
  if (!(inside(x, nx) && inside(y, ny) && inside(z, nz))) return outside;
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  let sum = 0;
  for (let c = 0; c < 4; c++) {
    const plane = ny * mirror(k + c - 1, nz);
    let planeSum = 0;
    for (let b = 0; b < 4; b++) {
      const row = nx * (mirror(j + b - 1, ny) + plane);
      let rowSum = 0;
      for (let a = 0; a < 4; a++) {
        rowSum += cubicWeight(a, x - i) * coefficients[row + mirror(i + a - 1, nx)];
      }
      planeSum += cubicWeight(b, y - j) * rowSum;
    }
    sum += cubicWeight(c, z - k) * planeSum;
  }
  return sum;
}

/**
 * The weight of one of the four coefficients around a point: the cubic B-spline (Unser 1999, "Splines: a perfect fit
 * for signal and image processing", IEEE Signal Processing Magazine 16(6), equation 2).
 *
 * @param tap - 0 to 3: the coefficients at −1, 0, 1 and 2 from the voxel left of the point
 * @param t - how far the point is behind that voxel, 0 to 1
 */
export function cubicWeight(tap: number, t: number): number {
  if (tap === 0) return ((1 - t) * (1 - t) * (1 - t)) / 6;
  if (tap === 1) return (4 - 3 * t * t * (2 - t)) / 6;
  if (tap === 2) return (4 - 3 * (1 - t) * (1 - t) * (1 + t)) / 6;
  return (t * t * t) / 6;
}

/** Whether a position is in the field of view of an axis of `size` voxels: at most half a voxel from a center. */
export function inside(position: number, size: number): boolean {
  return position >= -0.5 && position <= size - 0.5;
}

/** A position brought into 0 … `size` − 1 by mirroring at the centers of the first and last voxel. */
export function mirror(position: number, size: number): number {
  if (position >= 0 && position <= size - 1) return position;
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = Math.abs(position) % period;
  return folded < size ? (folded > size - 1 ? period - folded : folded) : period - folded;
}

function lerp(from: number, to: number, part: number): number {
  return from + part * (to - from);
}
