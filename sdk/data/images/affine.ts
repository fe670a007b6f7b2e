import { ConcordError } from '../../errors';
import { requireCall } from '../calls/require-call';

/**
 * A 4×4 matrix that takes voxel indices (i, j, k, 1) to millimeters in RAS space (x to the Right, y to the front
 * (Anterior), z up (Superior)): 16 numbers, row by row, the last row 0 0 0 1.
 */
export type Affine = readonly number[];

/** Three numbers, one per axis. */
export type Triple = readonly [number, number, number];

/** The affine of a grid in RAS order: `spacing` in mm along each axis, `origin` the position of voxel (0, 0, 0). */
export function makeAffine(spacing: Triple, origin: Triple = [0, 0, 0]): Affine {
  requireCall('affine.make', { spacing, origin });
  return [
    ...[spacing[0], 0, 0, origin[0]],
    ...[0, spacing[1], 0, origin[1]],
    ...[0, 0, spacing[2], origin[2]],
    ...[0, 0, 0, 1],
  ];
}

/** The affine that does `second` after `first`: the matrix product second · first. */
export function composeAffines(second: Affine, first: Affine): Affine {
  requireCall('affine.compose', { second, first });
  return Array.from({ length: 16 }, (_, cell) => {
    const row = cell - (cell % 4);
    const column = cell % 4;
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += second[row + k] * first[4 * k + column];
    return sum;
  });
}

/**
 * The affine that undoes another.
 *
 * @throws ConcordError `invalid-option` when it cannot be undone: its axes do not span space.
 */
export function invertAffine(affine: Affine): Affine {
  requireCall('affine.invert', { affine });
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  const determinant = affineDeterminant(affine);
  if (isSingular(affine)) {
    throw new ConcordError(
      'invalid-option',
      `invalid affine: its three axes do not span space (determinant ${determinant})`,
    );
  }
  const inverse = [
    ...[e * i - f * h, c * h - b * i, b * f - c * e],
    ...[f * g - d * i, a * i - c * g, c * d - a * f],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((value) => value / determinant);
  const back = (row: number): number =>
    -(inverse[3 * row] * x + inverse[3 * row + 1] * y + inverse[3 * row + 2] * z);
  return [
    ...[...inverse.slice(0, 3), back(0)],
    ...[...inverse.slice(3, 6), back(1)],
    ...[...inverse.slice(6, 9), back(2)],
    ...[0, 0, 0, 1],
  ];
}

/** Takes a point through an affine: voxel indices (i, j, k) to millimeters (x, y, z), where it is that of a grid. */
export function transformPoint(affine: Affine, point: Triple): Triple {
  requireCall('affine.transformPoint', { affine, point });
  return pointThrough(affine, point);
}

/** As {@link transformPoint}, for loops over voxels: nothing is checked. */
export function pointThrough(affine: Affine, [i, j, k]: Triple): Triple {
  return [
    affine[0] * i + affine[1] * j + affine[2] * k + affine[3],
    affine[4] * i + affine[5] * j + affine[6] * k + affine[7],
    affine[8] * i + affine[9] * j + affine[10] * k + affine[11],
  ];
}

/** The distance in mm between neighboring voxels along each axis of the grid. */
export function affineSpacing(affine: Affine): Triple {
  const along = (axis: number): number => Math.hypot(affine[axis], affine[4 + axis], affine[8 + axis]);
  return [along(0), along(1), along(2)];
}

/** The signed volume of a voxel in mm³; negative where the grid is left-handed. */
export function affineDeterminant(affine: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** Whether the axes of an affine fail to span space, or any of its numbers is not finite. */
export function isSingular(affine: Affine): boolean {
  if (!affine.every((value) => Number.isFinite(value))) return true;
  const [u, v, w] = affineSpacing(affine);
  // Relative to the lengths of the axes, so that a grid in micrometers is not mistaken for a flat one.
  return !(Math.abs(affineDeterminant(affine)) > 1e-6 * u * v * w);
}

/**
 * Which way each axis of the grid runs, as three letters of R/L, A/P, S/I: `RAS` when the first index grows to the
 * right, the second to the front and the third upwards. Oblique grids are named by their nearest directions.
 */
export function axisCodes(affine: Affine): string {
  requireCall('affine.axisCodes', { affine });
  return nearestAxes(affine)
    .map(({ world, sign }) => (sign > 0 ? 'RAS' : 'LPI')[world])
    .join('');
}

/** For each grid axis the world axis (0 x, 1 y, 2 z) it runs nearest to, each world axis once, and its direction. */
export function nearestAxes(affine: Affine): readonly { readonly world: number; readonly sign: 1 | -1 }[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const spacing = affineSpacing(affine);
  const cosine = (axis: number, world: number): number => affine[4 * world + axis] / spacing[axis];
  const fit = (order: readonly number[]): number =>
    order.reduce((sum, world, axis) => sum + cosine(axis, world) ** 2, 0);
  const best = orders.reduce((found, order) => (fit(order) > fit(found) ? order : found));
  return best.map((world, axis) => ({ world, sign: cosine(axis, world) < 0 ? -1 : 1 }));
}
