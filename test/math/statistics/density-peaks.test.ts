import assert from 'node:assert/strict';
import { densityPeaks } from '../../../sdk/math/statistics/density-peaks';
import { kernelDensity } from '../../../sdk/math/statistics/kernel-density';
import { alike, tissueValues } from '../../support/tissue-values';

describe('densityPeaks', () => {
  it('finds the peaks that scipy 1.17.1 finds (minimize_scalar on the second derivative)', () => {
    const peaks = densityPeaks(kernelDensity(tissueValues(4000), 4)).map(({ value }) => value);
    assert.equal(peaks.length, 3);
    assert.ok(alike(peaks.slice(1), [71.4474915733479, 110.66855163688587], 5e-3), peaks.join());
  });
  it('finds a shoulder where the density has one mode only', () => {
    // Two normal distributions 2.2 deviations apart, the second half as large: their sum has a single mode.
    const normal = (p: number): number => Math.sqrt(2) * inverseErf(2 * p - 1);
    const part = (count: number, center: number): number[] =>
      Array.from({ length: count }, (_, i) => center + normal((i + 0.5) / count));
    const values = [...part(2000, 0), ...part(1000, 2.2)];
    const estimate = kernelDensity(values, 0.3);
    const modes = [...estimate.density.keys()].filter(
      (i) => estimate.density[i] > estimate.density[i - 1] && estimate.density[i] > estimate.density[i + 1],
    );
    assert.equal(modes.length, 1);
    const peaks = densityPeaks(estimate).map(({ value }) => value);
    assert.equal(peaks.length, 2);
    // Pushed apart a little by the other's flank, never drawn together as modes are.
    assert.ok(alike(peaks, [0, 2.2], 0.3), peaks.join());
  });
  it('leaves out what is lower than asked', () => {
    const estimate = kernelDensity(tissueValues(4000), 4);
    assert.equal(densityPeaks(estimate, { leastHeight: 0.9 }).length, 1);
    assert.equal(densityPeaks(estimate, { leastHeight: 0.5 }).length, 2);
  });
});

/** Winitzki's approximation, good to 2e-3, which is enough to draw a bell. */
function inverseErf(x: number): number {
  const log = Math.log(1 - x * x);
  const first = 2 / (Math.PI * 0.147) + log / 2;
  return Math.sign(x) * Math.sqrt(Math.sqrt(first * first - log / 0.147) - first);
}
