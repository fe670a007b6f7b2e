import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { fitScaling } from '../../../sdk/evaluate/splits/scaling';
import { makeRandom } from '../../../sdk/math/random';

describe('fitScaling', () => {
  it('finds the mean and SD of each feature to the bit that one column at a time gives, missing cells at the median', () => {
    const rows = 23;
    const width = 9;
    const random = makeRandom(5);
    const values = Float64Array.from({ length: rows * width }, (_, at) => {
      const k = at % width;
      if (k === 6) return 4.25;
      return k === 7 || (k > 2 && random.uniform() < 0.3) ? NaN : 10 ** k * (3 + random.normal());
    });
    const subjects = Array.from({ length: rows }, (_, i) => `s${i}`);
    const features = Array.from({ length: width }, (_, k) => `f${k}`);
    const { mean, inverseSd, varying, fill } = fitScaling(makeFeatureMatrix(values, subjects, features));
    for (let k = 0; k < width; k++) {
      const present = subjects.map((_, i) => values[i * width + k]).filter((value) => !Number.isNaN(value));
      const sorted = [...present].sort((a, b) => a - b);
      const middle = sorted.length / 2;
      const median =
        sorted.length === 0
          ? 0
          : sorted.length % 2 === 1
            ? sorted[Math.floor(middle)]
            : (sorted[middle - 1] + sorted[middle]) / 2;
      const column = [...present, ...Array<number>(rows - present.length).fill(median)];
      const expected = column.reduce((sum, value) => sum + value, 0) / rows;
      const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - expected) ** 2, 0) / rows);
      assert.equal(fill(k), median);
      assert.equal(mean[k], expected);
      assert.equal(inverseSd[k], k === 6 || k === 7 ? 0 : 1 / sd);
    }
    assert.equal(varying, width - 2);
  });
});
