import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { applyScaling, fitScaling } from '../../../sdk/evaluate/splits/scaling';
import { gramTimes } from '../../../sdk/math/linear/gram-times';
import { leadingEigenvectors } from '../../../sdk/math/linear/leading-eigenvectors';
import type { StandardizedFeatures } from '../../../sdk/math/linear/principal-components';
import { principalComponents, scores } from '../../../sdk/math/linear/principal-components';

// Expected numbers are those of numpy.linalg.svd (NumPy 2.4.6) on the same formulas, signs turned so that the largest
// loading is positive, and with missing cells those of scikit-learn 1.9.1: SimpleImputer(strategy='median'),
// StandardScaler, PCA(svd_solver='full').

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function tableOf(
  rows: number,
  columns: number,
  cell: (i: number, j: number) => number,
): StandardizedFeatures {
  const values = Float64Array.from({ length: rows * columns }, (_, at) =>
    cell(Math.floor(at / columns), at % columns),
  );
  return { values, rows, columns };
}

/** Two strong components beneath much that is weak, each column less its mean. */
function large(rows: number, columns: number): StandardizedFeatures {
  const table = tableOf(
    rows,
    columns,
    (i, j) =>
      3 * Math.sin(i / 50) * Math.cos(j / 30) +
      2 * Math.cos(i / 20) * Math.sin(j / 70) +
      Math.sin(0.7 * (i + 1) * (j + 2)),
  );
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += table.values[i * columns + j] / rows;
    for (let i = 0; i < rows; i++) table.values[i * columns + j] -= mean;
  }
  return table;
}

/** Every direction has unit length and is at right angles to the others. */
function requireOrthonormal(directions: readonly Float64Array[]): void {
  directions.forEach((a, i) => directions.forEach((b, j) => near(dot(a, b), Number(i === j), 1e-10)));
}

describe('principalComponents', () => {
  it('finds those of a table with more rows than columns, too large to be decomposed whole', () => {
    const { directions, explained } = principalComponents(large(500, 450), 3);
    near(explained[0], 0.5852555932544259, 1e-12);
    near(explained[1], 0.27028263220932247, 1e-12);
    // Of a weak component the residual is at most 1e-8 of the first eigenvalue.
    near(explained[2], 0.0004977357155549012, 1e-8 * explained[0]);
    const first = [0.06502817642815939, 0.06488691096699706, -0.07605750148072833, -0.04965227135445093];
    const second = [-0.01967256641165677, -0.02050373114207993, -0.046843262953398954, 0.005574712390913119];
    [0, 1, 100, 449].forEach((column, at) => {
      near(directions[0][column], first[at], 1e-9);
      near(directions[1][column], second[at], 1e-9);
    });
    requireOrthonormal(directions);
  });

  it('finds those of a table with more columns than rows, too large to be decomposed whole', () => {
    const { directions, explained } = principalComponents(large(450, 600), 2);
    near(explained[0], 0.5822459203300981, 1e-12);
    near(explained[1], 0.28606826245269934, 1e-12);
    const first = [0.05706674931140587, 0.05703082416116645, -0.05675745226700254, 0.024464837675483193];
    const second = [
      0.00018833064716250458, -0.000579024601595951, -0.055856586917668184, -0.042577365662542555,
    ];
    [0, 1, 100, 599].forEach((column, at) => {
      near(directions[0][column], first[at], 1e-9);
      near(directions[1][column], second[at], 1e-9);
    });
    requireOrthonormal(directions);
  });

  it('finds those of a table with missing cells and a constant feature, filled and scaled as for the picture', () => {
    const rows = 14;
    const columns = 30;
    const raw = tableOf(rows, columns, (i, j) => {
      if ((3 * i + 5 * j) % 23 === 0) return NaN;
      return j === 7 ? 2.5 : Math.sin(0.7 * (i + 1) * (j + 2)) + 0.3 * i * (j % 2) + 5;
    });
    const matrix = makeFeatureMatrix(
      raw.values,
      Array.from({ length: rows }, (_, i) => `s${i}`),
      Array.from({ length: columns }, (_, j) => `f${j}`),
    );
    const x = { values: applyScaling(fitScaling(matrix), matrix), rows, columns };
    const { directions, explained } = principalComponents(x, 2);
    near(explained[0], 0.3885230775851053, 1e-12);
    near(explained[1], 0.17446927731446055, 1e-12);
    const loadings = [
      [0.014398462178195806, 0.25608505856975583, 0, 0.2426846365530395],
      [-0.30508767926444325, 0.18367380825020788, 0, 0.041689181238804274],
    ];
    const along = [
      [-5.198628482668724, -1.3775045447102927, 5.514539738753271],
      [1.2060878796028631, -2.3760612455137564, -3.164030982358156],
    ];
    directions.forEach((direction, k) => {
      [0, 1, 7, 29].forEach((column, at) => near(direction[column], loadings[k][at], 1e-12));
      const score = scores(x, direction);
      [0, 5, 13].forEach((row, at) => near(score[row], along[k][at], 1e-11));
    });
  });

  // A diagonal table: its singular values are its entries, its directions the axes.
  for (const [what, size] of [
    ['decomposed whole', 12],
    ['iterated upon', 420],
  ] as const) {
    it(`finds as many directions as an eigenvalue occurs times, ${what}`, () => {
      const x = tableOf(size, size + 3, (i, j) => (i === j ? (i === 4 || i === 9 ? 5 : 1) : 0));
      const { directions, explained } = principalComponents(x, 2);
      const total = 2 * 25 + (size - 2);
      near(explained[0], 25 / total, 1e-12);
      near(explained[1], 25 / total, 1e-12);
      // Any two directions of their plane will do.
      directions.forEach((direction) => near(direction[4] ** 2 + direction[9] ** 2, 1, 1e-9));
      requireOrthonormal(directions);
    });

    it(`gives no component that is not there, ${what}`, () => {
      const line = tableOf(size, size + 3, (i, j) => Math.sin(i + 1) * Math.cos(j));
      const { directions, explained } = principalComponents(line, 3);
      assert.equal(directions.length, 1);
      near(explained[0], 1, 1e-12);
      const nothing = principalComponents(
        tableOf(size, size + 3, () => 0),
        2,
      );
      assert.deepEqual(nothing, { directions: [], explained: [] });
    });
  }

  it('turns every direction so that its largest loading is positive, and repeats to the bit', () => {
    for (const x of [large(30, 80), large(420, 430)]) {
      const { directions } = principalComponents(x, 2);
      for (const direction of directions) {
        const sizes = direction.map(Math.abs);
        assert.ok(direction[sizes.indexOf(Math.max(...sizes))] > 0);
      }
      assert.deepEqual(principalComponents(x, 2).directions, directions);
    }
  });
});

describe('leadingEigenvectors', () => {
  it('goes on after condensing what it gathered, to eigenvalues that lie close together', () => {
    // Eigenvalues 1, 0.990, 0.980 …: known, since the matrix is diagonal.
    const size = 900;
    const { values, vectors } = leadingEigenvectors(
      (block) => block.map((vector) => vector.map((value, i) => value / (1 + i / 100))),
      size,
      { wanted: 2 },
    );
    near(values[0], 1, 1e-9);
    near(values[1], 1 / 1.01, 1e-9);
    near(Math.abs(vectors[0][0]), 1, 1e-8);
    near(Math.abs(vectors[1][1]), 1, 1e-8);
  });
});

describe('gramTimes', () => {
  it('multiplies any number of vectors by the inner products of rows or of columns', () => {
    const x = tableOf(3, 2, (i, j) => [1, 2, 3, 4, 5, 6][i * 2 + j]);
    // XᵀX is [[35, 44], [44, 56]]; X Xᵀ is [[5, 11, 17], [11, 25, 39], [17, 39, 61]].
    const axes = Array.from({ length: 5 }, (_, k) => Float64Array.of(k, 1));
    assert.deepEqual(
      gramTimes(x, 'columns', axes),
      axes.map(([a, b]) => Float64Array.of(35 * a + 44 * b, 44 * a + 56 * b)),
    );
    assert.deepEqual(gramTimes(x, 'rows', [Float64Array.of(1, 0, 2)]), [Float64Array.of(39, 89, 139)]);
  });
});
