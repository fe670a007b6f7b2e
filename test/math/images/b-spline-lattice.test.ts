import assert from 'node:assert/strict';
import type { Triple } from '../../../sdk/data/images/affine';
import { bSplineAxis } from '../../../sdk/math/images/b-spline-axis';
import type { BSplineLattice } from '../../../sdk/math/images/b-spline-lattice';
import {
  emptyLattice,
  evaluateSlice,
  latticeSize,
  refineLattice,
} from '../../../sdk/math/images/b-spline-lattice';

const shape: Triple = [7, 6, 5];

function evaluate(lattice: BSplineLattice): Float64Array {
  const axes = shape.map((size, axis) => bSplineAxis(size, lattice.mesh[axis]));
  const all = new Float64Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0; z < shape[2]; z++) evaluateSlice(lattice, { axes, z }, all.subarray(z * 42, (z + 1) * 42));
  return all;
}

/** A lattice with the control points that `value` gives by their place along the axes. */
function latticeOf(mesh: Triple, value: (i: number, j: number, k: number) => number): BSplineLattice {
  const [cx, cy] = latticeSize(mesh);
  const { coefficients } = emptyLattice(mesh);
  return {
    mesh,
    coefficients: coefficients.map((_, n) =>
      value(n % cx, Math.floor(n / cx) % cy, Math.floor(n / (cx * cy))),
    ),
  };
}

describe('B-spline lattice', () => {
  it('reproduces a function that is linear along each axis', () => {
    // A control point at place i stands at i − 1 intervals; cubic B-splines give back what is linear (Marsden).
    const mesh: Triple = [2, 3, 1];
    const values = evaluate(latticeOf(mesh, (i, j, k) => (i - 1) * (2 - (j - 1)) + 0.5 * (k - 1)));
    values.forEach((value, n) => {
      const x = ((n % 7) * 2) / 6;
      const y = ((Math.floor(n / 7) % 6) * 3) / 5;
      const z = Math.floor(n / 42) / 4;
      assert.ok(Math.abs(value - (x * (2 - y) + 0.5 * z)) < 1e-13);
    });
  });

  it('stays the same function when refined', () => {
    const lattice = latticeOf([1, 2, 3], (i, j, k) => Math.sin(3 * i + 5 * j + 7 * k));
    const refined = refineLattice(lattice);
    assert.deepEqual(refined.mesh, [2, 4, 6]);
    const before = evaluate(lattice);
    const after = evaluate(refined);
    before.forEach((value, n) => assert.ok(Math.abs(value - after[n]) < 1e-14));
  });
});
