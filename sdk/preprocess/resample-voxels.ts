import type { Affine, Triple } from '../data/images/affine';
import { composeAffines, invertAffine } from '../data/images/affine';
import type { Grid, Volume } from '../data/images/volume';
import { sameGrid } from '../data/images/volume';
import { gaussianFilter } from '../math/images/gaussian-filter';
import type { Interpolation } from '../math/images/interpolation';
import { interpolateAffine } from '../math/images/interpolation-affine';
import type { AxisPositions } from '../math/images/interpolation-separable';
import { interpolateAxes } from '../math/images/interpolation-separable';

/** How voxels are carried to another grid. */
export interface VoxelSampling {
  readonly interpolation: Interpolation;
  readonly antialias: boolean;
  readonly fill: number;
  /** Millimeters of the new grid → millimeters of the volume, where the two are not the same space. */
  readonly transform?: Affine;
}

/** The intensities of a volume on another grid. */
export function resampleVoxels(volume: Volume, grid: Grid, sampling: VoxelSampling): Float32Array {
  const { interpolation, antialias, fill, transform } = sampling;
  if (transform === undefined && sameGrid(volume, grid)) return volume.data;
  const toMillimeters = transform === undefined ? grid.affine : composeAffines(transform, grid.affine);
  const matrix = composeAffines(invertAffine(volume.affine), toMillimeters);
  const { shape } = volume;
  const smooth = antialias && interpolation !== 'nearest';
  const sigma: Triple = smooth ? smoothing(matrix) : [0, 0, 0];
  const axes = parallelAxes(matrix, grid.shape);
  if (axes === undefined) {
    const data = sigma.every((width) => width === 0)
      ? volume.data
      : gaussianFilter(volume.data, shape, sigma);
    return interpolateAffine(data, shape, { shape: grid.shape, matrix, interpolation, fill });
  }
  const exchanged = exchangeAxes(volume.data, shape, axes);
  const position = (axis: number): AxisPositions => ({
    start: matrix[4 * axes[axis] + 3],
    step: matrix[4 * axes[axis] + axis],
    count: grid.shape[axis],
  });
  return interpolateAxes(exchanged, take(shape, axes), {
    positions: [position(0), position(1), position(2)],
    interpolation,
    fill,
    sigma: take(sigma, axes),
  });
}

/** The mask of a volume on another grid, where it has one: inside where more than half of a voxel was. */
export function resampleMask(volume: Volume, grid: Grid, transform?: Affine): Uint8Array | undefined {
  if (volume.mask === undefined) return undefined;
  const soft = { ...volume, data: Float32Array.from(volume.mask) };
  const values = resampleVoxels(soft, grid, {
    interpolation: 'linear',
    antialias: true,
    fill: 0,
    transform,
  });
  return Uint8Array.from(values, (value) => (value > 0.5 ? 1 : 0));
}

/** How far to smooth, in voxels, along the axes that a grid, `matrix` away, samples more coarsely than the image does. */
function smoothing(matrix: Affine): Triple {
  const width = (axis: number): number => {
    const step = Math.hypot(matrix[4 * axis], matrix[4 * axis + 1], matrix[4 * axis + 2]);
    // A rotated grid of the same spacing has rows of length 1, up to rounding.
    return step > 1.001 ? Math.sqrt((step * step - 1) / (8 * Math.LN2)) : 0;
  };
  return [width(0), width(1), width(2)];
}

/** For each axis of the new grid the axis of the image it runs along, or `undefined` where the two are oblique. */
function parallelAxes(matrix: Affine, shape: Triple): Triple | undefined {
  const along = [0, 1, 2].map((column) => {
    const steps = [0, 1, 2].map((row) => Math.abs(matrix[4 * row + column]));
    const axis = steps.indexOf(Math.max(...steps));
    // Less than a hundred thousandth of a voxel off over the whole grid does not matter.
    const straight = steps.every((step, row) => row === axis || step * shape[column] < 1e-5);
    return straight ? axis : -1;
  });
  return [0, 1, 2].every((axis) => along.includes(axis)) ? [along[0], along[1], along[2]] : undefined;
}

function exchangeAxes(data: Float32Array, shape: Triple, axes: Triple): Float32Array {
  if (axes[0] === 0 && axes[1] === 1) return data;
  const [nx, ny, nz] = take(shape, axes);
  const [dx, dy, dz] = take([1, shape[0], shape[0] * shape[1]], axes);
  const result = new Float32Array(data.length);
  for (let k = 0, to = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0, from = j * dy + k * dz; i < nx; i++, from += dx) result[to++] = data[from];
    }
  }
  return result;
}

function take(values: Triple, axes: Triple): Triple {
  return [values[axes[0]], values[axes[1]], values[axes[2]]];
}
