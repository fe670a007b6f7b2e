import assert from 'node:assert/strict';
import { applicableScans, applyCombat } from '../../sdk/combat/apply-combat';
import { moveWhole } from '../../sdk/combat/covbat/apply-covbat';
import { covbatSteps } from '../../sdk/combat/covbat/covbat-options';
import { componentsAsWhole, fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { leftoverComponents } from '../../sdk/combat/covbat/leftover-components';
import { scoresByKernels, standardizeByKernels } from '../../sdk/combat/covbat/leftovers-by-kernels';
import { standardizePlainly } from '../../sdk/combat/covbat/leftovers-plainly';
import { moveByKernels } from '../../sdk/combat/covbat/move-by-kernels';
import { applyDesign } from '../../sdk/combat/design/covariate-design';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { innerProducts } from '../../sdk/math/linear/inner-products';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

describe('leftovers of ComBat', () => {
  // Blocks of features are not all as wide, the last is of an odd number, and there are more cells than are worth kernels.
  const [subjects, features] = [110, 2001];

  for (const [what, transform] of [
    ['as they are', 'none'],
    ['by their logarithms', 'log'],
  ] as const) {
    it(`have the same bits in WebAssembly as in plain JavaScript: ${what}`, async () => {
      const { cohort } = simulateFeatureCohort({ seed: 3, subjects, features, sites: 3 });
      const { values } = cohort.features;
      for (let at = 0; at < values.length; at++) {
        if (transform === 'log') values[at] = Math.exp(values[at] / 10);
        if (at % 997 === 0) values[at] = NaN;
        // A feature that is passed through.
        if (at % features === 5) values[at] = 1;
      }
      const model = await fitCombat(cohort, { preserve: ['age', 'sex'], transform });
      const after = await applyCombat(model, cohort);
      const design = applyDesign(after.participants, model).values;
      const expected = { model, design };
      for (const standardize of [true, false]) {
        const [byKernels, plain] = [after.features.values.slice(), after.features.values.slice()];
        const made = standardizeByKernels(expected, byKernels, { standardize });
        assert.deepEqual(made, standardizePlainly(expected, plain, { standardize }));
        assert.deepEqual(byKernels, plain);
        assert.ok(made !== undefined && made.cells > 200 && Number.isNaN(made.units.scales[5]));
        const rotation = plain.subarray(0, 7 * features);
        const { units } = made;
        assert.deepEqual(scoresByKernels(expected, after.features.values, { units, rotation }), {
          scores: innerProducts(plain, rotation, features),
          cells: made.cells,
        });
      }
    });
  }

  describe('of bands of features, in which ComBat corrects them', () => {
    for (const [what, options] of [
      ['of an average', {}],
      ['to a reference site, a few components', { reference: 'site-02', components: 5, standardize: false }],
    ] as const) {
      it(`have the same bits as of whole tables: ${what}`, async () => {
        const { cohort } = simulateFeatureCohort({ seed: 4, subjects, features, sites: 3 });
        const { values } = cohort.features;
        for (let at = 0; at < values.length; at++) {
          if (at % 997 === 0) values[at] = NaN;
          if (at % features === 5) values[at] = 1;
        }
        const model = await fitCovbat(cohort, { preserve: ['age', 'sex'], ...options });
        const scans = await applicableScans(model.combat, cohort, {});
        const steps = covbatSteps(options);
        const whole = await componentsAsWhole(model.combat, scans, steps);
        assert.deepEqual(leftoverComponents(model.combat, scans, steps), whole);
        assert.deepEqual(model.rotation, whole.rotation);
        assert.ok(whole.cells > 200);
        const moved = await moveByKernels(model, scans, {});
        assert.deepEqual(moved, await moveWhole(model, scans, {}));
        const into = values.slice();
        const own = { ...scans, used: { ...scans.used, features: { ...scans.used.features, values: into } } };
        assert.deepEqual((await moveByKernels(model, own, { into }))?.values, moved?.values);
      });
    }
  });
});
