import assert from 'node:assert/strict';
import { innerProducts, plainProducts } from '../../../sdk/math/linear/inner-products';
import { makeRandom } from '../../../sdk/math/random';

describe('innerProducts', () => {
  const random = makeRandom(3);
  const table = (rows: number, width: number): Float64Array =>
    Float64Array.from({ length: rows * width }, () => random.normal());
  const plain = (left: Float64Array, right: Float64Array, width: number): number[] => {
    const products: number[] = [];
    for (let i = 0; i < left.length; i += width) {
      for (let j = 0; j < right.length; j += width) {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += left[i + k] * right[j + k];
        products.push(sum);
      }
    }
    return products;
  };
  // Sizes on both sides of the tiles of 4 rows and the chunks of 512 columns.
  for (const [rows, columns, width] of [
    [1, 1, 1],
    [4, 8, 512],
    [7, 5, 513],
    [9, 3, 1100],
  ]) {
    it(`equals the plain sum for ${rows} × ${columns} rows of ${width}`, () => {
      const left = table(rows, width);
      const right = table(columns, width);
      const expected = plain(left, right, width);
      innerProducts(left, right, width).forEach((value, at) => {
        assert.ok(Math.abs(value - expected[at]) < 1e-11);
      });
    });
  }
  it('is symmetric when both sides are the same array', () => {
    const left = table(10, 30);
    const expected = plain(left, left, 30);
    const found = innerProducts(left, left, 30);
    found.forEach((value, at) => {
      assert.ok(Math.abs(value - expected[at]) < 1e-12);
      assert.equal(value, found[(at % 10) * 10 + Math.floor(at / 10)]);
    });
  });
  it('gives the same bits in WebAssembly, with threads and without, as in plain JavaScript', () => {
    for (const [m, n, width] of [
      [101, 66, 300],
      [70, 3, 5000],
      [640, 610, 1030],
    ]) {
      const left = table(m, width);
      const right = table(n, width);
      assert.deepEqual(innerProducts(left, right, width), plainProducts(left, right, { m, n, width }));
      assert.deepEqual(innerProducts(left, left, width), plainProducts(left, left, { m, n: m, width }));
    }
  });
});
