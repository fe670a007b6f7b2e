import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makeRandom } from '../../../sdk/math/random';
import { drawSensitivity, sensitivityMap } from '../../../sdk/simulate/phantom/scanner/coil-sensitivity';
import { distort } from '../../../sdk/simulate/phantom/scanner/gradient-distortion';
import { filterAxes, pointSpreadKernel } from '../../../sdk/simulate/phantom/scanner/low-pass';
import { addRicianNoise } from '../../../sdk/simulate/phantom/scanner/rician-noise';

function meanAndVariance(values: ArrayLike<number>): [number, number] {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let variance = 0;
  for (let i = 0; i < values.length; i++) variance += (values[i] - mean) ** 2 / values.length;
  return [mean, variance];
}

describe('addRicianNoise', () => {
  const count = 200_000;

  it('is Rayleigh in air: mean σ√(π/2), variance (2 − π/2)σ²', () => {
    const sigma = 3;
    const [mean, variance] = meanAndVariance(addRicianNoise(new Float32Array(count), sigma, makeRandom(4)));
    // Four standard errors.
    assert.ok(Math.abs(mean - sigma * Math.sqrt(Math.PI / 2)) < 4 * Math.sqrt(variance / count), `${mean}`);
    assert.ok(Math.abs(variance / ((2 - Math.PI / 2) * sigma * sigma) - 1) < 0.02, `${variance}`);
  });

  it('has the second moment A² + 2σ² of the Rice distribution', () => {
    const noisy = addRicianNoise(new Float32Array(count).fill(5), 2, makeRandom(5));
    const [mean, variance] = meanAndVariance(noisy);
    assert.ok(Math.abs((mean * mean + variance) / 33 - 1) < 0.01);
    // SciPy 1.17.1: stats.rice(2.5, scale=2).mean(); four standard errors.
    assert.ok(Math.abs(mean - 5.422402937527482) < 0.017, `${mean}`);
  });

  it('leaves the image as it is without noise', () => {
    const image = Float32Array.of(1, 2, 3);
    assert.deepEqual(addRicianNoise(image, 0, makeRandom(1)), image);
  });
});

describe('pointSpreadKernel', () => {
  /** A step seen through the kernel: how far it overshoots, as a share of the step. */
  function overshoot(ringing: number): number {
    const kernel = pointSpreadKernel({ resolution: 1, ringing, smoothing: 0 }, 0.1);
    const step = Float32Array.from({ length: 601 }, (_, i) => (i < 150 || i > 450 ? 0 : 1));
    const one = Float64Array.of(1);
    return Math.max(...filterAxes(step, [601, 1, 1], [kernel, one, one])) - 1;
  }

  it('sums to one', () => {
    for (const resolution of [0.5, 1, 1.7]) {
      const kernel = pointSpreadKernel({ resolution, ringing: 0.4, smoothing: 1.2 }, 1);
      assert.ok(Math.abs(2 * kernel.reduce((sum, weight) => sum + weight, 0) - kernel[0] - 1) < 1e-3);
    }
  });

  it('rings at an edge by 9 % when k-space is cut off (Gibbs) and not with a Hann filter', () => {
    // The Gibbs phenomenon: (1/π) ∫ sin(t)/t dt from 0 to π − 1/2 = 0.0895 of the step.
    assert.ok(Math.abs(overshoot(1) - 0.0895) < 0.01, `${overshoot(1)}`);
    assert.ok(overshoot(0) < 0.01, `${overshoot(0)}`);
    assert.ok(overshoot(0.5) > overshoot(0) && overshoot(0.5) < overshoot(1));
  });

  it('does not blur on a grid much coarser than the acquired voxels', () => {
    const kernel = pointSpreadKernel({ resolution: 0.1, ringing: 0, smoothing: 0 }, 2);
    assert.ok(kernel[0] > 0.99, `${kernel[0]}`);
  });

  it('smooths with a Gaussian of the width asked for', () => {
    const kernel = pointSpreadKernel({ resolution: 0.1, ringing: 1, smoothing: 2 }, 0.1);
    // Half the height at half the full width: 10 steps of 0.1 mm.
    assert.ok(Math.abs(kernel[10] / kernel[0] - 0.5) < 1e-3);
  });
});

describe('drawSensitivity', () => {
  it('has mean 0 and the standard deviation asked for in the logarithm, over the ellipsoid of a brain', () => {
    const affine = makeAffine([6, 6, 6], [-66, -100, -54]);
    const shape = [23, 29, 22] as const;
    const map = sensitivityMap(drawSensitivity(3, 0.2, 3), { shape, affine });
    const inside: number[] = [];
    for (let k = 0, at = 0; k < shape[2]; k++) {
      for (let j = 0; j < shape[1]; j++) {
        for (let i = 0; i < shape[0]; i++, at++) {
          const u = (6 * i - 66) / 66;
          const v = (6 * j - 84) / 84;
          const w = (6 * k - 62) / 62;
          if (u * u + v * v + w * w <= 1) inside.push(Math.log(map[at]));
        }
      }
    }
    const [mean, variance] = meanAndVariance(inside);
    assert.ok(Math.abs(mean) < 0.01, `${mean}`);
    assert.ok(Math.abs(Math.sqrt(variance) - 0.2) < 0.01, `${Math.sqrt(variance)}`);
  });
});

describe('distort', () => {
  it('takes each voxel from where the third-order error of the gradients puts it', () => {
    const grid = { shape: [101, 5, 5] as const, affine: makeAffine([2, 2, 2], [-100, -4, -4]) };
    const ramp = Float32Array.from({ length: 101 * 25 }, (_, at) => (at % 101) * 2 - 100);
    const seen = distort(ramp, grid, { to: grid, distortion: { reach: [1.5, 0, 0] } });
    // At x = 60, y = z = 0: 60 + 1.5 · 0.6³.
    assert.ok(Math.abs(seen[80 + 101 * (2 + 5 * 2)] - (60 + 1.5 * 0.6 ** 3)) < 1e-4);
    assert.equal(seen[50 + 101 * (2 + 5 * 2)], 0);
  });
});
