import type { Affine, Triple } from '../../data/images/affine';
import type { Interpolation } from './interpolation';
import { mirror, sampleCubic, sampleLinear } from './interpolation';
import { cubicPrefilter } from './interpolation-prefilter';

/** The grid on which an image is sampled. */
export interface AffineSampling {
  /** Voxels of the new grid. */
  readonly shape: Triple;
  /** Indices of the new grid → indices of the image. */
  readonly matrix: Affine;
  readonly interpolation: Interpolation;
  /** What is outside of the image. */
  readonly fill: number;
}

/**
 * Samples an image on any other grid, rotated, scaled or sheared.
 *
 * @param data - intensities, x fastest
 * @param shape - voxels along each axis
 */
export function interpolateAffine(data: Float32Array, shape: Triple, sampling: AffineSampling): Float32Array {
  const { matrix: m, interpolation, fill } = sampling;
  const [nx, ny, nz] = sampling.shape;
  const result = new Float32Array(nx * ny * nz).fill(fill);
  const source = interpolation === 'cubic' ? cubicPrefilter(data, shape) : data;
  const row = { x: 0, y: 0, z: 0, dx: m[0], dy: m[4], dz: m[8], at: 0, from: 0, to: 0 };
  const sampleRow =
    interpolation === 'cubic' ? cubicRow : interpolation === 'linear' ? linearRow : nearestRow;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      row.x = m[1] * j + m[2] * k + m[3];
      row.y = m[5] * j + m[6] * k + m[7];
      row.z = m[9] * j + m[10] * k + m[11];
      row.at = nx * (j + ny * k);
      clipRow(row, shape, nx);
      if (row.from < row.to) sampleRow(source, shape, row, result);
    }
  }
  return result;
}

/** A row of the new grid in the indices of the image: where it starts, how it continues, and where it is inside. */
interface Row {
  x: number;
  y: number;
  z: number;
  readonly dx: number;
  readonly dy: number;
  readonly dz: number;
  at: number;
  from: number;
  to: number;
}

/** Finds the part of a row that is in the field of view. */
function clipRow(row: Row, shape: Triple, count: number): void {
  let low = 0;
  let high = count - 1;
  for (let axis = 0; axis < 3; axis++) {
    const start = axis === 0 ? row.x : axis === 1 ? row.y : row.z;
    const step = axis === 0 ? row.dx : axis === 1 ? row.dy : row.dz;
    const before = -0.5 - start;
    const behind = shape[axis] - 0.5 - start;
    if (Math.abs(step) < 1e-12) {
      if (before > 0 || behind < 0) high = -1;
    } else {
      // A hair of tolerance, so that rounding does not lose voxels that are exactly on the border.
      low = Math.max(low, Math.ceil((step > 0 ? before : behind) / step - 1e-9));
      high = Math.min(high, Math.floor((step > 0 ? behind : before) / step + 1e-9));
    }
  }
  row.from = low;
  row.to = high + 1;
}

function nearestRow(data: Float32Array, shape: Triple, row: Row, result: Float32Array): void {
  const [nx, ny, nz] = shape;
  for (let i = row.from; i < row.to; i++) {
    const x = Math.min(Math.max(Math.floor(row.x + i * row.dx + 0.5), 0), nx - 1);
    const y = Math.min(Math.max(Math.floor(row.y + i * row.dy + 0.5), 0), ny - 1);
    const z = Math.min(Math.max(Math.floor(row.z + i * row.dz + 0.5), 0), nz - 1);
    result[row.at + i] = data[x + nx * (y + ny * z)];
  }
}

function linearRow(data: Float32Array, shape: Triple, row: Row, result: Float32Array): void {
  const [nx, ny, nz] = shape;
  const slice = nx * ny;
  for (let at = row.from; at < row.to; at++) {
    const x = row.x + at * row.dx;
    const y = row.y + at * row.dy;
    const z = row.z + at * row.dz;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const k = Math.floor(z);
    if (i < 0 || j < 0 || k < 0 || i + 1 >= nx || j + 1 >= ny || k + 1 >= nz) {
      result[row.at + at] = sampleLinear(data, shape, within(x, nx), within(y, ny), within(z, nz));
      continue;
    }
    const u = x - i;
    const v = y - j;
    const w = z - k;
    const p = i + nx * j + slice * k;
    const a = data[p] + u * (data[p + 1] - data[p]);
    const b = data[p + nx] + u * (data[p + nx + 1] - data[p + nx]);
    const q = p + slice;
    const c = data[q] + u * (data[q + 1] - data[q]);
    const d = data[q + nx] + u * (data[q + nx + 1] - data[q + nx]);
    const low = a + v * (b - a);
    result[row.at + at] = low + w * (c + v * (d - c) - low);
  }
}

function cubicRow(data: Float32Array, shape: Triple, row: Row, result: Float32Array): void {
  const [nx, ny, nz] = shape;
  const slice = nx * ny;
  for (let at = row.from; at < row.to; at++) {
    const x = row.x + at * row.dx;
    const y = row.y + at * row.dy;
    const z = row.z + at * row.dz;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const k = Math.floor(z);
    if (i < 1 || j < 1 || k < 1 || i + 2 >= nx || j + 2 >= ny || k + 2 >= nz) {
      result[row.at + at] = sampleCubic(data, shape, within(x, nx), within(y, ny), within(z, nz));
      continue;
    }
    const u = x - i;
    const v = y - j;
    const w = z - k;
    const u0 = ((1 - u) * (1 - u) * (1 - u)) / 6;
    const u3 = (u * u * u) / 6;
    const u1 = (4 - 3 * u * u * (2 - u)) / 6;
    const u2 = 1 - u0 - u1 - u3;
    const v0 = ((1 - v) * (1 - v) * (1 - v)) / 6;
    const v3 = (v * v * v) / 6;
    const v1 = (4 - 3 * v * v * (2 - v)) / 6;
    const v2 = 1 - v0 - v1 - v3;
    const w0 = ((1 - w) * (1 - w) * (1 - w)) / 6;
    const w3 = (w * w * w) / 6;
    const w1 = (4 - 3 * w * w * (2 - w)) / 6;
    const w2 = 1 - w0 - w1 - w3;
    let sum = 0;
    let p = i - 1 + nx * (j - 1) + slice * (k - 1);
    for (let c = 0; c < 4; c++, p += slice) {
      const q = p + nx;
      const r = q + nx;
      const s = r + nx;
      sum +=
        (c === 0 ? w0 : c === 1 ? w1 : c === 2 ? w2 : w3) *
        (v0 * (u0 * data[p] + u1 * data[p + 1] + u2 * data[p + 2] + u3 * data[p + 3]) +
          v1 * (u0 * data[q] + u1 * data[q + 1] + u2 * data[q + 2] + u3 * data[q + 3]) +
          v2 * (u0 * data[r] + u1 * data[r + 1] + u2 * data[r + 2] + u3 * data[r + 3]) +
          v3 * (u0 * data[s] + u1 * data[s + 1] + u2 * data[s + 2] + u3 * data[s + 3]));
    }
    result[row.at + at] = sum;
  }
}

/** A position near the border, held in the field of view against rounding. */
function within(position: number, size: number): number {
  return mirror(Math.min(Math.max(position, -0.5), size - 0.5), size);
}
