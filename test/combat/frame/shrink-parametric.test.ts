import assert from 'node:assert/strict';
import { fitPrior } from '../../../sdk/combat/frame/empirical-bayes';
import type { SiteStatistics } from '../../../sdk/combat/frame/empirical-bayes';
import { shrinkParametric, shrinkPlainly } from '../../../sdk/combat/frame/shrink-parametric';
import { makeRandom } from '../../../sdk/math/random';

/** An odd number of features, enough for WebAssembly; some have fewer values than others. */
const features = 5001;

function statisticsOf(seed: number): SiteStatistics {
  const random = makeRandom(seed);
  const draw = (value: () => number): Float64Array => Float64Array.from({ length: features }, value);
  const counts = draw(() => 12 + Math.floor(5 * random.uniform()));
  const scale = draw(() => Math.exp(0.4 * random.normal()));
  return {
    location: draw(() => 0.3 + random.normal()),
    scale,
    squares: scale.map((own, i) => own * (counts[i] - 1)),
    counts,
  };
}

const stopping = { tolerance: 1e-4, maxIterations: 1000 };

describe('shrinking the effects of a site', () => {
  const statistics = statisticsOf(11);
  const prior = fitPrior(statistics.location, statistics.scale);

  it('gives the same bits, after as many rounds, in WebAssembly as in plain JavaScript', () => {
    const plain = shrinkPlainly(statistics, prior, stopping);
    assert.ok(plain.converged && plain.iterations > 2);
    assert.deepEqual(shrinkParametric(statistics, prior, stopping), plain);
  });

  it('stops where it is told to, and at a value that is not a number', () => {
    const few = { ...stopping, maxIterations: 2 };
    assert.deepEqual(shrinkParametric(statistics, prior, few), shrinkPlainly(statistics, prior, few));
    const broken = { ...statistics, squares: statistics.squares.slice() };
    broken.squares[features - 1] = NaN;
    const ended = shrinkParametric(broken, prior, stopping);
    assert.deepEqual(ended, shrinkPlainly(broken, prior, stopping));
    assert.equal(ended.iterations, 1);
    assert.equal(ended.converged, false);
  });

  it('reaches what the equations say: each is the other’s posterior mean', () => {
    const { location, scale } = shrinkParametric(statistics, prior, { ...stopping, tolerance: 1e-13 });
    const { squares, counts, location: seen } = statistics;
    for (const i of [0, 17, features - 1]) {
      const weight = counts[i] * prior.locationVariance;
      const gamma = (weight * seen[i] + scale[i] * prior.locationMean) / (weight + scale[i]);
      const distance = squares[i] + counts[i] * (seen[i] - location[i]) ** 2;
      const delta = (prior.scaleScale + distance / 2) / (prior.scaleShape + counts[i] / 2 - 1);
      assert.ok(Math.abs(gamma - location[i]) < 1e-11 && Math.abs(delta - scale[i]) < 1e-11);
    }
  });
});
