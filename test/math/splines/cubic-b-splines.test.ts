import assert from 'node:assert/strict';
import { cubicBSplines, curvatureProducts } from '../../../sdk/math/splines/cubic-b-splines';

// Expected values: scipy.interpolate.BSpline (SciPy 1.17.1), derivatives and Gauss-Legendre quadrature of 5 points.

describe('cubic B-splines', () => {
  const knots = [0, 0, 0, 0, 1, 2.5, 4, 4, 4, 4];
  const close = (actual: ArrayLike<number>, expected: readonly number[]): void =>
    assert.ok(
      expected.every((value, i) => Math.abs(actual[i] - value) < 1e-13),
      Array.from(actual).join(' '),
    );

  it('have the values of SciPy, and sum to 1', () => {
    const values = cubicBSplines(knots, 1.7);
    close(values, [0, 0.05461333333333334, 0.5303088888888887, 0.38967037037037033, 0.025407407407407403, 0]);
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-15);
    close(cubicBSplines(knots, 4), [0, 0, 0, 0, 0, 1]);
    close(cubicBSplines(knots, 0), [1, 0, 0, 0, 0, 0]);
  });

  it('continue as straight lines beyond the inner knots', () => {
    close(cubicBSplines(knots, 6), [0, 0, 0, 0, -4, 5]);
  });

  it('bend together as exact integrals say', () => {
    const products = curvatureProducts(knots);
    close(products.subarray(6, 12), [-15.84, 21.6, -5.28, -0.64, 0.16, 0]);
  });
});
