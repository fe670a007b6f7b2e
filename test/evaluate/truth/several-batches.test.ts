import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { nestedCombatHarmonizer } from '../../../sdk/combat/batches/nested-combat-harmonizer';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { categorical } from '../../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { auditRows } from '../../../sdk/evaluate/rows/audit-rows';
import { compareMethods } from '../../../sdk/compare/compare-methods';
import { makeRandom } from '../../../sdk/math/random';

/** 150 scans at three sites; at each, one of two kernels; both move every feature. */
function twoBatches(): FeatureCohort {
  const random = makeRandom(11);
  const ids = Array.from({ length: 150 }, (_, row) => `s${row}`);
  const sites = ids.map((_, row) => `vendor${row % 3}`);
  const kernels = ids.map(() => (random.uniform() < 0.5 ? 'soft' : 'sharp'));
  const width = 6;
  const shifts = Array.from({ length: 4 * width }, () => random.normal());
  const values = Float64Array.from({ length: ids.length * width }, (_, at) => {
    const [row, k] = [Math.floor(at / width), at % width];
    const sharp = kernels[row] === 'sharp' ? 1.5 * Math.abs(shifts[3 * width + k]) + 0.5 : 0;
    return random.normal() + shifts[(row % 3) * width + k] + sharp;
  });
  const names = Array.from({ length: width }, (_, k) => `f${k}`);
  const people = makeParticipants(ids, sites, [categorical('kernel', kernels)]);
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, names));
}

const kernelRows = ['site/batch/kernel/anova', 'site/batch/kernel/levene'];

describe('the answer on sites where several batch variables are taken out', () => {
  const cohort = twoBatches();
  it('is not "Yes" while another batch variable than the site is left, and names it', async () => {
    const onlyVendor = { ...combatHarmonizer(), removes: ['site', 'kernel'] };
    const audit = await auditTable(cohort, onlyVendor, { seeds: 1 });
    const [site] = auditFindings(audit);
    assert.deepEqual(site.against, ['site/batch/kernel/anova']);
    assert.equal(site.grade, 'partly');
    assert.match(site.sentences.at(-1) ?? '', /features that differ in mean by kernel \(ANOVA\)/);
    const shares = auditRows(audit).find(({ id }) => id === kernelRows[0])?.values;
    assert.deepEqual([shares?.raw?.estimate, shares?.['in-sample']?.estimate], [1, 1]);
  });
  it('is "Yes" where both are gone', async () => {
    const audit = await auditTable(cohort, nestedCombatHarmonizer({ batches: ['site', 'kernel'] }), {
      seeds: 1,
    });
    const [site] = auditFindings(audit);
    assert.equal(site.grade, 'yes');
    const rows = auditRows(audit).filter(({ id }) => kernelRows.includes(id));
    assert.deepEqual(
      rows.map(({ values }) => values['in-sample']?.estimate),
      [0, 0],
    );
  });
  it('has no rows of a batch variable that parts the scans as the sites do, nor where there is but one', async () => {
    const { participants } = cohort;
    const doubled = {
      ...cohort,
      participants: { ...participants, covariates: [categorical('kernel', participants.sites)] },
    };
    const same = await auditTable(
      doubled,
      { ...combatHarmonizer(), removes: ['site', 'kernel'] },
      { seeds: 1 },
    );
    const one = await auditTable(cohort, combatHarmonizer(), { seeds: 1 });
    for (const audit of [same, one]) {
      assert.equal(audit.batchTests, undefined);
      assert.ok(auditRows(audit).every(({ id }) => !id.startsWith('site/batch/')));
    }
  });
  it('is compared between methods: one that leaves the kernel has its rows beside one that does not', async () => {
    const methods = [combatHarmonizer(), nestedCombatHarmonizer({ batches: ['site', 'kernel'] })];
    const { rows } = await compareMethods(cohort, methods, { seeds: 1 });
    const row = rows.find(({ id }) => id === kernelRows[0]);
    assert.equal(row?.raw?.estimate, 1);
    assert.deepEqual(
      Object.values(row?.values ?? {}).map(({ estimate }) => estimate),
      [1, 0],
    );
  });
});
