import assert from 'node:assert/strict';
import {
  centerPlainly,
  centerWithinSites,
  columnNorms,
  dividePlainly,
  normsPlainly,
} from '../../../sdk/combat/design/confounding';
import { countSites, siteDesign, siteDesignPlainly } from '../../../sdk/combat/means/site-residuals';
import { centerByKernel, divideByKernel } from '../../../sdk/math/linear/column-kernels';
import {
  basisPlainly,
  leastSquaresOperator,
  operatorPlainly,
  orthonormalRows,
  pivotedQr,
  reflectPlainly,
} from '../../../sdk/math/linear/qr';
import { makeRandom } from '../../../sdk/math/random';

describe('columns of many rows', () => {
  const rows = 6001;
  const columns = 3;
  const random = makeRandom(12);
  const values = Float64Array.from({ length: rows * columns }, (_, at) => random.normal() * 10 ** (at % 3));
  const matrix = { values, rows, columns };

  it('are factored in WebAssembly to the same bits as in plain JavaScript', () => {
    const qr = pivotedQr(matrix, 1e-9);
    const { rank, order, reflectors } = reflectPlainly(matrix, 1e-9);
    assert.deepEqual(
      { rank: qr.rank, order: qr.order, reflectors: qr.reflectors },
      { rank, order, reflectors },
    );
    const basis = orthonormalRows(qr);
    assert.deepEqual(basis, basisPlainly(qr));
    const spreads = Float64Array.of(2, 3, 7);
    assert.deepEqual(leastSquaresOperator(qr, spreads), operatorPlainly(qr, spreads, basis));
  });

  it('are refused where one follows from the others', () => {
    const dependent = values.map((value, at) => (at % 3 === 2 ? values[at - 2] - 2 * values[at - 1] : value));
    const qr = pivotedQr({ values: dependent, rows, columns }, 1e-9);
    const { rank, order } = reflectPlainly({ values: dependent, rows, columns }, 1e-9);
    assert.equal(qr.rank, 2);
    assert.deepEqual([qr.rank, qr.order], [rank, order]);
  });

  it('are centered and measured to the same bits', () => {
    const codes = Int32Array.from({ length: rows }, (_, row) => (row * 7) % 5);
    assert.deepEqual(centerWithinSites(values, columns, codes, 5), centerPlainly(values, columns, codes, 5));
    assert.deepEqual(columnNorms(values, columns), normsPlainly(values, columns));
    const spreads = columnNorms(values, columns);
    assert.deepEqual(divideByKernel(matrix, spreads), dividePlainly(matrix, spreads));
    const design = { codes, siteCount: 5, siteSizes: countSites(codes, 5), values, columns };
    assert.deepEqual(siteDesign(design), siteDesignPlainly(design));
    const apart = [0, 1, 2].map((k) =>
      Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]),
    );
    const centered = centerByKernel(apart, rows);
    assert.ok(centered !== undefined);
    apart.forEach((column, k) => {
      let mean = 0;
      for (const value of column) mean += value / rows;
      assert.equal(centered.means[k], mean);
      assert.ok(column.every((value, row) => centered.values[row * columns + k] === value - mean));
    });
    assert.deepEqual(centerByKernel(apart, rows, centered.means), centered);
  });
});
