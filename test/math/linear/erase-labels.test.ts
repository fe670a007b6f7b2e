import assert from 'node:assert/strict';
import { eraseLabels } from '../../../sdk/math/linear/erase-labels';
import { makeRandom } from '../../../sdk/math/random';

const size = 8;

/** Points of two strata whose second coordinate tells the label in one way in the first, in another in the second. */
function points(count: number): { values: Float64Array; labels: Int32Array; strata: Int32Array } {
  const random = makeRandom(3);
  const values = new Float64Array(count * size);
  const labels = Int32Array.from({ length: count }, () => Math.floor(3 * random.uniform()));
  const strata = Int32Array.from({ length: count }, () => Math.floor(2 * random.uniform()));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < size; j++) values[i * size + j] = random.normal();
    values[i * size] *= 100;
    values[i * size + 1] += (strata[i] === 0 ? 1 : -1) * labels[i];
    values[i * size + 2] += 10 * strata[i];
  }
  return { values, labels, strata };
}

function apply(values: Float64Array, { mean, matrix }: ReturnType<typeof eraseLabels>): Float64Array {
  return values.map((_, at) => {
    const point = Math.floor(at / size);
    const j = at % size;
    let sum = mean[j];
    for (let k = 0; k < size; k++) sum += matrix[j * size + k] * (values[point * size + k] - mean[k]);
    return sum;
  });
}

function meansOf(values: Float64Array, wanted: (point: number) => boolean): number[] {
  const its = Array.from({ length: values.length / size }, (_, i) => i).filter(wanted);
  return Array.from(
    { length: size },
    (_, j) => its.reduce((sum, i) => sum + values[i * size + j], 0) / its.length,
  );
}

describe('eraseLabels', () => {
  const { values, labels, strata } = points(600);
  const erasure = eraseLabels({ values, size, labels, strata });
  const after = apply(values, erasure);

  it('leaves every label with the mean of its stratum, so that no linear map tells it', () => {
    for (const stratum of [0, 1]) {
      const whole = meansOf(after, (i) => strata[i] === stratum);
      for (const label of [0, 1, 2]) {
        const own = meansOf(after, (i) => strata[i] === stratum && labels[i] === label);
        own.forEach((value, j) => assert.ok(Math.abs(value - whole[j]) < 1e-9, `${value} ${whole[j]}`));
      }
    }
    const before = [0, 2].map((label) => meansOf(values, (i) => strata[i] === 0 && labels[i] === label)[1]);
    assert.ok(before[1] - before[0] > 1.5);
  });

  it('takes out no more than that: a projection of the rank of the label means, strata stay apart', () => {
    // Three labels in two strata: four differences of means.
    assert.equal(erasure.rank, 4);
    const twice = apply(after, erasure);
    twice.forEach((value, i) => assert.ok(Math.abs(value - after[i]) < 1e-8 * 100));
  });

  it('keeps what the labels do not show in', () => {
    // Labels that mean nothing in one stratum of two: their sample means are near 0, and so is the change.
    const single = eraseLabels({ values, size, labels: new Int32Array(600), strata });
    assert.equal(single.rank, 0);
    single.matrix.forEach((value, at) => assert.equal(value, at % (size + 1) === 0 ? 1 : 0));
  });

  it('changes points least, of all projections that do it: along the whitened difference of two means', () => {
    const four = [
      [3, 1, 0],
      [-1, 1, 0],
      [1, -1, 1],
      [-3, -1, 1],
    ];
    const flat = Float64Array.from(four.flatMap(([x, y]) => [x, y]));
    const { matrix } = eraseLabels({
      values: flat,
      size: 2,
      labels: four.map(([, , label]) => label),
      strata: [0, 0, 0, 0],
    });
    // Σ = [[5, 1], [1, 1]], δ = (1, 1): A = I − δ δᵀ Σ⁻¹ / (δᵀ Σ⁻¹ δ), Σ⁻¹ δ = (0, 1), δᵀ Σ⁻¹ δ = 1.
    [1, -1, 0, 0].forEach((value, at) => assert.ok(Math.abs(matrix[at] - value) < 1e-10, matrix.join()));
  });
});
