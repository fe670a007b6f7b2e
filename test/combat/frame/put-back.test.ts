import assert from 'node:assert/strict';
import { applyDesign } from '../../../sdk/combat/design/covariate-design';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { putBackPlainly } from '../../../sdk/combat/frame/put-back';
import { putBackByKernels } from '../../../sdk/combat/frame/put-back-by-kernels';
import { modelCorrection } from '../../../sdk/combat/frame/site-correction';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { siteCodes } from '../../../sdk/data/people/participants';
import { makeRandom } from '../../../sdk/math/random';
import { simulateFeatureCohort } from '../../../sdk/simulate/simulate-feature-cohort';

const features = 401;

/** A table with all that is not usual of a cell: missing, below 0, far off; of a feature that is constant, and one that a site has none of. */
function oddCohort(): FeatureCohort {
  const { cohort } = simulateFeatureCohort({ seed: 6, subjects: 520, features, sites: 4 });
  const random = makeRandom(9);
  const { sites } = cohort.participants;
  const values = cohort.features.values.map((value, at) => {
    const w = at % features;
    const chance = random.uniform();
    if (w === 7) return 3;
    if (chance < 0.01 || (w === 10 && sites[Math.floor(at / features)] === sites[0])) return NaN;
    if (chance < 0.02) return 50 * value;
    return w < 100 ? value - 3 : value;
  });
  return { ...cohort, features: { ...cohort.features, values } };
}

describe('putting a cohort back without the effects of its sites', () => {
  it('gives the same bits and the same counts in WebAssembly as in plain JavaScript', async () => {
    const before = oddCohort();
    const { sites } = before.participants;
    const model = await fitCombat(before, { preserve: ['age', 'sex'], reference: sites[519] });
    const filled = before.features.values.map((value) => (Number.isNaN(value) ? 2 : value));
    // Where the model has no values of a feature at a site, those of a cohort become missing.
    const cohort = { ...before, features: { ...before.features, values: filled } };
    for (const table of [before, cohort]) {
      const what = {
        design: applyDesign(table.participants, model).values,
        scale: new Float64Array(0),
        corrections: new Map(model.sites.map(({ name }, site) => [name, modelCorrection(model, site)])),
        codes: siteCodes(
          table.participants,
          model.sites.map(({ name }) => name),
        ),
        run: {},
        report: () => undefined,
      };
      const plain = await putBackPlainly(model, table, what);
      const byKernels = await putBackByKernels(model, table, what);
      assert.deepEqual(byKernels, plain);
      assert.equal(plain.lost.size, table === cohort ? 1 : 0);
      assert.ok(plain.tally.far.some((count) => count > 0) && plain.signs.after.some((count) => count > 0));
    }
  });
});
