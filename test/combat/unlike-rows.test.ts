import assert from 'node:assert/strict';
import { applyDesign } from '../../sdk/combat/design/covariate-design';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { modelCorrections } from '../../sdk/combat/frame/site-correction';
import { unlikeRows } from '../../sdk/combat/unlike-rows';
import { takeSubjects } from '../../sdk/data/cohort';
import { siteCodes } from '../../sdk/data/people/participants';
import { withFloat64Kernels } from '../../sdk/math/wasm/float64-kernels';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

describe('scans that are unlike those of a model', () => {
  for (const width of [70, 59]) {
    it(`are the same in many as in few at a time, in WebAssembly as in plain JavaScript: ${width} features`, async () => {
      const { cohort } = simulateFeatureCohort({ seed: 3, subjects: 400, features: width, sites: 4 });
      const model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
      // Kernels are used once they are started.
      withFloat64Kernels({ bytes: 64, scratchBytes: 0, work: 0 }, () => ({}));
      const values = cohort.features.values.map((value, at) => {
        const row = Math.floor(at / width);
        if (at % 11 === 0) return NaN;
        return row % 50 === 7 && at % width < 8 + row / 8 ? 40 * value : value;
      });
      const table = { ...cohort, features: { ...cohort.features, values } };
      const known = modelCorrections(model);
      const moved = cohort.participants.sites.map((site, row) =>
        row % 3 === 0 ? 'a site of its own' : site,
      );
      const elsewhere = { ...table, participants: { ...table.participants, sites: moved } };
      const tables = [
        { table, corrections: known },
        { table: elsewhere, corrections: new Map([...known, ['a site of its own', undefined]]) },
      ];
      for (const { table, corrections } of tables) {
        const farOf = (rows: readonly number[]): readonly number[] => {
          const some = takeSubjects(table, rows);
          const { values: design } = applyDesign(some.participants, model);
          const codes = siteCodes(some.participants, [...corrections.keys()]);
          const given = { design, scale: new Float64Array(0), corrections, codes };
          return unlikeRows(model, some, given).map((at) => rows[at]);
        };
        const rows = [...cohort.participants.ids.keys()];
        const few = [rows.slice(0, 200), rows.slice(200)].flatMap(farOf);
        assert.deepEqual(farOf(rows), few);
        assert.ok(few.length > 3 && few.length < 8);
      }
    });
  }
});
