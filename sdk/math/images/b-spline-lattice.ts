import type { Triple } from '../../data/images/affine';
import type { BSplineAxis } from './b-spline-axis';

/** A smooth function of space: a lattice of control points of uniform cubic B-splines. */
export interface BSplineLattice {
  /** Intervals between knots along each axis. */
  readonly mesh: Triple;
  /** (mesh + 3) control points along each axis, x fastest. */
  readonly coefficients: Float64Array;
}

/** Control points along each axis of a lattice. */
export function latticeSize(mesh: Triple): Triple {
  return [mesh[0] + 3, mesh[1] + 3, mesh[2] + 3];
}

/** The lattice of the function that is zero everywhere. */
export function emptyLattice(mesh: Triple): BSplineLattice {
  const [cx, cy, cz] = latticeSize(mesh);
  return { mesh, coefficients: new Float64Array(cx * cy * cz) };
}

/**
 * The same function on a lattice of half the knot distance (Lee, Wolberg & Shin 1997, section 4.3: B-spline
 * refinement), so that finer detail can be added to it.
 */
export function refineLattice(lattice: BSplineLattice): BSplineLattice {
  const [mx, my, mz] = lattice.mesh;
  const fx = 2 * mx + 3;
  const fy = 2 * my + 3;
  const alongX = refineAxis(lattice.coefficients, mx, 1);
  const alongY = refineAxis(alongX, my, fx);
  const coefficients = refineAxis(alongY, mz, fx * fy);
  return { mesh: [2 * mx, 2 * my, 2 * mz], coefficients };
}

/** Doubles the knots along the axis whose neighboring control points are `stride` apart. */
function refineAxis(coarse: Float64Array, mesh: number, stride: number): Float64Array {
  const from = mesh + 3;
  const to = 2 * mesh + 3;
  const blocks = coarse.length / (from * stride);
  const fine = new Float64Array(blocks * to * stride);
  for (let block = 0; block < blocks; block++) {
    for (let j = 0; j < to; j++) {
      for (let inner = 0; inner < stride; inner++) {
        const at = (i: number): number => coarse[(block * from + i) * stride + inner];
        const half = j >> 1;
        fine[(block * to + j) * stride + inner] =
          j % 2 === 0 ? (at(half) + at(half + 1)) / 2 : (at(half) + 6 * at(half + 1) + at(half + 2)) / 8;
      }
    }
  }
  return fine;
}

/**
 * Evaluates a lattice at every grid point of one slice, x fastest, into `into`.
 *
 * @param axes - the x, y and z axis of the grid
 * @param z - which slice
 */
export function evaluateSlice(
  lattice: BSplineLattice,
  { axes, z }: { readonly axes: readonly BSplineAxis[]; readonly z: number },
  into: Float64Array,
): void {
  const [cx, cy] = latticeSize(lattice.mesh);
  const [ax, ay, az] = axes;
  const nx = ax.first.length;
  const plane = new Float64Array(cx * cy);
  addWeighted(lattice.coefficients, az, z, plane);
  const row = new Float64Array(cx);
  for (let y = 0; y < ay.first.length; y++) {
    row.fill(0);
    addWeighted(plane, ay, y, row);
    for (let x = 0; x < nx; x++) {
      const from = ax.first[x];
      const w = 4 * x;
      into[y * nx + x] =
        ax.weights[w] * row[from] +
        ax.weights[w + 1] * row[from + 1] +
        ax.weights[w + 2] * row[from + 2] +
        ax.weights[w + 3] * row[from + 3];
    }
  }
}

/** Adds the four layers of control points that reach a grid point, weighted, to `into`, one layer long. */
function addWeighted(layers: Float64Array, axis: BSplineAxis, point: number, into: Float64Array): void {
  const size = into.length;
  for (let k = 0; k < 4; k++) {
    const weight = axis.weights[4 * point + k];
    const from = (axis.first[point] + k) * size;
    for (let i = 0; i < size; i++) into[i] += weight * layers[from + i];
  }
}
