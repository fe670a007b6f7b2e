import assert from 'node:assert/strict';
import { lookUp, sharpenHistogram } from '../../../sdk/preprocess/bias-field/sharpen-histogram';

describe('sharpenHistogram', () => {
  const options = { fwhm: 0.15, wienerNoise: 0.01, histogramBins: 50 };

  it('equals the same formulas computed with numpy', () => {
    // numpy 2.4.6: np.add.at histogram, np.fft on 128 points, Gaussian density times bin width as the kernel.
    const values = Float64Array.from(
      { length: 400 },
      (_, n) => 5 + 0.45 * (n % 3) + 0.12 * Math.sin(0.37 * n) + 0.02 * Math.cos(1.7 * n),
    );
    const { lowest, step, expected } = sharpenHistogram(values, options);
    assert.ok(Math.abs(lowest - 4.861712510282556) < 1e-12);
    assert.ok(Math.abs(step - 0.024001036541525866) < 1e-12);
    const known: [number, number][] = [
      [0, 4.901565313989535],
      [5, 4.971719056225316],
      [12, 5.1055294823995725],
      [20, 5.353671913421422],
      [24, 5.431877079519598],
      [28, 5.538197438096496],
      [35, 5.743056179352896],
      [42, 5.855252043742524],
      [49, 6.001474018726566],
    ];
    for (const [bin, value] of known) {
      assert.ok(Math.abs(expected[bin] - value) < 1e-9, `bin ${bin}: ${expected[bin]}`);
    }
  });

  it('draws values towards the peaks they belong to', () => {
    const values = Float64Array.from({ length: 2000 }, (_, n) => (n % 2) + 0.05 * Math.sin(0.7 * n));
    const map = sharpenHistogram(values, { ...options, histogramBins: 200 });
    const spread = (of: (value: number) => number): number =>
      values.reduce((sum, value) => sum + Math.abs(of(value) - Math.round(value)), 0) / values.length;
    assert.ok(spread((value) => lookUp(map, value)) < 0.5 * spread((value) => value));
  });

  it('leaves values that are all alike as they are', () => {
    const map = sharpenHistogram(new Float64Array(100).fill(3.5), options);
    assert.ok(Math.abs(lookUp(map, 3.5) - 3.5) < 1e-9);
  });
});

describe('lookUp', () => {
  it('is linear between entries and holds the last one', () => {
    const map = { lowest: 1, step: 0.5, expected: Float64Array.of(10, 20, 40) };
    assert.equal(lookUp(map, 1), 10);
    assert.equal(lookUp(map, 1.25), 15);
    assert.equal(lookUp(map, 1.75), 30);
    assert.equal(lookUp(map, 2), 40);
    assert.equal(lookUp(map, 2.2), 40);
  });
});
