import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { longitudinalHarmonizer } from '../../../sdk/combat/longitudinal/longitudinal-harmonizer';
import type { Harmonizer } from '../../../sdk/data/harmonizer';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { repeatedCohort } from '../repeated-cohorts';

describe('the answer on sites where persons have several scans', () => {
  it('goes by the tests of all scans too: plain ComBat takes persons for sites, longitudinal ComBat does not', async () => {
    // A few persons at each of two sites, by whom the sites differ, and half of them at both: no scanner does anything.
    const cohort = repeatedCohort({
      seed: 5,
      persons: 24,
      features: 8,
      withinSd: 0.2,
      visits: (person) => (person % 2 === 0 ? ['A', 'A', 'B'] : person % 4 === 1 ? ['A', 'A'] : ['B', 'B']),
    });
    const against = async <Model>(method: Harmonizer<Model>): Promise<readonly string[]> => {
      const audit = await auditTable(cohort, method, { seeds: 1, folds: 3, covariates: [] });
      const [site] = auditFindings(audit);
      return site.against.filter((id) => id === 'site/test/kenward-roger');
    };
    assert.deepEqual(await against(combatHarmonizer()), ['site/test/kenward-roger']);
    assert.deepEqual(await against(longitudinalHarmonizer()), []);
  });
});
