import assert from 'node:assert/strict';
import type { KernelDensity } from '../../../sdk/math/statistics/kernel-density';
import { kernelDensity } from '../../../sdk/math/statistics/kernel-density';
import { alike, tissueValues } from '../../support/tissue-values';

function at(estimate: KernelDensity, curve: Float64Array, value: number): number {
  const position = (value - estimate.start) / estimate.step;
  const below = Math.floor(position);
  return curve[below] + (position - below) * (curve[below + 1] - curve[below]);
}

describe('kernelDensity', () => {
  const values = tissueValues(4000);
  const estimate = kernelDensity(values, 4);
  const places = [20, 50, 70, 90, 110, 130];
  it('is that of scipy 1.17.1 (gaussian_kde with bw_method = 4 / sd, so that the kernel has a deviation of 4)', () => {
    const expected = [
      0.006066004947425145, 0.0015288666890566076, 0.019195653498890124, 0.0018416733602611376,
      0.02524840957578503, 0.000192439003060368,
    ];
    const found = places.map((place) => at(estimate, estimate.density, place));
    assert.ok(alike(found, expected, 3e-6), found.join());
  });
  it('has the second derivative that numpy computes directly, Σ (z² − 1) exp(−z²/2) / (n h³ √2π)', () => {
    const expected = [
      -6.85232881978798e-5, 0.0001179716039880564, -0.00019282814154291747, 0.00012956191779413351,
      -0.0006363358798141991, 5.3981674687503827e-5,
    ];
    const found = places.map((place) => at(estimate, estimate.curvature, place));
    assert.ok(alike(found, expected, 4e-7), found.join());
  });
  it('integrates to 1, and its curvature to 0', () => {
    const sum = (curve: Float64Array): number =>
      curve.reduce((total, value) => total + value) * estimate.step;
    assert.ok(Math.abs(sum(estimate.density) - 1) < 1e-8);
    assert.ok(Math.abs(sum(estimate.curvature)) < 1e-8);
  });
  it('scales with the values when the bandwidth does', () => {
    const scaled = kernelDensity(
      values.map((value) => 2.5 * value),
      10,
    );
    assert.ok(Math.abs(at(scaled, scaled.density, 175) * 2.5 - at(estimate, estimate.density, 70)) < 1e-9);
  });
  it('refuses a bandwidth that is not one, and values that are not there', () => {
    assert.throws(() => kernelDensity(values, 0), { code: 'invalid-option' });
    assert.throws(() => kernelDensity(values, NaN), { code: 'invalid-option' });
    assert.throws(() => kernelDensity(values, 1e-6), {
      code: 'invalid-option',
      message: /at least 0\.00383/,
    });
    assert.throws(() => kernelDensity([], 1), { code: 'too-little-data' });
    assert.throws(() => kernelDensity([1, NaN], 1), { code: 'invalid-number' });
  });
});
