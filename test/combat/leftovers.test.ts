import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { scoresByKernels, standardizeByKernels } from '../../sdk/combat/covbat/leftovers-by-kernels';
import { standardizePlainly } from '../../sdk/combat/covbat/leftovers-plainly';
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
});
