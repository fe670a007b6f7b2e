import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../sdk/combat/combat-harmonizer';
import type { FeatureCohort } from '../../sdk/data/cohort';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { makeParticipants } from '../../sdk/data/people/participants';
import { auditTable } from '../../sdk/evaluate/audit-table';
import { bootstrapWithinGroups } from '../../sdk/evaluate/predictors/bootstrap';
import { distanceCorrelation } from '../../sdk/evaluate/persons/distance-correlation';
import { evaluateInFolds } from '../../sdk/evaluate/evaluate-in-folds';
import { resolveEvaluateOptions } from '../../sdk/evaluate/evaluate-options';
import type { FeatureModels } from '../../sdk/evaluate/models/feature-models';
import { fitFeatureModels } from '../../sdk/evaluate/models/feature-models';
import { averageRows, personRows } from '../../sdk/evaluate/persons/person-rows';
import { makeSiteDesign } from '../../sdk/evaluate/models/site-design';
import { siteProbe } from '../../sdk/evaluate/predictors/site-probe';
import { planSplits } from '../../sdk/evaluate/splits/split-plan';
import { makeRandom } from '../../sdk/math/random';
import { arithmeticCohort } from './audit-cohorts';
import { repeatedCohort, siteOfPerson } from './repeated-cohorts';

/** Who is scanned where: the kinds of designs with repeats. */
const designs: Readonly<Record<string, (person: number) => readonly string[]>> = {
  'two scans each': (person) => [siteOfPerson(person, 3), siteOfPerson(person, 3)],
  'one site scans thrice': (person) =>
    siteOfPerson(person, 3) === 'A' ? ['A', 'A', 'A'] : [siteOfPerson(person, 3)],
  'everybody at every site': () => ['A', 'B', 'C'],
  'everybody at two sites': (person) => ['A', 'B', 'C'].filter((_, i) => i !== person % 3),
  'a few at every site': (person) => (person < 10 ? ['A', 'B', 'C'] : [siteOfPerson(person, 3)]),
};

async function testSites(cohort: FeatureCohort): Promise<FeatureModels> {
  const { groups, persons } = personRows(cohort.participants);
  const rows = averageRows(cohort, groups);
  return fitFeatureModels(rows.features, makeSiteDesign(rows, ['age', 'sex'], persons));
}

describe('persons with several scans', () => {
  it('without any site effect, probes are at chance and their intervals hold it, over 20 cohorts', async function () {
    this.timeout(120_000);
    for (const design of ['two scans each', 'everybody at every site']) {
      const found = { linear: [0, 0], rbf: [0, 0] };
      const cohorts = 20;
      for (let seed = 1; seed <= cohorts; seed++) {
        const cohort = repeatedCohort({ seed, persons: 60, features: 30, visits: designs[design] });
        const { probes } = await siteProbe(cohort, { seeds: 2 });
        for (const { probe, overSubjects, chance } of probes) {
          found[probe][0] += overSubjects.estimate / cohorts;
          found[probe][1] += Number(overSubjects.low <= chance && chance <= overSubjects.high);
        }
      }
      for (const [mean, covered] of Object.values(found)) {
        // Four standard errors of a mean of 20 accuracies of a third, on 60 persons each: 4 √(0.222 / 60 / 20) = 0.054.
        assert.ok(Math.abs(mean - 1 / 3) < 0.054, `${design}: ${mean}`);
        assert.ok(covered >= 16, `${design}: ${covered} of ${cohorts}`);
      }
    }
  });

  for (const [design, visits] of Object.entries(designs)) {
    it(`${design}: nobody is on both sides of a split, and folds share out sites`, async () => {
      const cohort = repeatedCohort({ seed: 3, persons: 60, features: 4, visits });
      const { persons, ids } = cohort.participants;
      const personOf = new Map(ids.map((id, row) => [id, persons[row]]));
      let splits = 0;
      const spy: Harmonizer<ReadonlySet<string>> = {
        name: 'spy',
        kind: 'features',
        fit: (train) => Promise.resolve(new Set(train.participants.persons)),
        apply: (trained, given) => {
          const met = given.participants.ids.map((id) => trained.has(personOf.get(id) ?? ''));
          assert.ok(met.every(Boolean) || !met.some(Boolean));
          if (!met[0]) splits++;
          return Promise.resolve(given);
        },
        targets: () => [],
      };
      await evaluateInFolds(cohort, spy, { seeds: 1 });
      assert.ok(splits >= 5);
      const plan = planSplits(cohort, resolveEvaluateOptions(cohort, {}));
      for (const folds of plan.assignments) {
        plan.siteNames.forEach((_, site) => {
          const sizes = new Map<number, Set<number>>();
          plan.sites.forEach((at, row) => {
            if (at !== site) return;
            sizes.set(folds[row], (sizes.get(folds[row]) ?? new Set()).add(plan.units[row]));
          });
          const counts = [0, 1, 2, 3, 4].map((fold) => sizes.get(fold)?.size ?? 0);
          // One for the persons of this site alone, and one for each kind of traveler who comes here.
          assert.ok(Math.max(...counts) - Math.min(...counts) <= 2, counts.join(' '));
        });
      }
    });

    it(`${design}: tests without an effect are below 0.05 about one time in twenty`, async () => {
      for (const withinSd of [0.3, 1]) {
        const cohort = repeatedCohort({ seed: 1, persons: 60, features: 1000, visits, withinSd });
        const models = await testSites(cohort);
        for (const test of ['anova', 'kruskal', 'levene'] as const) {
          const share = models[test].filter(({ p }) => p < 0.05).length / 1000;
          // Four standard errors of a share of 0.05 of 1000 are 0.028; distances from medians are known to be careful.
          assert.ok(share < 0.078 && share > (test === 'levene' ? 0.015 : 0.022), `${test}: ${share}`);
        }
      }
    });
  }

  it('a site effect that is small beside persons is found within those who travelled', async () => {
    const visits = designs['everybody at every site'];
    const effect = (site: string): number => (site === 'A' ? 0.3 : 0);
    const cohort = repeatedCohort({ seed: 1, persons: 30, features: 100, visits, effect });
    const share = (models: FeatureModels): number => models.anova.filter(({ p }) => p < 0.05).length / 100;
    assert.ok(share(await testSites(cohort)) > 0.8);
    // As if every scan were of another person, it is lost among the persons.
    assert.ok(share(await fitFeatureModels(cohort.features, makeSiteDesign(cohort, ['age', 'sex']))) < 0.1);
  });

  it('compares sites within persons as statsmodels 0.15.0 and scipy 1.17.1 do', async () => {
    // arithmeticCohort, every three rows one person (the sex of the first), first row per person and site. With OLS:
    // anova: y ~ C(person) + age, with and without C(site); kruskal: ranks of the residuals of the former instead of y, the
    // gain of C(site) over the mean square without it; levene: |residuals of y ~ age + sex + C(site) − their median
    // at the site| ~ C(person), with and without C(site).
    const expected = [
      [0.790755257670517, 0.49019632791496504, 1.829171142195191, 0.40068264615594484, 1.7259066904497904],
      [24.90710689092844, 0.0006565134624617086, 7.694048464632028, 0.02134315430201071, 0.0679339003834042],
      [0.5978097993591199, 0.5797612212258132, 0.7205461380371626, 0.6974858382907227, 1.8457581549477167],
      [0.12627586707281385, 0.88333454739633, 0.753341610068873, 0.6861419111845555, 0.5442177475661095],
    ];
    const base = arithmeticCohort();
    const { ids, sites, covariates } = base.participants;
    const [age, sex] = covariates;
    assert.ok(sex.kind === 'categorical');
    const codes = sex.codes.map((_, row) => sex.codes[3 * Math.floor(row / 3)]);
    const persons = ids.map((_, row) => `p${Math.floor(row / 3)}`);
    const participants = makeParticipants(ids, sites, [age, { ...sex, codes }], { persons });
    const models = await testSites({ ...base, participants });
    expected.forEach((row, k) => {
      const found = [
        ...[models.anova[k].statistic, models.anova[k].p],
        ...[models.kruskal[k].statistic, models.kruskal[k].p, models.levene[k].statistic],
      ];
      row.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-9 * value, `${found[i]} ${value}`));
    });
  });

  it('are averaged over as many scans as everybody has', () => {
    const cohort = repeatedCohort({
      seed: 1,
      persons: 4,
      features: 1,
      visits: (person) => (person === 0 ? ['A', 'A', 'A'] : person < 3 ? ['A', 'A'] : ['B', 'B']),
    });
    const { groups } = personRows(cohort.participants);
    assert.deepEqual(groups, [
      [0, 1],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    const { values } = cohort.features;
    const averaged = averageRows(cohort, groups);
    assert.ok(Math.abs(averaged.features.values[0] - (values[0] + values[1]) / 2) < 1e-15);
    assert.deepEqual(averaged.participants.persons, ['p0', 'p1', 'p2', 'p3']);
  });

  it('are drawn together: the interval is that of the persons, not of the scans', () => {
    // 100 persons with 4 scans each, all named alike: the standard error is √(0.25 / 100) = 0.05, not 0.025.
    const random = makeRandom(1);
    const named = Float64Array.from({ length: 400 }, (_, i) => (i % 8 < 4 ? 1 : 0));
    const groups = new Int32Array(400);
    const persons = Int32Array.from(groups, (_, i) => Math.floor(i / 4));
    const options = { seed: random.integer(100), resamples: 4000 };
    const together = bootstrapWithinGroups([named], groups, { ...options, persons });
    assert.ok(Math.abs(together.high - together.low - 2 * 1.96 * 0.05) < 0.02, `${together.high}`);
    const apart = bootstrapWithinGroups([named], groups, options);
    assert.ok(Math.abs(apart.high - apart.low - 2 * 1.96 * 0.025) < 0.01);
    assert.equal(together.estimate, apart.estimate);
  });

  it('count once in distances: pairs of scans of one person are left out', async () => {
    const one = repeatedCohort({ seed: 2, persons: 30, features: 5, visits: (p) => [siteOfPerson(p, 2)] });
    const values = one.features.values.map((value) => value ** 3);
    const after = { ...one, features: { ...one.features, values } };
    // The same scans twice over: every distance between persons is there four times, those of one person are not.
    const twice = (cohort: FeatureCohort): FeatureCohort => {
      const { ids, sites, covariates, persons } = cohort.participants;
      const both = <T>(list: readonly T[]): T[] => [...list, ...list];
      const all = [...ids, ...ids.map((id) => `${id}_again`)];
      const participants = makeParticipants(all, both(sites), [], { persons: both(persons) });
      assert.equal(covariates.length, 2);
      const doubled = Float64Array.from(both([...cohort.features.values]));
      return { ...cohort, participants, features: { ...cohort.features, subjects: all, values: doubled } };
    };
    const expected = await distanceCorrelation(one, after);
    const found = await distanceCorrelation(twice(one), twice(after));
    assert.ok(Math.abs(found.mean - expected.mean) < 1e-12, `${found.mean} ${expected.mean}`);
  });

  it('are counted as persons and as scans, and everything is there in every protocol', async () => {
    const cohort = repeatedCohort({ seed: 2, persons: 60, features: 6, visits: designs['two scans each'] });
    const harmonizer = combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' });
    const audit = await auditTable(cohort, harmonizer, { seeds: 1 });
    assert.deepEqual([audit.subjects, audit.persons], [120, 60]);
    assert.deepEqual(audit.sites[0], { name: 'A', subjects: 40, persons: 20 });
    assert.equal(audit.probes.length, 6);
    assert.equal(audit.regressions.length, 6);
    const said = audit.issues.find(({ code }) => code === 'counted-by-person');
    assert.equal(
      said?.message,
      '120 scans of 60 persons: folds, intervals and distances go by person; tests, shares of variance and slopes use the mean of the first 2 scans of each person at a site',
    );
  });

  it('everybody at every site: nothing can be predicted at a site left out, which is said', async () => {
    const cohort = repeatedCohort({
      seed: 2,
      persons: 30,
      features: 6,
      visits: designs['everybody at every site'],
    });
    const { regressions, issues } = await auditTable(cohort, combatHarmonizer({ preserve: ['age'] }), {
      seeds: 1,
    });
    assert.deepEqual(
      regressions.map(({ scheme }) => scheme),
      ['within-site', 'within-site', 'within-site'],
    );
    assert.ok(
      issues.some(({ message }) =>
        message.startsWith('nothing is predicted at site "A" left out: every person'),
      ),
    );
  });

  it('a site of two persons with many scans is too small', async () => {
    const cohort = repeatedCohort({
      seed: 2,
      persons: 22,
      features: 4,
      visits: (person) => (person < 2 ? new Array<string>(10).fill('C') : [person % 2 === 0 ? 'A' : 'B']),
    });
    const { issues } = await siteProbe(cohort);
    assert.ok(
      issues.some(({ message }) =>
        message.startsWith('site "C" has 2 persons and is left out of cross-validation'),
      ),
    );
  });
});
