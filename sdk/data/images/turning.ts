import { ConcordError } from '../../errors';
import type { Affine, Triple } from './affine';
import { composeAffines, nearestAxes } from './affine';
import type { Grid } from './volume';

/** How one grid becomes another by exchanging and flipping axes. */
export interface Turning {
  /** The grid after turning. */
  readonly grid: Grid;
  /** Where voxel (0, 0, 0) of the new grid is in the old array, and the steps in it along each new axis. */
  readonly start: number;
  readonly strides: Triple;
}

/**
 * How a grid is turned to the orientation of three letters.
 *
 * @throws ConcordError `invalid-option` when `to` names no orientation.
 */
export function turning(grid: Grid, to: string): Turning {
  const wanted = parseCodes(to);
  const { shape, affine } = grid;
  const old = nearestAxes(affine);
  const oldStrides = [1, shape[0], shape[0] * shape[1]];
  const axes = wanted.map(({ world }) => old.findIndex((axis) => axis.world === world));
  const flips = wanted.map(({ sign }, axis) => old[axes[axis]].sign !== sign);
  const newShape = axes.map((axis) => shape[axis]) as unknown as Triple;
  const strides = axes.map((axis, i) => (flips[i] ? -1 : 1) * oldStrides[axis]) as unknown as Triple;
  const start = axes.reduce((sum, axis, i) => sum + (flips[i] ? (shape[axis] - 1) * oldStrides[axis] : 0), 0);
  const back: number[] = Array.from({ length: 16 }, (_, cell) => (cell === 15 ? 1 : 0));
  axes.forEach((axis, i) => {
    back[4 * axis + i] = flips[i] ? -1 : 1;
    back[4 * axis + 3] = flips[i] ? shape[axis] - 1 : 0;
  });
  // + 0 turns −0 into 0.
  const turned: Affine = composeAffines(affine, back).map((value) => value + 0);
  return { grid: { shape: newShape, affine: turned }, start, strides };
}

/** Fills `result`, which is laid out as the turned grid, with the voxels of the grid as it was. */
export function turnVoxels<Voxels extends Float32Array | Uint8Array>(
  voxels: Voxels,
  result: Voxels,
  turn: Turning,
): Voxels {
  const { start, strides } = turn;
  const [nx, ny, nz] = turn.grid.shape;
  for (let k = 0, to = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let from = start + j * strides[1] + k * strides[2];
      for (let i = 0; i < nx; i++, from += strides[0]) result[to++] = voxels[from];
    }
  }
  return result;
}

/** Puts voxels laid out as the turned grid back into `result`, laid out as the grid was before. */
export function turnVoxelsBack<Voxels extends Float32Array | Uint8Array>(
  turned: Voxels,
  result: Voxels,
  turn: Turning,
): Voxels {
  const { start, strides } = turn;
  const [nx, ny, nz] = turn.grid.shape;
  for (let k = 0, from = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let to = start + j * strides[1] + k * strides[2];
      for (let i = 0; i < nx; i++, to += strides[0]) result[to] = turned[from++];
    }
  }
  return result;
}

function parseCodes(to: string): { world: number; sign: 1 | -1 }[] {
  const axes = Array.from(to, (letter) => {
    const positive = 'RAS'.indexOf(letter);
    return positive >= 0
      ? { world: positive, sign: 1 as const }
      : { world: 'LPI'.indexOf(letter), sign: -1 as const };
  });
  if (axes.length !== 3 || [0, 1, 2].some((world) => !axes.some((axis) => axis.world === world))) {
    throw new ConcordError(
      'invalid-option',
      `invalid orientation: "${to}" (three letters are required, one each of R or L, A or P, S or I, such as "RAS")`,
    );
  }
  return axes;
}
