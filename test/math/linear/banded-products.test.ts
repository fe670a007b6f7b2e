import assert from 'node:assert/strict';
import { weightRows } from '../../../sdk/math/linear/banded-products';
import { exactComponents } from '../../../sdk/math/linear/exact-components';
import { innerProducts } from '../../../sdk/math/linear/inner-products';
import { dot } from '../../../sdk/math/linear/dot';
import { makeOrthonormal } from '../../../sdk/math/linear/make-orthonormal';
import { makeRandom } from '../../../sdk/math/random';

function table(rows: number, width: number): Float64Array {
  const random = makeRandom(rows + width);
  return Float64Array.from({ length: rows * width }, () => random.normal());
}

const row = (values: Float64Array, width: number, at: number): Float64Array =>
  values.subarray(at * width, (at + 1) * width);

/** The largest |R Rᵀ − I|. */
function angle(values: Float64Array, rows: number): number {
  const width = values.length / rows;
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(row(values, width, i), row(values, width, j));
      worst = Math.max(worst, Math.abs(product - Number(i === j)));
    }
  }
  return worst;
}

describe('products by bands', () => {
  // So many rows that bands are narrower than the tables: 256 columns.
  const [m, n, width] = [1100, 1100, 600];
  const left = table(m, width);
  const right = table(n, width + 0);

  it('are inner products', () => {
    const found = innerProducts(left, right, width);
    for (let at = 0; at < found.length; at += 9973) {
      const known = dot(row(left, width, Math.floor(at / n)), row(right, width, at % n));
      assert.ok(Math.abs(found[at] - known) <= 1e-11, `${at} ${found[at]} ${known}`);
    }
  });

  it('sum rows by weights, and may write where they have been', () => {
    const weights = table(m, n);
    const sums = new Float64Array(m * width);
    const inPlace = right.slice();
    const bands: number[] = [];
    const finished: number[] = [];
    weightRows(weights, inPlace, {
      rows: n,
      use: ({ first, size, values }) => {
        bands.push(size);
        for (let i = 0; i < m; i++) {
          sums.set(row(values, size, i), i * width + first);
          inPlace.fill(0, i * width + first, i * width + first + size);
        }
        return () => finished.push(first);
      },
    });
    assert.deepEqual(bands, [256, 256, 88]);
    assert.deepEqual(finished, [0, 256, 512]);
    for (let at = 0; at < sums.length; at += 9973) {
      const column = Float64Array.from({ length: n }, (_, k) => right[k * width + (at % width)]);
      const known = dot(row(weights, n, Math.floor(at / width)), column);
      assert.ok(Math.abs(sums[at] - known) <= 1e-10, `${at}`);
    }
  });
});

describe('makeOrthonormal', () => {
  for (const [what, share] of [
    ['at right angles but for 1e-11', 1e-11],
    ['of any angle', 1],
  ] as const) {
    it(`makes rows ${what} unit vectors at right angles, in the span of those before`, () => {
      const values = table(20, 60);
      makeOrthonormal(values, 20);
      const noise = table(20, 61).subarray(0, values.length);
      const before = values.map((value, at) => 3 * (value + share * noise[at]));
      const after = before.slice();
      makeOrthonormal(after, 20);
      assert.ok(angle(after, 20) <= 4e-15, `${angle(after, 20)}`);
      // The second row is a sum of the first two.
      const [own, other] = [row(before, 60, 1), row(after, 60, 0)];
      const rest = own.map((value, k) => value - dot(own, other) * other[k]);
      const cosine = dot(rest, row(after, 60, 1)) / Math.sqrt(dot(rest, rest));
      assert.ok(Math.abs(cosine - 1) <= 1e-14, `${cosine}`);
    });
  }
});

describe('exactComponents', () => {
  it('are eigenvectors of Xᵀ X, of wide tables and of tall ones', () => {
    for (const [rows, columns] of [
      [30, 80],
      [80, 30],
    ]) {
      const values = table(rows, columns);
      const {
        rotation,
        explained,
        scores: known,
      } = exactComponents({ values, rows, columns }, { count: 12 });
      const total = dot(values, values);
      assert.ok(angle(rotation, 12) <= 1e-14);
      explained.forEach((share, k) => {
        const direction = row(rotation, columns, k);
        const scores = Float64Array.from({ length: rows }, (_, i) => dot(row(values, columns, i), direction));
        if (rows < columns) assert.ok(known !== undefined);
        known?.forEach((score, at) => {
          if (at % 12 === k) assert.ok(Math.abs(score - scores[Math.floor(at / 12)]) <= 1e-12);
        });
        direction.forEach((loading, w) => {
          const image = scores.reduce((sum, score, i) => sum + score * values[i * columns + w], 0);
          assert.ok(Math.abs(image - share * total * loading) <= 1e-11 * total);
        });
        assert.ok(Math.max(...direction) === Math.max(...direction.map(Math.abs)));
      });
    }
  });
});
