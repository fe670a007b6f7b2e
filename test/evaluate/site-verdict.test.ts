import assert from 'node:assert/strict';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { categorical } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { auditToJson } from '../../sdk/evaluate/rows/audit-json';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { formatAudit } from '../../sdk/evaluate/rows/format-audit';
import { auditFindings } from '../../sdk/evaluate/findings/audit-findings';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import { arithmeticCohort, randomCohort } from './audit-cohorts';

describe('the interval over subjects', () => {
  it('covers chance where sites do not differ, so that the verdict is never that the site is still there', async () => {
    let covering = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const cohort = randomCohort({ seed, subjects: 120, features: 8, sites: 3, siteEffect: 0 });
      const audit = await evaluateTable(cohort, cohort, { seeds: 2, seed });
      assert.notEqual(auditFindings(audit)[0].grade, 'no', `cohort ${seed}`);
      const [linear] = audit.probes;
      if (linear.overSubjects.low <= 1 / 3 && linear.overSubjects.high >= 1 / 3) covering++;
    }
    // With a coverage of 95%, 20 independent cohorts have 15 or fewer that cover with probability 0.0026.
    assert.ok(covering >= 16, `${covering} of 20`);
  });
  it('has a width with one seed, where the interval over seeds has none', async () => {
    const cohort = randomCohort({ seed: 1, subjects: 120, features: 8, sites: 3, siteEffect: 0.3 });
    const { probes } = await evaluateTable(cohort, cohort, { seeds: 1 });
    for (const { balancedAccuracy, overSubjects } of probes) {
      assert.equal(balancedAccuracy.low, balancedAccuracy.high);
      assert.ok(Math.abs(overSubjects.estimate - balancedAccuracy.estimate) < 1e-12);
      // The standard error of a balanced accuracy near a half is √(0.25 / 40 / 3) = 0.046.
      const width = overSubjects.high - overSubjects.low;
      assert.ok(width > 2 * 0.046 && width < 5 * 0.046, `${width}`);
    }
  });
});

describe('the floor', () => {
  it('is what age tells of the site: a perfect harmonizer is above chance and still has the verdict yes', async () => {
    const sites = ['A', 'B', 'C'].map((name, i) => ({
      name,
      subjects: 60,
      ageMean: 30 + 18 * i,
      ageSd: 9,
      femaleShare: 0.5,
    }));
    const { cohort, truth } = simulateFeatureCohort({ seed: 2, sites });
    const audit = await evaluateTable(cohort, truth.harmonized, { seeds: 2 });
    const after = audit.probes.filter(({ protocol }) => protocol === 'in-sample');
    assert.ok(after.every(({ overSubjects, chance }) => overSubjects.low > chance));
    assert.deepEqual(
      audit.floor.map(({ probe, protocol }) => [probe, protocol]),
      [
        ['linear', 'raw'],
        ['rbf', 'raw'],
      ],
    );
    // Two cuts half-way, one deviation from the means: recalls 0.84, 0.68 and 0.84 by the normal distribution, 0.79
    // on average; four standard errors are 4 √(0.17 / 180) = 0.12.
    for (const { overSubjects } of audit.floor) {
      assert.ok(Math.abs(overSubjects.estimate - 0.79) < 0.12, `${overSubjects.estimate}`);
    }
    // The truth was fitted to nobody, so its figures count as those in folds do; in-sample ones would leave it open.
    assert.equal(auditFindings(audit)[0].grade, 'open');
    const probes = audit.probes.map((one) =>
      one.protocol === 'in-sample' ? { ...one, protocol: 'in-folds' as const } : one,
    );
    const held = { ...audit, probes };
    const [site] = auditFindings(held);
    assert.equal(site.grade, 'yes');
    assert.ok(site.sentences.some((sentence) => /no better than from age, sex alone/.test(sentence)));
    // Without the floor it would be held against the harmonizer that it keeps age.
    assert.notEqual(auditFindings({ ...held, floor: [] })[0].grade, 'yes');
    assert.deepEqual(
      (auditToJson(audit)['floor'] as { perSeed: number[] }[]).map(({ perSeed }) => perSeed),
      audit.floor.map(({ perSeed }) => [...perSeed]),
    );
    assert.match(
      formatAudit(audit),
      /linear probe from age, sex alone, balanced accuracy {2,}0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)/,
    );
  });
  it('is at chance where age does not differ between sites', async () => {
    const found: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const cohort = randomCohort({ seed, subjects: 120, features: 2, sites: 3, siteEffect: 0 });
      const { floor } = await evaluateTable(cohort, cohort, { seeds: 1, covariates: ['age'] });
      found.push(floor[0].overSubjects.estimate);
    }
    // Four standard errors: 4 √(0.22 / 120 / 8) = 0.06.
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    assert.ok(Math.abs(mean - 1 / 3) < 0.06, `${mean}`);
  });
  it('is empty without covariates, and fills in those that subjects lack', async () => {
    const cohort = arithmeticCohort();
    const { ids, sites } = cohort.participants;
    const bare = makeFeatureCohort(makeParticipants(ids, sites), cohort.features);
    assert.deepEqual((await evaluateTable(bare, bare, { seeds: 1 })).floor, []);
    const level = categorical(
      'level',
      sites.map((site, i) => (i % 7 === 0 ? null : site === 'site0' ? 'b' : 'a')),
    );
    const lacking = makeFeatureCohort(makeParticipants(ids, sites, [level]), cohort.features);
    const { floor } = await evaluateTable(lacking, lacking, { seeds: 1 });
    // Site 0 is named but for those without a level; of the other two only one can be.
    assert.ok(floor[0].overSubjects.estimate > 0.5 && floor[0].overSubjects.estimate <= 2 / 3);
  });
});
