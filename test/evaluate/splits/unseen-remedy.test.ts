import assert from 'node:assert/strict';
import { siteScaling } from '../../../sdk/baselines/site-scaling';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import type { Harmonizer } from '../../../sdk/data/harmonizer';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { smallCohort } from '../../support/small-cohort';

/** What is advised where predictions at sites left out are not available in folds. */
async function advised<Model>(harmonizer: Harmonizer<Model>): Promise<readonly string[]> {
  const { issues } = await auditTable(smallCohort(), harmonizer, { covariates: ['age'], seeds: 1, folds: 2 });
  return issues.filter(({ code }) => code === 'figure-not-available').map(({ suggestion }) => suggestion);
}

describe('what is advised where a site left out cannot be harmonized', () => {
  it('is the option of a method that has one, and of no other', async () => {
    const [combat] = await advised(combatHarmonizer({ preserve: ['age'] }));
    assert.match(combat, /unseen: "estimate" or "own-priors" or "creb" or "covariates"/);
    const scaled = await advised(siteScaling());
    assert.ok(scaled.length > 0);
    for (const text of scaled) assert.doesNotMatch(text, /unseen/);
    assert.match(scaled[0], /only the sites that it was fitted on/);
    for (const text of await advised(combatHarmonizer({ unseen: 'estimate' })))
      assert.doesNotMatch(text, /unseen/);
  });
});
