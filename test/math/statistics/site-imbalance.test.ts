import assert from 'node:assert/strict';
import { siteScaling } from '../../../sdk/baselines/site-scaling';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import type { Covariate } from '../../../sdk/data/people/covariate';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import type { Harmonizer } from '../../../sdk/data/harmonizer';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { makeRandom } from '../../../sdk/math/random';
import {
  categoricalImbalance,
  continuousImbalance,
  notPreservedIssues,
} from '../../../sdk/math/statistics/site-imbalance';
import { randomCohort } from '../../evaluate/audit-cohorts';

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-10 * Math.abs(expected), `${actual} is not ${expected}`);
}

describe('differences of covariates between sites', () => {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  const at = { sites: Int32Array.from(rows, (i) => i % 3), count: 3 };
  it('of a continuous one: p as by scipy 1.17.1 (f_oneway), ω² by its formula in numpy 2.4.6', () => {
    const age = Float64Array.from(rows, (i) => 20 + ((i * 37) % 50) + (i % 3 === 2 ? 8 : 0));
    const { p, pOfOne, share } = continuousImbalance(age, at);
    close(p, 0.3185061523108473);
    // f.sf of the sum of squares between one site and the others over the mean square within the three.
    close(pOfOne, 0.4427604377888016);
    close(share, 0.005548665056465828);
  });
  it('of a categorical one: p as by scipy 1.17.1 (chi2_contingency), Bergsma’s V² in numpy 2.4.6', () => {
    const level = Int32Array.from(rows, (i) => (i * i + (i % 3)) % 4);
    const { p, pOfOne, share } = categoricalImbalance(level, 4, at);
    close(p, 4.501016648012147e-11);
    close(pOfOne, 1.0819453360989633e-7);
    close(share, 0.4649122807017543);
  });
  it('do not exist for one value, one site or nobody', () => {
    assert.ok(Number.isNaN(continuousImbalance(new Float64Array(60).fill(4), at).p));
    assert.ok(Number.isNaN(categoricalImbalance(new Int32Array(60), 2, at).p));
    assert.ok(
      Number.isNaN(continuousImbalance(Float64Array.of(1, 2), { sites: Int32Array.of(0, 0), count: 2 }).p),
    );
    assert.ok(
      Number.isNaN(categoricalImbalance(new Int32Array(0), 2, { sites: new Int32Array(0), count: 2 }).p),
    );
  });
});

describe('what differs between sites and is not preserved', () => {
  const base = randomCohort({
    seed: 4,
    subjects: 90,
    features: 5,
    sites: 3,
    siteEffect: 0.5,
    ageEffect: 0.5,
  });
  const { ids, sites } = base.participants;
  const cohortWith = (covariates: readonly Covariate[], persons = ids): FeatureCohort => ({
    ...base,
    participants: makeParticipants(ids, sites, covariates, { persons }),
  });
  const site = (row: number): number => Number(sites[row].slice(4));
  const age = continuous(
    'age',
    ids.map((_, row) => 30 + 10 * site(row) + ((row * 7) % 11)),
    'years',
  );
  const sex = categorical(
    'sex',
    ids.map((_, row) => ((row * 7) % 10 < 2 + 3 * site(row) ? 'F' : 'M')),
  );

  it('is warned of by fit and audit, with means and counts per site, and shown in the biology section', async () => {
    const cohort = cohortWith([age, sex]);
    const { issues } = await fitCombat(cohort);
    const found = issues.filter(({ code }) => code === 'not-preserved');
    assert.equal(found.length, 2);
    assert.match(
      found[0].message,
      /^age differs between sites and is not preserved: mean 35.3 years at "site0", 44.6 years at "site1", 55 years at "site2" \(sites explain \d+% of it beyond chance, p = /,
    );
    assert.match(
      found[1].message,
      /: 6 F and 24 M at "site0", 15 F and 15 M at "site1", 24 F and 6 M at "site2"/,
    );
    assert.match(found[0].suggestion, /^add "age" to the option preserve: /);
    assert.equal(found[0].severity, 'warning');
    const audit = await auditTable(cohort, combatHarmonizer({ unseen: 'estimate' }), { seeds: 1 });
    assert.deepEqual(
      audit.issues.filter(({ code }) => code === 'not-preserved'),
      found,
    );
    assert.equal(audit.regressions.filter(({ covariate }) => covariate === 'age').length, 6);
    assert.equal(audit.classifications.filter(({ covariate }) => covariate === 'sex').length, 6);
  });
  it('is advised in the options that the harmonizer has', async () => {
    const cohort = cohortWith([age]);
    const advised = async <Model>(harmonizer: Harmonizer<Model>): Promise<string | undefined> => {
      const { issues } = await auditTable(cohort, harmonizer, { seeds: 1 });
      return issues.find(({ code }) => code === 'not-preserved')?.suggestion;
    };
    assert.match(
      (await advised(combatHarmonizer({ unseen: 'estimate' }))) ?? '',
      /add "age" to the option preserve/,
    );
    const other = await advised(siteScaling());
    assert.match(
      other ?? '',
      /^site scaling does not keep "age" .*use a method that keeps it, such as ComBat$/,
    );
    assert.doesNotMatch(other ?? '', /option/);
  });
  it('is not warned of once it is preserved, nor where it is the same', async () => {
    const cohort = cohortWith([age, sex]);
    const { issues } = await fitCombat(cohort, { preserve: ['age', { name: 'sex', reference: 'M' }] });
    assert.ok(!issues.some(({ code }) => code === 'not-preserved'));
    const same = continuous(
      'age',
      ids.map((_, row) => 30 + (Math.floor(row / 3) % 15)),
    );
    assert.deepEqual(notPreservedIssues(cohortWith([same]).participants, []), []);
  });
  it('is warned of when most values are missing, or a site has none', () => {
    const partial = continuous(
      'age',
      ids.map((_, row) => (site(row) === 1 || row % 5 > 1 ? NaN : 30 + 10 * site(row) + (row % 4))),
    );
    const [issue] = notPreservedIssues(cohortWith([partial]).participants, []);
    assert.match(issue.message, /at "site0", none at "site1", 5\d(\.\d)? at "site2"/);
  });
  it('is warned of when one site of twenty differs', () => {
    const random = makeRandom(3);
    const who = Array.from({ length: 300 }, (_, i) => `s${i}`);
    const years = who.map((_, i) => 40 + 10 * random.normal() + (i % 20 === 7 ? 15 : 0));
    const names = who.map((_, i) => `site${i % 20}`);
    const [issue] = notPreservedIssues(makeParticipants(who, names, [continuous('age', years)]), []);
    assert.match(issue.message, /to 5\d(\.\d)? at "site7" over 20 sites/);
  });
  it('sums up many sites', () => {
    const many = Array.from({ length: 24 }, (_, i) => `s${String(i).padStart(2, '0')}`);
    const who = many.flatMap((name) => Array.from({ length: 10 }, (_, i) => `${name}-${i}`));
    const values = who.map((name) => 20 + Number(name.slice(1, 3)) + (Number(name.slice(4)) % 3));
    const participants = makeParticipants(
      who,
      who.map((name) => name.slice(0, 3)),
      [continuous('age', values)],
    );
    const [issue] = notPreservedIssues(participants, []);
    assert.match(issue.message, /: means from 20.9 at "s00" to 43.9 at "s23" over 24 sites/);
  });
  it('counts persons, not scans: without a difference it is rarely warned of', () => {
    let warned = 0;
    let asScans = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = makeRandom(seed);
      const years = ids.map(() => 20 + 60 * random.uniform());
      const doubled = continuous(
        'age',
        ids.map((_, row) => years[Math.floor(row / 6) * 6 + (row % 3)]),
      );
      const persons = ids.map((_, row) => `p${Math.floor(row / 6) * 6 + (row % 3)}`);
      warned += notPreservedIssues(cohortWith([doubled], persons).participants, []).length;
      asScans += notPreservedIssues(cohortWith([doubled]).participants, []).length;
    }
    // Forty-five persons at three sites: p < 0.05 or ω² > 0.06 comes up by chance in about one table of ten.
    assert.ok(warned < 60 && asScans > 1.5 * warned, `${warned} ${asScans}`);
  });
});
