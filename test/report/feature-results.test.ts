import assert from 'node:assert/strict';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { featureResults } from '../../sdk/report/feature-results';
import { sampleAudit } from '../evaluate/sample-audit';
import { smallCohort } from '../support/small-cohort';

describe('featureResults', () => {
  const cohort = smallCohort({ features: 4 });

  it('has the audit of each feature before and after, and what the model took from each site', async () => {
    const model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
    const audit = await evaluateTable(cohort, await applyCombat(model, cohort), { seeds: 1 });
    const rows = featureResults(audit, { model });
    assert.deepEqual(Object.keys(rows[0]), [
      'feature',
      ...['site_F', 'site_q', 'site_share', 'spread_q', 'age_slope', 'sex=M_slope'].flatMap((name) => [
        `${name}_before`,
        `${name}_after`,
      ]),
      ...['A', 'B', 'C'].flatMap((site) => [`${site}_shift`, `${site}_factor`]),
    ]);
    rows.forEach((row, at) => {
      assert.equal(row.feature, `f${at}`);
      assert.equal(row.site_F_before, audit.tests[0].features[at].anova.statistic);
      assert.equal(row.age_slope_after, audit.slopes[0].after[at]);
      assert.ok(row.site_share_after < row.site_share_before);
      assert.equal(row.B_shift, model.gammaStar[4 + at] * model.pooledSd[at]);
      assert.equal(row.C_factor, Math.sqrt(model.deltaStar[8 + at]));
    });
  });

  it('refuses a model of other features', async () => {
    const other = await fitCombat({ ...cohort, features: { ...cohort.features, features: [...'abcd'] } });
    assert.throws(() => featureResults(sampleAudit(), { model: other }), /none of the audit's features/);
  });
});
