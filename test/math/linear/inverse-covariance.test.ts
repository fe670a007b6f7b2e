import assert from 'node:assert/strict';
import { cholesky, solveLower } from '../../../sdk/math/linear/cholesky';
import { invertCovariance, invertShrunkenCovariance } from '../../../sdk/math/linear/inverse-covariance';
import { ledoitWolf } from '../../../sdk/math/linear/ledoit-wolf';

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

describe('cholesky', () => {
  it('factors the textbook matrix, and says where there is nothing to factor', () => {
    // [[4, 12, −16], [12, 37, −43], [−16, −43, 98]] = L Lᵀ with L = [[2], [6, 1], [−8, 5, 3]].
    const factor = cholesky(Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98), 3);
    assert.ok(factor !== undefined);
    assert.deepEqual([...factor.lower], [2, 0, 0, 6, 1, 0, -8, 5, 3]);
    assert.deepEqual([...solveLower(factor, Float64Array.of(2, 7, 0))], [1, 1, 1]);
    assert.equal(cholesky(Float64Array.of(1, 2, 2, 4), 2), undefined);
    assert.equal(cholesky(Float64Array.of(0), 1), undefined);
  });
});

describe('the covariance within groups', () => {
  // Two columns without correlation, variances 4 · 1 / 3 and 4 · 4 / 3 with three degrees of freedom.
  const x = { values: Float64Array.of(1, 2, -1, 2, 1, -2, -1, -2), rows: 4, columns: 2, df: 3 };

  it('gives lengths in standard deviations', () => {
    const inverse = invertCovariance(x);
    near(inverse?.squaredLength(Float64Array.of(1, 2)) ?? NaN, 3 / 4 + 3 / 4);
    assert.equal(inverse?.shrinkage, 0);
    const twice = { ...x, values: Float64Array.of(1, 1, -1, -1, 1, 1, -1, -1) };
    assert.equal(invertCovariance(twice), undefined);
  });

  it('is shrunk wholly to one variance where chance explains all that the variances differ', () => {
    // S = I: there is nothing that differs from equal variances.
    const even = Float64Array.of(1, 1, -1, 1, 1, -1, -1, -1);
    assert.deepEqual(ledoitWolf(even, 2, Float64Array.of(4, 0, 0, 4)), { share: 1, variance: 1 });
    const inverse = invertShrunkenCovariance({ ...x, values: even });
    near(inverse?.squaredLength(Float64Array.of(3, 0)) ?? NaN, (9 * 3) / 4);
  });

  it('has no inverse without any spread', () => {
    const none = { values: new Float64Array(6), rows: 2, columns: 3, df: 1 };
    assert.equal(invertCovariance(none), undefined);
    assert.equal(invertShrunkenCovariance(none), undefined);
  });
});
