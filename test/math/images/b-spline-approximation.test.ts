import assert from 'node:assert/strict';
import type { Triple } from '../../../sdk/data/images/affine';
import type { GridPoints } from '../../../sdk/math/images/b-spline-approximation';
import {
  evaluateAtPoints,
  fitLattice,
  prepareLatticeFit,
} from '../../../sdk/math/images/b-spline-approximation';
import { bSplineAxis } from '../../../sdk/math/images/b-spline-axis';
import { evaluateSlice } from '../../../sdk/math/images/b-spline-lattice';

/** The points of a grid that `taken` picks, and where each lies. */
function gridPoints(
  shape: Triple,
  taken: (i: number, j: number, k: number) => boolean,
): { points: GridPoints; places: Triple[] } {
  const places: Triple[] = [];
  const [rowY, rowZ, rowStart]: number[][] = [[], [], []];
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      rowY.push(j);
      rowZ.push(k);
      rowStart.push(places.length);
      for (let i = 0; i < shape[0]; i++) if (taken(i, j, k)) places.push([i, j, k]);
    }
  }
  return {
    points: {
      shape,
      rowY: Int32Array.from(rowY),
      rowZ: Int32Array.from(rowZ),
      rowStart: Int32Array.from([...rowStart, places.length]),
      x: Int32Array.from(places, ([i]) => i),
    },
    places,
  };
}

const shape: Triple = [5, 4, 3];
const { points, places } = gridPoints(shape, (i, j, k) => (i + 2 * j + 3 * k) % 4 !== 0);

describe('fitLattice', () => {
  it('equals the formulas of Lee, Wolberg and Shin summed point by point', () => {
    // numpy 2.4.6: phi = W z / sum(W²), sum(W² phi) / sum(W²) with W the outer product of the weights of all axes.
    const values = Float64Array.from(places, ([i, j, k]) => Math.sin(i + 0.5 * j * j - 0.7 * k));
    const { coefficients } = fitLattice(prepareLatticeFit(points, [2, 1, 1]), values);
    const expected: [number, number][] = [
      [0, 0.004180991966260054],
      [7, 0.20887105588225485],
      [23, 0.039498893389318716],
      [31, -0.6988056934035324],
      [42, 0.2013735563195813],
      [50, 0.1033594745321179],
      [66, -0.2221713015778357],
      [79, -0.007868389415098707],
    ];
    assert.equal(coefficients.length, 80);
    for (const [at, value] of expected) {
      assert.ok(Math.abs(coefficients[at] - value) < 1e-13, `control point ${at}: ${coefficients[at]}`);
    }
    const sum = coefficients.reduce((total, value) => total + value);
    assert.ok(Math.abs(sum - -1.2000235219688753) < 1e-12);
  });

  it('leaves control points that no value reaches at zero', () => {
    const few = gridPoints([20, 20, 20], (i, j, k) => i < 3 && j < 3 && k < 3);
    const fit = fitLattice(prepareLatticeFit(few.points, [8, 8, 8]), new Float64Array(27).fill(1));
    assert.ok(fit.coefficients.every(Number.isFinite));
    assert.equal(fit.coefficients[fit.coefficients.length - 1], 0);
    assert.ok(fit.coefficients[0] > 0);
  });

  it('meets a value that stands alone', () => {
    const one = gridPoints([9, 9, 9], (i, j, k) => i === 4 && j === 2 && k === 7);
    const fit = prepareLatticeFit(one.points, [3, 2, 4]);
    const got = new Float64Array(1);
    evaluateAtPoints(fit, fitLattice(fit, Float64Array.of(2.5)), got);
    assert.ok(Math.abs(got[0] - 2.5) < 1e-14);
  });

  it('comes close to smooth values when what is left is fitted again and again', () => {
    // One fit alone falls short by design: each control point is an average over all points that it reaches.
    const all = gridPoints([24, 20, 16], () => true);
    const left = Float64Array.from(all.places, ([i, j, k]) => 1 + Math.cos(i / 8) * Math.sin(j / 7) + k / 20);
    const fit = prepareLatticeFit(all.points, [4, 4, 4]);
    const got = new Float64Array(left.length);
    const errors = [Math.hypot(...left)];
    for (let round = 0; round < 40; round++) {
      evaluateAtPoints(fit, fitLattice(fit, left), got);
      for (let n = 0; n < left.length; n++) left[n] -= got[n];
      errors.push(Math.hypot(...left));
    }
    errors.slice(1).forEach((error, n) => assert.ok(error < errors[n]));
    assert.ok(errors[40] < 0.02 * errors[0], `${errors[40] / errors[0]}`);
  });
});

describe('evaluateAtPoints', () => {
  it('gives at its points what the whole grid has there', () => {
    const fit = prepareLatticeFit(points, [2, 3, 1]);
    const lattice = fitLattice(
      fit,
      Float64Array.from(places, ([i, j]) => i * j),
    );
    const atPoints = new Float64Array(places.length);
    evaluateAtPoints(fit, lattice, atPoints);
    const axes = shape.map((size, axis) => bSplineAxis(size, lattice.mesh[axis]));
    const slice = new Float64Array(20);
    places.forEach(([i, j, k], n) => {
      evaluateSlice(lattice, { axes, z: k }, slice);
      assert.ok(Math.abs(slice[i + 5 * j] - atPoints[n]) < 1e-14);
    });
  });
});
