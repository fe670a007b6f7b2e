import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import assert from 'node:assert/strict';
import {
  eigenvaluesAlong,
  eigenvaluesPlainly,
  reducePlainly,
  solveShifted,
  tridiagonalize,
  tridiagonalizeAll,
} from '../../../sdk/math/linear/tridiagonal';
import { makeRandom } from '../../../sdk/math/random';

/** Inner products of random vectors, of so many dimensions; and a vector. */
function example(size: number, rank: number): { matrix: Float64Array; vector: Float64Array } {
  const random = makeRandom(size + rank);
  const factor = new Matrix(size, rank).apply(function (this: Matrix, i, j) {
    this.set(i, j, random.normal());
  });
  const matrix = Float64Array.from(factor.mmul(factor.transpose()).to1DArray());
  return { matrix, vector: Float64Array.from({ length: size }, () => random.normal()) };
}

const close = (found: Iterable<number>, expected: Iterable<number>, tolerance: number): void => {
  const others = [...expected];
  [...found].forEach((value, at) =>
    assert.ok(Math.abs(value - others[at]) < tolerance, `${at}: ${value} for ${others[at]}`),
  );
};

describe('tridiagonalize', () => {
  for (const [size, rank] of [
    [1, 1],
    [2, 2],
    [3, 1],
    [40, 60],
    [40, 7],
    // Columns that depend on each other, as sums beside their parts: most eigenvalues are 0 but for rounding.
    [100, 3],
    [160, 48],
  ] as const) {
    it(`gives eigenvalues, parts along eigenvectors, and solutions as ml-matrix does: ${size} × ${size} of rank ${Math.min(size, rank)}`, () => {
      const { matrix, vector } = example(size, rank);
      const turned = tridiagonalize(matrix, size);
      const {
        values,
        parts: [parts],
      } = eigenvaluesAlong(turned, [turned.rotate(vector)]);
      const evd = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
        assumeSymmetric: true,
      });
      const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
      const largest = Math.max(...evd.realEigenvalues);
      close(
        order.map((at) => values[at]),
        evd.realEigenvalues,
        1e-12 * largest,
      );
      const axes = evd.eigenvectorMatrix;
      const along = evd.realEigenvalues.map((_, axis) =>
        vector.reduce((sum, value, i) => sum + value * axes.get(i, axis), 0),
      );
      // A multiple eigenvalue has no eigenvectors of its own.
      order.forEach((at, axis) => {
        if (values[at] > 1e-9 * largest) close([Math.abs(parts[at])], [Math.abs(along[axis])], 1e-9);
      });
      const shift = 0.01 * largest;
      const solution = turned.rotateBack(solveShifted(turned, shift, turned.rotate(vector)));
      const again = Array.from(vector, (_, i) =>
        solution.reduce((sum, value, j) => sum + value * matrix[i * size + j], shift * solution[i]),
      );
      close(again, vector, 1e-10);
    });
  }

  it('gives the same bits by kernels as in plain JavaScript, and together as alone', () => {
    const matrices = [49, 60, 3].map((size) => ({ values: example(size, size + 3).matrix, size }));
    // Falls apart in three, so that there are reflections of nothing.
    const apart = example(64, 70).matrix;
    matrices.push({
      values: apart.map((own, at) => (Math.floor(at / 64 / 21) === Math.floor((at % 64) / 21) ? own : 0)),
      size: 64,
    });
    tridiagonalizeAll(matrices).forEach(({ diagonal, off }, at) => {
      const { size } = matrices[at];
      const plain = reducePlainly(matrices[at]);
      assert.deepEqual(
        [...diagonal],
        Array.from(diagonal, (_, i) => plain[i * size + i]),
      );
      assert.deepEqual(
        [...off],
        Array.from(off, (_, i) => (i + 1 < size ? plain[(i + 1) * size + i] : 0)),
      );
    });
  });

  it('takes a matrix that is diagonal already, or nothing but zeros', () => {
    const turned = tridiagonalize(Float64Array.from([3, 0, 0, 0, 1, 0, 0, 0, 2]), 3);
    assert.deepEqual([...eigenvaluesAlong(turned, [Float64Array.from([5, 6, 7])]).parts[0]], [5, 6, 7]);
    const zeros = tridiagonalize(new Float64Array(9), 3);
    assert.deepEqual([...eigenvaluesAlong(zeros, []).values], [0, 0, 0]);
  });
});

describe('eigenvaluesAlong', () => {
  it('gives the same bits in WebAssembly as in plain JavaScript', () => {
    const random = makeRandom(11);
    const [diagonal, off] = [0, 1].map(() => Float64Array.from({ length: 230 }, () => random.normal()));
    off[229] = 0;
    // Falls apart in two.
    off[100] = 0;
    for (const factor of [1, 1e150]) {
      const band = { diagonal: diagonal.map((own) => own * factor), off: off.map((own) => own * factor) };
      const vectors = [0, 1].map(() => Float64Array.from({ length: 230 }, () => random.normal()));
      const { values, parts } = eigenvaluesAlong(band, vectors);
      assert.deepEqual({ values, parts }, eigenvaluesPlainly(band, vectors));
      assert.deepEqual(values, eigenvaluesAlong(band, []).values);
      const sum = values.reduce((so, value) => so + value, 0) / factor;
      const trace = diagonal.reduce((so, value) => so + value, 0);
      assert.ok(Math.abs(sum - trace) <= 1e-11, `${sum} ${trace}`);
    }
  });
});

describe('rows turned back by reflections', () => {
  it('have the same bits by fours in WebAssembly as each by itself', () => {
    const size = 180;
    const { matrix } = example(size, size);
    const reduced = tridiagonalize(matrix, size);
    const random = makeRandom(5);
    const rows = Float64Array.from({ length: 6 * size }, () => random.normal());
    const table = rows.slice();
    reduced.rotateBackRows(table);
    for (let row = 0; row < 6; row++) {
      const own = rows.slice(row * size, (row + 1) * size);
      const few = own.slice();
      // Alone, and too little for WebAssembly.
      reduced.rotateBackRows(few);
      assert.deepEqual(table.slice(row * size, (row + 1) * size), few);
      close(few, reduced.rotateBack(own), 1e-12);
    }
  });
});
