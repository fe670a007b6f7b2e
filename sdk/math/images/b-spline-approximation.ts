import type { Triple } from '../../data/images/affine';
import type { BSplineAxis } from './b-spline-axis';
import { bSplineAxis } from './b-spline-axis';
import type { BSplineLattice } from './b-spline-lattice';
import { latticeSize } from './b-spline-lattice';

/** Some of the points of a grid, in rows along x. */
export interface GridPoints {
  /** The shape of the whole grid. */
  readonly shape: Triple;
  /** Of each row, where along y it is. */
  readonly rowY: Int32Array;
  /** Of each row, where along z it is. */
  readonly rowZ: Int32Array;
  /** Of each row, the number of its first point; one more at the end. */
  readonly rowStart: Int32Array;
  /** Of each point, where along x it is. */
  readonly x: Int32Array;
}

/** What fits to the same points on the same lattice share. */
export interface LatticeFit {
  readonly points: GridPoints;
  readonly mesh: Triple;
  readonly axes: readonly BSplineAxis[];
  /** Per axis, Lee's weights w³ / Σ w² of each grid point. */
  readonly cubed: readonly Float64Array[];
  /** Per control point, Σ w² over the points it reaches. */
  readonly influence: Float64Array;
}

/** Prepares fits to values at `points` by a lattice of `mesh` intervals over the whole grid. */
export function prepareLatticeFit(points: GridPoints, mesh: Triple): LatticeFit {
  const axes = points.shape.map((count, axis) => bSplineAxis(count, mesh[axis]));
  const squared = axes.map(({ weights }) => weights.map((weight) => weight * weight));
  const cubed = axes.map(({ weights }, axis) =>
    weights.map((weight, at) => {
      const from = at - (at % 4);
      const [a, b, c, d] = squared[axis].subarray(from, from + 4);
      return weight ** 3 / (a + b + c + d);
    }),
  );
  const influence = new Float64Array(latticeSize(mesh).reduce((product, size) => product * size));
  spread({ points, mesh, axes }, squared, { into: influence });
  return { points, mesh, axes, cubed, influence };
}

/**
 * Approximates scattered values by one lattice (Lee, Wolberg & Shin 1997, IEEE TVCG 3:228, equations 3 to 5): a
 * control point is the mean of what each point it reaches would have it be, weighted by w². The points are on a grid,
 * so that the weights and their sums are products over the axes and are summed axis by axis. A value that is alone
 * is met; among many, even equal ones, the lattice falls short, and what is left is for the next fit.
 *
 * @param values - one per point
 */
export function fitLattice(fit: LatticeFit, values: Float64Array): BSplineLattice {
  const coefficients = new Float64Array(fit.influence.length);
  spread(fit, fit.cubed, { into: coefficients, values });
  for (let i = 0; i < coefficients.length; i++) {
    coefficients[i] = fit.influence[i] > 0 ? coefficients[i] / fit.influence[i] : 0;
  }
  return { mesh: fit.mesh, coefficients };
}

/** Adds to the control points the values (or ones) of the points they reach, times the tables' weights. */
function spread(
  { points, mesh, axes }: Pick<LatticeFit, 'points' | 'mesh' | 'axes'>,
  [tableX, tableY, tableZ]: readonly Float64Array[],
  { into, values }: { readonly into: Float64Array; readonly values?: Float64Array },
): void {
  const [cx, cy] = latticeSize(mesh);
  const { rowY, rowZ, rowStart, x } = points;
  const [{ first }, { first: firstY }, { first: firstZ }] = axes;
  const row = new Float64Array(cx);
  for (let r = 0; r < rowY.length; r++) {
    row.fill(0);
    for (let point = rowStart[r]; point < rowStart[r + 1]; point++) {
      const value = values === undefined ? 1 : values[point];
      const at = first[x[point]];
      const w = 4 * x[point];
      row[at] += tableX[w] * value;
      row[at + 1] += tableX[w + 1] * value;
      row[at + 2] += tableX[w + 2] * value;
      row[at + 3] += tableX[w + 3] * value;
    }
    for (let k = 0; k < 16; k++) {
      const weight = tableZ[4 * rowZ[r] + (k >> 2)] * tableY[4 * rowY[r] + (k & 3)];
      const base = ((firstZ[rowZ[r]] + (k >> 2)) * cy + firstY[rowY[r]] + (k & 3)) * cx;
      for (let i = 0; i < cx; i++) into[base + i] += weight * row[i];
    }
  }
}

/** Evaluates a lattice at the points of a fit, into `into`. */
export function evaluateAtPoints(fit: LatticeFit, lattice: BSplineLattice, into: Float64Array): void {
  const [cx, cy] = latticeSize(fit.mesh);
  const { rowY, rowZ, rowStart, x } = fit.points;
  const [{ first, weights }, axisY, axisZ] = fit.axes;
  const { coefficients } = lattice;
  const row = new Float64Array(cx);
  for (let r = 0; r < rowY.length; r++) {
    row.fill(0);
    for (let k = 0; k < 16; k++) {
      const weight = axisZ.weights[4 * rowZ[r] + (k >> 2)] * axisY.weights[4 * rowY[r] + (k & 3)];
      const base = ((axisZ.first[rowZ[r]] + (k >> 2)) * cy + axisY.first[rowY[r]] + (k & 3)) * cx;
      for (let i = 0; i < cx; i++) row[i] += weight * coefficients[base + i];
    }
    for (let point = rowStart[r]; point < rowStart[r + 1]; point++) {
      const at = first[x[point]];
      const w = 4 * x[point];
      into[point] =
        weights[w] * row[at] +
        weights[w + 1] * row[at + 1] +
        weights[w + 2] * row[at + 2] +
        weights[w + 3] * row[at + 3];
    }
  }
}
