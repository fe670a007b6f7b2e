import type { Affine, Triple } from '../../data/images/affine';
import { composeAffines, invertAffine, makeAffine, transformPoint } from '../../data/images/affine';
import type { Volume } from '../../data/images/volume';
import { interpolateAffine } from '../../math/images/interpolation-affine';
import { backgroundValue } from '../background-value';

/** An image on a grid of cubic voxels whose axes run to the right, the front and upwards. */
export interface WorkingImage {
  readonly data: Float32Array;
  readonly shape: Triple;
  /** Edge of a voxel in mm. */
  readonly spacing: number;
  /** Voxel indices to RAS millimeters. */
  readonly affine: Affine;
}

/**
 * Samples a volume on a working grid that covers it, whatever way its own axes run: finer voxels are averaged first,
 * then interpolated linearly. A volume that is on such a grid already keeps its values. Places outside it
 * have its lowest value, and so has padding (0 may be in the middle of intensities that were normalized before) and
 * voxels that are not finite.
 *
 * @param spacing - edge of a working voxel in mm
 */
export function toWorkingGrid(volume: Volume, spacing: number): WorkingImage {
  const lowest = lowestValue(volume.data);
  const coarse = averageBlocks(volume, spacing, lowest);
  const corners = cornersOf(coarse.shape).map((corner) => transformPoint(coarse.affine, corner));
  const low = [0, 1, 2].map((axis) => Math.min(...corners.map((corner) => corner[axis])));
  const high = [0, 1, 2].map((axis) => Math.max(...corners.map((corner) => corner[axis])));
  const size = (axis: number): number =>
    Math.max(1, Math.ceil((high[axis] - low[axis]) / spacing - 1e-3) + 1);
  const shape: Triple = [size(0), size(1), size(2)];
  const affine = makeAffine([spacing, spacing, spacing], [low[0], low[1], low[2]]);
  const matrix = composeAffines(invertAffine(coarse.affine), affine);
  const data = interpolateAffine(coarse.data, coarse.shape, {
    shape,
    matrix,
    interpolation: 'linear',
    fill: lowest,
  });
  return { data, shape, spacing, affine };
}

/** Brings values on the working grid back to the grid of a volume, interpolated linearly. */
export function fromWorkingGrid(values: Float32Array, image: WorkingImage, volume: Volume): Float32Array {
  const matrix = composeAffines(invertAffine(image.affine), volume.affine);
  return interpolateAffine(values, image.shape, {
    shape: volume.shape,
    matrix,
    interpolation: 'linear',
    fill: 0,
  });
}

interface Sampled {
  readonly data: Float32Array;
  readonly shape: Triple;
  readonly affine: Affine;
}

function lowestValue(data: Float32Array): number {
  let lowest = Infinity;
  for (let i = 0; i < data.length; i++) if (data[i] < lowest && Number.isFinite(data[i])) lowest = data[i];
  return lowest;
}

/** The background, where so many voxels share it exactly that it was not measured but put there. */
function padding({ data, shape }: Volume): number {
  const value = backgroundValue(data, shape);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === value) count++;
  return count > 0.05 * data.length ? value : NaN;
}

/** Averages blocks of voxels that together are no larger than the working spacing. */
function averageBlocks(volume: Volume, spacing: number, lowest: number): Sampled {
  const { data, shape: from, affine } = volume;
  const outside = padding(volume);
  const block = (axis: number): number =>
    Math.max(1, Math.min(from[axis], Math.floor(spacing / volume.spacing[axis] + 1e-3)));
  const bx = block(0);
  const by = block(1);
  const bz = block(2);
  const shape: Triple = [Math.ceil(from[0] / bx), Math.ceil(from[1] / by), Math.ceil(from[2] / bz)];
  const sums = new Float32Array(shape[0] * shape[1] * shape[2]);
  const counts = new Uint16Array(sums.length);
  for (let z = 0, at = 0; z < from[2]; z++) {
    for (let y = 0; y < from[1]; y++) {
      const row = shape[0] * (Math.floor(y / by) + shape[1] * Math.floor(z / bz));
      for (let x = 0; x < from[0]; x++, at++) {
        const to = row + Math.floor(x / bx);
        sums[to] += Number.isFinite(data[at]) && data[at] !== outside ? data[at] : lowest;
        counts[to]++;
      }
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i] /= counts[i];
  const middles = makeAffine([bx, by, bz], [(bx - 1) / 2, (by - 1) / 2, (bz - 1) / 2]);
  return { data: sums, shape, affine: composeAffines(affine, middles) };
}

function cornersOf([nx, ny, nz]: Triple): Triple[] {
  return [0, nx - 1].flatMap((x) => [0, ny - 1].flatMap((y) => [0, nz - 1].map((z): Triple => [x, y, z])));
}
