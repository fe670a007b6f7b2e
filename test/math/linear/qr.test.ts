import assert from 'node:assert/strict';
import { Matrix, QrDecomposition } from 'ml-matrix';
import { dependence, leastSquaresOperator, pivotedQr } from '../../../sdk/math/linear/qr';
import { makeRandom } from '../../../sdk/math/random';

describe('pivotedQr', () => {
  const random = makeRandom(2);
  const rows = 30;
  const columns = 4;
  const values = Float64Array.from(
    { length: rows * columns },
    (_, i) => random.normal() * 10 ** (i % columns),
  );
  const y = Float64Array.from({ length: rows }, () => random.normal());

  it('solves least squares as the unpivoted factorization of ml-matrix does', () => {
    const operator = leastSquaresOperator(pivotedQr({ values, rows, columns }, 0));
    const solution = Array.from({ length: columns }, (_, k) =>
      y.reduce((sum, value, r) => sum + operator[k * rows + r] * value, 0),
    );
    const reference = new QrDecomposition(Matrix.from1DArray(rows, columns, values)).solve(
      Matrix.columnVector([...y]),
    );
    solution.forEach((value, k) => {
      const expected = reference.get(k, 0);
      assert.ok(Math.abs(value - expected) < 1e-12 * Math.abs(expected), `${value} against ${expected}`);
    });
  });

  it('leaves residuals at right angles to the columns', () => {
    const operator = leastSquaresOperator(pivotedQr({ values, rows, columns }, 0));
    const solution = Array.from({ length: columns }, (_, k) =>
      y.reduce((sum, value, r) => sum + operator[k * rows + r] * value, 0),
    );
    const residual = y.map(
      (value, r) => value - solution.reduce((sum, x, k) => sum + x * values[r * columns + k], 0),
    );
    for (let k = 0; k < columns; k++) {
      const dot = residual.reduce((sum, value, r) => sum + value * values[r * columns + k], 0);
      assert.ok(Math.abs(dot) < 1e-11 * 10 ** k);
    }
  });

  it('finds dependent columns and says what they are made of', () => {
    const withSum = new Float64Array(rows * 3);
    for (let r = 0; r < rows; r++) {
      const a = values[r * columns];
      const b = values[r * columns + 1] / 10;
      withSum.set([a, b, 2 * a - 3 * b], r * 3);
    }
    const qr = pivotedQr({ values: withSum, rows, columns: 3 }, 1e-9);
    assert.equal(qr.rank, 2);
    const dependent = qr.order[2];
    const weights = dependence(qr, 2);
    for (let r = 0; r < rows; r++) {
      const made = weights.reduce((sum, weight, k) => sum + weight * withSum[r * 3 + k], 0);
      assert.ok(Math.abs(made - withSum[r * 3 + dependent]) < 1e-11);
    }
    assert.equal(weights[dependent], 0);
  });
});
