import type { Triple } from '../../data/images/affine';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { GridPoints } from '../../math/images/b-spline-approximation';
import { quantile, sortedValues } from '../../math/statistics/quantiles';
import { advise, call, either, option } from '../../remedy';

/** What a field is estimated from: log intensities at some points of the grid. */
export interface FieldSamples {
  readonly points: GridPoints;
  /** The natural logarithm of the intensity at each point. */
  readonly logs: Float64Array;
}

/** As many as the first level has control points: fewer cannot separate a field from anatomy. */
const fewestSamples = 64;

/**
 * Voxels darker than this share of the median are air or holes in the mask: their logarithm is noise, and would
 * stretch the histogram until its bins are too wide.
 */
const darkestShare = 0.01;

/**
 * Takes the voxels in the mask at every `shrink`-th place along each axis, starting so that the places are centered.
 * Voxels are picked, not averaged: averages across the border of two tissues would blur the histogram.
 *
 * @throws ConcordError `too-little-data` when the mask holds too few positive voxels.
 */
export function fieldSamples(volume: Volume, mask: Uint8Array, shrink: Triple): FieldSamples {
  const all = positiveVoxels(volume, mask, shrink);
  const floor = darkestShare * quantile(sortedValues(all.values), 0.5);
  const points: number[] = [];
  for (let n = 0; n < all.values.length; n++) if (all.values[n] >= floor) points.push(n);
  requireEnough(points.length, shrink);
  return {
    points: inRows(
      volume.shape,
      Int32Array.from(points, (n) => all.at[n]),
    ),
    logs: Float64Array.from(points, (n) => Math.log(all.values[n])),
  };
}

/** The positive voxels in the mask at every `shrink`-th place, x fastest: where they are and what they are. */
function positiveVoxels(
  volume: Volume,
  mask: Uint8Array,
  shrink: Triple,
): { at: number[]; values: number[] } {
  const [nx, ny] = volume.shape;
  const [xs, ys, zs] = volume.shape.map((size, axis) => places(size, shrink[axis]));
  const at: number[] = [];
  const values: number[] = [];
  for (const k of zs) {
    for (const j of ys) {
      for (const i of xs) {
        const voxel = i + nx * (j + ny * k);
        const value = volume.data[voxel];
        if (mask[voxel] === 0 || !(value > 0 && value < Infinity)) continue;
        at.push(voxel);
        values.push(value);
      }
    }
  }
  return { at, values };
}

/** Voxels in ascending order as rows along x. */
function inRows(shape: Triple, voxels: Int32Array): GridPoints {
  const [nx, ny] = shape;
  const starts: number[] = [];
  for (let n = 0; n < voxels.length; n++) {
    if (n === 0 || Math.floor(voxels[n] / nx) !== Math.floor(voxels[n - 1] / nx)) starts.push(n);
  }
  const rows = Int32Array.from(starts, (start) => Math.floor(voxels[start] / nx));
  return {
    shape,
    rowY: rows.map((row) => row % ny),
    rowZ: rows.map((row) => Math.floor(row / ny)),
    rowStart: Int32Array.from([...starts, voxels.length]),
    x: voxels.map((voxel) => voxel % nx),
  };
}

/** Where along an axis of `size` voxels every `step`-th is, with equal margins on both sides (or nearly). */
function places(size: number, step: number): Int32Array {
  const count = Math.max(1, Math.floor(size / step));
  const margin = Math.floor((size - 1 - (count - 1) * step) / 2);
  return Int32Array.from({ length: count }, (_, place) => margin + place * step);
}

function requireEnough(count: number, shrink: Triple): void {
  if (count >= fewestSamples) return;
  throw new ConcordError(
    'too-little-data',
    `too few voxels for a bias field: ${count} positive ones in the mask at a shrink factor of ${shrink.join(' × ')}, at least ${fewestSamples} are required`,
    {
      remedy: [
        either(
          'supply a larger mask',
          advise`lower ${option('shrinkFactor')}`,
          advise`go without ${call('volumes.correctBias')}`,
        ),
      ],
    },
  );
}
