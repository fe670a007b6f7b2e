import assert from 'node:assert/strict';
import { driftsPlainly, driftSums } from '../../sdk/combat/drift-sums';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { makeRandom } from '../../sdk/math/random';
import { withFloat64Kernels } from '../../sdk/math/wasm/float64-kernels';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

describe('how far sites are from where a model expects them', () => {
  it('has the same bits in WebAssembly as in plain JavaScript', async () => {
    const width = 21;
    const { cohort } = simulateFeatureCohort({ seed: 8, subjects: 60, features: width, sites: 4 });
    const values = cohort.features.values.map((value, at) => (at % width === 3 ? 2 : value));
    const model = await fitCombat(
      { ...cohort, features: { ...cohort.features, values } },
      { preserve: ['age'] },
    );
    const random = makeRandom(2);
    const cells = (value: () => number): Float64Array => Float64Array.from({ length: 4 * width }, value);
    const tally = {
      sums: cells(() => 50 * random.normal()),
      counts: cells(() => Math.floor(40 * random.uniform())),
    };
    const sites = [
      { fitted: 15, share: 1, freedom: 13 },
      undefined,
      { fitted: 14, share: 0.5, freedom: 12 },
      { fitted: 16, share: 1, freedom: 14 },
    ];
    // Kernels are used once they are started.
    withFloat64Kernels({ bytes: 64, scratchBytes: 0, work: 0 }, () => ({}));
    const plain = driftsPlainly(model, tally, { sites, fewest: 10 });
    assert.deepEqual(driftSums(model, tally, { sites, fewest: 10 }), plain);
    const compared = plain.filter(({ features }) => features > 5 && features < width);
    assert.equal(compared.length, 3);
    assert.ok(plain[0].squares > 0 && plain[0].beyond > 0);
  });
});
