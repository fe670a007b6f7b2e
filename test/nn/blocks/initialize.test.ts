import assert from 'node:assert/strict';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import type { Initialization } from '../../../sdk/nn/blocks/initialize';
import { PYTORCH_DEFAULT, initialize } from '../../../sdk/nn/blocks/initialize';

const shape = [3, 3, 32, 64];
const fanIn = 9 * 32;
const fanOut = 9 * 64;

function draw(initialization: Initialization, of: readonly number[] = shape): WeightArray {
  return initialize(makeRandom(11), of, initialization);
}

function moments(values: Float32Array): { mean: number; variance: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

describe('initialize', () => {
  // The variances of the papers' formulas for a 3 × 3 kernel from 32 to 64 channels.
  const variances: readonly (readonly [Initialization, number])[] = [
    ['he-normal', 2 / fanIn],
    [{ name: 'he-normal', slope: 0.2 }, 2 / 1.04 / fanIn],
    ['he-uniform', 2 / fanIn],
    ['glorot-normal', 2 / (fanIn + fanOut)],
    ['glorot-uniform', 2 / (fanIn + fanOut)],
    ['lecun-normal', 1 / fanIn],
    ['lecun-uniform', 1 / fanIn],
    [PYTORCH_DEFAULT, 1 / 3 / fanIn],
    [{ name: 'normal', deviation: 0.02 }, 0.0004],
    // A normal cut at two deviations has variance 1 − 4φ(2) / (2Φ(2) − 1) = 0.7737413.
    [{ name: 'truncated-normal', deviation: 0.02 }, 0.0004 * 0.7737413],
    ['orthogonal', 1 / fanIn],
  ];
  for (const [initialization, expected] of variances) {
    it(`${JSON.stringify(initialization)} has the variance of its formula`, () => {
      const { mean, variance } = moments(draw(initialization).data);
      // 18432 draws: the standard error of a variance is at most 1% of it.
      assert.ok(Math.abs(variance / expected - 1) < 0.04, `${variance} instead of ${expected}`);
      assert.ok(Math.abs(mean) < 4 * Math.sqrt(expected / 18432), `mean ${mean}`);
    });
  }

  it('uniform draws reach their bound and stay within', () => {
    const bound = 1 / Math.sqrt(fanIn);
    const { largest } = moments(draw(PYTORCH_DEFAULT).data);
    assert.ok(largest <= bound && largest > 0.999 * bound, `${largest} of ${bound}`);
  });

  it('a truncated normal stays within two deviations and comes near them', () => {
    const { largest } = moments(draw({ name: 'truncated-normal', deviation: 0.5 }).data);
    assert.ok(largest <= 1 && largest > 0.99, `${largest}`);
  });

  for (const [rows, columns] of [
    [12, 5],
    [5, 12],
  ]) {
    it(`orthogonal ${rows} × ${columns} has orthonormal vectors times its gain`, () => {
      const { data } = draw({ name: 'orthogonal', gain: 2 }, [rows, columns]);
      const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
      const at = (vector: number, position: number): number =>
        rows < columns ? data[vector * columns + position] : data[position * columns + vector];
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          let product = 0;
          for (let position = 0; position < length; position++) product += at(a, position) * at(b, position);
          assert.ok(Math.abs(product - (a === b ? 4 : 0)) < 1e-5, `${a}, ${b}: ${product}`);
        }
      }
    });
  }

  it('fills with zeros, ones and constants and keeps the shape', () => {
    assert.deepEqual(draw('zeros', [2, 2]), { shape: [2, 2], data: new Float32Array(4) });
    assert.deepEqual(draw('ones', [3]), { shape: [3], data: Float32Array.of(1, 1, 1) });
    assert.deepEqual(draw({ name: 'constant', value: 0.5 }, [1]).data, Float32Array.of(0.5));
  });

  it('gives the same bits for the same seed, and each array draws of its own', () => {
    assert.deepEqual(draw('he-normal', [4, 4]), draw('he-normal', [4, 4]));
    const random = makeRandom(11);
    const [first, second] = [1, 2].map(() => initialize(random, [1000], 'he-normal').data);
    const correlation = first.reduce((sum, value, index) => sum + value * second[index], 0) / 2;
    assert.ok(Math.abs(correlation) < 4 / Math.sqrt(1000), `correlation ${correlation}`);
  });

  it('states itself as JSON', () => {
    const initialization: Initialization = { name: 'he-normal', slope: 0.2 };
    const again = JSON.parse(JSON.stringify(initialization)) as Initialization;
    assert.deepEqual(draw(again, [4, 4]), draw(initialization, [4, 4]));
  });

  it('knows no other name', () => {
    assert.throws(() => draw('he' as Initialization), {
      code: 'invalid-option',
      message: /^unknown initialization: "he" \(allowed are "zeros", /,
    });
  });
});
