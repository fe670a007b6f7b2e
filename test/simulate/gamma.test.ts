import assert from 'node:assert/strict';
import { makeRandom } from '../../sdk/math/random';
import { drawGamma, drawInverseGamma } from '../../sdk/simulate/gamma';

/** The largest distance between the empirical distribution of draws and the given quantiles' probabilities. */
function largestGap(draws: Float64Array, quantiles: readonly (readonly [number, number])[]): number {
  return Math.max(
    ...quantiles.map(([probability, quantile]) =>
      Math.abs(draws.filter((draw) => draw <= quantile).length / draws.length - probability),
    ),
  );
}

describe('gamma draws', () => {
  // A share of 100,000 draws has a standard error of at most 0.0016: the bound is more than three of them.
  const bound = 0.005;

  it('follow the gamma distribution (quantiles of scipy.stats.gamma, SciPy 1.17.1)', () => {
    const random = makeRandom(17);
    const flat = Float64Array.from({ length: 100000 }, () => drawGamma(1, random));
    const steep = Float64Array.from({ length: 100000 }, () => drawGamma(13, random));
    assert.ok(
      largestGap(flat, [
        [0.05, 0.051293294],
        [0.25, 0.287682072],
        [0.5, 0.693147181],
        [0.75, 1.386294361],
        [0.95, 2.995732274],
      ]) < bound,
    );
    assert.ok(
      largestGap(steep, [
        [0.05, 7.689578292],
        [0.25, 10.421715552],
        [0.5, 12.668229059],
        [0.75, 15.217282714],
        [0.95, 19.44256933],
      ]) < bound,
    );
  });

  it('follow the inverse gamma distribution (quantiles of scipy.stats.invgamma, SciPy 1.17.1)', () => {
    const random = makeRandom(18);
    const draws = Float64Array.from({ length: 100000 }, () => drawInverseGamma(5, 4, random));
    assert.ok(
      largestGap(draws, [
        [0.05, 0.436990406],
        [0.25, 0.637508037],
        [0.5, 0.856364382],
        [0.75, 1.187436781],
        [0.95, 2.030302706],
      ]) < bound,
    );
  });
});
