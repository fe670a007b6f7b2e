import assert from 'node:assert/strict';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { modelCorrection, modelCorrections } from '../../sdk/combat/frame/site-correction';
import { distancesPlainly, distancesOfSites } from '../../sdk/combat/site-distances';
import { withFloat64Kernels } from '../../sdk/math/wasm/float64-kernels';
import { makeRandom } from '../../sdk/math/random';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

describe('how far the residuals of sites are from what a model knows of them', () => {
  it('and what they are corrected by have the same bits in WebAssembly as in plain JavaScript', async () => {
    const { cohort } = simulateFeatureCohort({ seed: 8, subjects: 60, features: 21, sites: 4 });
    const { sites } = cohort.participants;
    const values = cohort.features.values.map((value, at) => {
      const w = at % 21;
      if (w === 3) return 2;
      return w === 5 && sites[Math.floor(at / 21)] === sites[0] ? NaN : value;
    });
    const model = await fitCombat(
      { ...cohort, features: { ...cohort.features, values } },
      { preserve: ['age'] },
    );
    const random = makeRandom(2);
    const cells = (value: () => number): Float64Array => Float64Array.from({ length: 4 * 21 }, value);
    const tally = {
      sums: cells(() => 5 * random.normal()),
      counts: cells(() => Math.floor(4 * random.uniform())),
    };
    withFloat64Kernels({ bytes: 64, scratchBytes: 0, work: 0 }, () => ({}));
    const plain = distancesPlainly(model, tally, [0, 1, 3]);
    assert.deepEqual(distancesOfSites(model, tally, [0, 1, 3]), plain);
    model.sites.forEach(({ name }, site) => {
      assert.deepEqual(modelCorrections(model).get(name), modelCorrection(model, site));
    });
    assert.ok(plain.used > 5 && plain.used < 21 && plain.toZero > 0 && plain.toModel > 0);
  });
});
