import assert from 'node:assert/strict';
import { combatSettings } from '../../../sdk/combat/combat-options';
import { fitPrior } from '../../../sdk/combat/frame/empirical-bayes';
import { fitPriorByKernel } from '../../../sdk/combat/frame/fit-prior-by-kernel';
import { siteInput } from '../../../sdk/combat/frame/gather-sites';
import { shrinkSite } from '../../../sdk/combat/frame/shrink-sites';
import { shrinkUsualSites } from '../../../sdk/combat/frame/shrink-usual-sites';
import type { Standardized } from '../../../sdk/combat/frame/standardize-block';
import { makeRandom } from '../../../sdk/math/random';

/** An odd number, enough for WebAssembly. */
const features = 5001;
const names = ['north', 'gap', 'flat', 'single', 'reference', 'south'];

/** Site effects: a feature is missing at one site and has no spread at the next; one has a single subject. */
function effectsOfSites(): Standardized {
  const random = makeRandom(21);
  const none = new Float64Array(0);
  const cells = (value: () => number): Float64Array =>
    Float64Array.from({ length: names.length * features }, value);
  const location = cells(() => 0.2 + random.normal());
  const squares = cells(() => 12 * Math.exp(0.3 * random.normal()));
  const counts = cells(() => 13 + Math.floor(4 * random.uniform()));
  location[features + 17] = NaN;
  squares[2 * features + 30] = 1e-25;
  counts.fill(1, 3 * features, 4 * features);
  return {
    ...{ status: new Array<'harmonized'>(features).fill('harmonized'), location, squares, counts },
    ...{ grandMean: none, present: none, pooledSd: none, coefficients: none, scaleCoefficients: none },
    ...{ endless: new Uint8Array(0), penalties: none, freedom: none },
  };
}

describe('shrinking the sites where nothing is out of the ordinary', () => {
  const standardized = effectsOfSites();
  const sizes = Float64Array.of(16, 16, 16, 1, 16, 16);

  for (const maxIterations of [1000, 2]) {
    it(`has the same bits as looking closer, and leaves it the others: at most ${maxIterations} rounds`, async () => {
      const settings = combatSettings({ maxIterations });
      const usual = shrinkUsualSites(standardized, { names, sizes }, { settings, reference: 4 });
      assert.deepEqual(
        usual.map((effects) => effects?.site.name),
        ['north', undefined, undefined, undefined, undefined, 'south'],
      );
      for (const index of [0, 5]) {
        const input = siteInput(standardized, { name: names[index], index, subjects: sizes[index] });
        const closer = await shrinkSite(input, settings, { run: {} });
        assert.deepEqual(usual[index], closer);
        assert.equal(closer.issues.length, maxIterations === 2 ? 1 : 0);
      }
    });
  }

  it('is for the plain parametric form alone', () => {
    for (const options of [{ meanOnly: true }, { eb: 'none' }, { eb: 'nonparametric' }] as const) {
      const settings = combatSettings(options);
      assert.deepEqual(shrinkUsualSites(standardized, { names, sizes }, { settings, reference: -1 }), []);
    }
  });

  it('fits one prior to the effects of all with the same bits', () => {
    const { location, squares } = standardized;
    const known = location.subarray(0, features);
    // Kernels are used once they are started.
    shrinkUsualSites(standardized, { names, sizes }, { settings: combatSettings({}), reference: -1 });
    assert.deepEqual(
      fitPriorByKernel(known, squares.subarray(0, features)),
      fitPrior(known, squares.subarray(0, features)),
    );
    const equal = new Float64Array(features).fill(2);
    assert.deepEqual(fitPriorByKernel(known, equal), fitPrior(known, equal));
  });
});
