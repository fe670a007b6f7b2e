import assert from 'node:assert/strict';
import { symmetricEigenvectors } from '../../../sdk/math/linear/symmetric-eigenvectors';
import { makeRandom } from '../../../sdk/math/random';

/** X Xᵀ of a random table. */
function gram(size: number, width: number): Float64Array {
  const random = makeRandom(size + width);
  const x = Float64Array.from({ length: size * width }, () => random.normal());
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += x[i * width + k] * x[j * width + k];
    return sum;
  });
}

/** The largest ‖A v − λ v‖ as a share of the first eigenvalue, and how far vectors are from unit ones at right angles. */
function faults(matrix: Float64Array, size: number, count: number): [number, number] {
  const { values, vectors } = symmetricEigenvectors(matrix, size, () => count);
  assert.equal(vectors.length, count);
  let [residual, angle] = [0, 0];
  vectors.forEach((vector, k) => {
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const image = vector.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0);
      squares += (image - values[k] * vector[i]) ** 2;
    }
    residual = Math.max(residual, Math.sqrt(squares) / values[0]);
    vectors.forEach((other, l) => {
      const product = vector.reduce((sum, value, i) => sum + value * other[i], 0);
      angle = Math.max(angle, Math.abs(product - Number(k === l)));
    });
  });
  return [residual, angle];
}

describe('symmetricEigenvectors', () => {
  it('finds eigenvalues that are known: of the second difference, 2 − 2 cos(πk / (n + 1))', () => {
    const size = 40;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2;
      if (i > 0) matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1;
    }
    const { values } = symmetricEigenvectors(matrix, size, (all) => all.length);
    values.forEach((value, i) => {
      const known = 2 - 2 * Math.cos((Math.PI * (size - i)) / (size + 1));
      assert.ok(Math.abs(value - known) <= 1e-14, `${i} ${value} ${known}`);
    });
  });

  for (const [size, width] of [
    [1, 1],
    [2, 2],
    [60, 90],
    [60, 20],
    [150, 200],
  ]) {
    it(`has residuals and angles of rounding, ${size} × ${size} of rank ${Math.min(size, width)}`, () => {
      const [residual, angle] = faults(gram(size, width), size, Math.min(size, width));
      assert.ok(residual <= 1e-13 && angle <= 1e-13, `${residual} ${angle}`);
    });
  }

  it('finds as many vectors as an eigenvalue occurs times', () => {
    const size = 30;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) matrix[i * size + i] = (i % 3) + 1;
    const { values } = symmetricEigenvectors(matrix, size, () => size);
    assert.deepEqual(
      values,
      [3, 2, 1].flatMap((value) => new Array<number>(10).fill(value)),
    );
    const [residual, angle] = faults(matrix, size, size);
    assert.ok(residual <= 1e-13 && angle <= 1e-13, `${residual} ${angle}`);
  });

  it('leaves the matrix as it is, and repeats to the bit', () => {
    const matrix = gram(20, 30);
    const before = matrix.slice();
    const one = symmetricEigenvectors(matrix, 20, () => 5);
    assert.deepEqual(matrix, before);
    assert.deepEqual(
      symmetricEigenvectors(matrix, 20, () => 5),
      one,
    );
  });
});
