import assert from 'node:assert/strict';
import { siteScaling } from '../../sdk/baselines/site-scaling';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects, withFeatures } from '../../sdk/data/cohort';
import { continuous } from '../../sdk/data/people/covariate';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import type { Progress } from '../../sdk/data/run-options';
import { auditToJson } from '../../sdk/evaluate/rows/audit-json';
import { auditTable } from '../../sdk/evaluate/audit-table';
import type { TableAudit } from '../../sdk/evaluate/audit';
import { evaluateInFolds } from '../../sdk/evaluate/evaluate-in-folds';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { formatAudit } from '../../sdk/evaluate/rows/format-audit';
import { siteProbe } from '../../sdk/evaluate/predictors/site-probe';
import { arithmeticCohort, randomCohort } from './audit-cohorts';

/** Leaves everything as it is, at any site. */
const identity: Harmonizer = {
  name: 'identity',
  kind: 'features',
  fit: () => Promise.resolve(null),
  apply: (_, cohort) => Promise.resolve(cohort),
  targets: () => ['average'],
};

describe('auditTable', () => {
  const cohort = randomCohort({
    seed: 3,
    subjects: 150,
    features: 12,
    sites: 3,
    siteEffect: 0.8,
    ageEffect: 0.5,
    sexEffect: 1,
  });
  let audit: TableAudit;
  before(async () => {
    audit = await auditTable(cohort, siteScaling(), { seeds: 3 });
  });
  const probe = (kind: string, protocol: string): number =>
    audit.probes.find((one) => one.probe === kind && one.protocol === protocol)?.balancedAccuracy.estimate ??
    NaN;

  it('sees the site effect in raw data and not after it was scaled away', () => {
    for (const kind of ['linear', 'rbf']) {
      assert.ok(probe(kind, 'raw') > 0.85);
      assert.ok(probe(kind, 'in-sample') < 0.45);
      assert.ok(probe(kind, 'in-folds') < 0.5);
    }
    assert.ok(audit.probes.every(({ chance, perSeed }) => chance === 1 / 3 && perSeed.length === 3));
    const [raw, after] = audit.tests;
    assert.ok(raw.significant.anova >= 9 && raw.medianAnovaF > 5);
    assert.ok(after.significant.anova === 0 && after.medianAnovaF < 1);
  });
  it('shows that the in-sample linear probe falls below chance by centring test subjects too, in folds it does not', () => {
    assert.ok(probe('linear', 'in-sample') < 0.25);
    assert.ok(probe('linear', 'in-folds') > 0.25);
  });
  it('keeps age and sex, within sites and in all protocols', () => {
    const within = audit.regressions.filter(({ scheme }) => scheme === 'within-site');
    assert.deepEqual(
      within.map(({ protocol }) => protocol),
      ['raw', 'in-sample', 'in-folds'],
    );
    for (const { mae, baselineMae, r2, unit, subjects } of within) {
      assert.ok(mae.estimate < 0.8 * baselineMae && r2 > 0.4, `${mae.estimate} of ${baselineMae}, R² ${r2}`);
      assert.ok(mae.low <= mae.estimate && mae.estimate <= mae.high);
      assert.equal(unit, 'years');
      assert.equal(subjects, 150);
    }
    const sex = audit.classifications.filter(({ scheme }) => scheme === 'within-site');
    assert.equal(sex.length, 3);
    for (const { auc, positive } of sex) {
      assert.equal(positive, 'M');
      assert.ok(auc.estimate > 0.75);
    }
    const share = (source: string): number[] =>
      audit.variance.filter((one) => one.source === source).map(({ median }) => median);
    assert.ok(share('site')[0] > 0.1 && share('site')[1] < 0.03);
    assert.ok(Math.abs(share('age')[0] - share('age')[1]) < 0.1);
  });
  it('leaves out what the harmonizer cannot do at a site it has not seen, and says so', () => {
    const outside = audit.regressions.filter(({ scheme }) => scheme === 'leave-one-site-out');
    assert.deepEqual(
      outside.map(({ protocol }) => protocol),
      ['raw', 'in-sample'],
    );
    assert.ok(
      audit.issues.some(
        ({ code, message }) => code === 'figure-not-available' && /unknown site/.test(message),
      ),
    );
  });
  it('gives the same bits for the same seed, also when handed the harmonized cohort, and others for another', async () => {
    const harmonizer = siteScaling();
    const after = await harmonizer.apply(await harmonizer.fit(cohort), cohort);
    assert.deepEqual(await auditTable(cohort, harmonizer, { seeds: 3, after }), audit);
    const other = await auditTable(cohort, harmonizer, { seeds: 3, seed: 2, after });
    assert.notDeepEqual(other.probes[0].perSeed, audit.probes[0].perSeed);
    assert.deepEqual(other.tests, audit.tests);
  });
  it('goes to JSON and back whole', () => {
    const json = auditToJson(audit);
    assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
    const shares = (json['variance'] as { perFeature: number[] }[])[0].perFeature;
    assert.deepEqual(shares, [...audit.variance[0].perFeature]);
    assert.deepEqual(auditToJson({ ...audit, distances: { perSite: [], mean: NaN } })['distances'], {
      perSite: [],
      mean: null,
    });
  });
  it('is written as an aligned table', () => {
    const lines = formatAudit(audit).split('\n');
    assert.match(
      lines[0],
      /^site scaling: 150 subjects, 12 features, 3 sites \(site0 50, site1 50, site2 50\)$/,
    );
    const header = lines[2];
    const ends = ['raw', 'in-sample', 'in folds'].map((title) => header.indexOf(title) + title.length);
    const line = lines.find((one) => one.includes('linear probe')) ?? '';
    for (const end of ends) assert.equal(line[end - 1], ')');
    assert.match(line, /guessing 0\.333/);
  });
});

describe('an identity harmonizer', () => {
  it('changes no figure, in any protocol, and keeps every distance', async () => {
    const cohort = randomCohort({
      seed: 6,
      subjects: 60,
      features: 6,
      sites: 2,
      siteEffect: 0.5,
      ageEffect: 0.4,
    });
    const audit = await auditTable(cohort, identity, { seeds: 2 });
    assert.ok(Math.abs(audit.distances.mean - 1) < 1e-14);
    const figures = (protocol: string): unknown => [
      audit.probes.filter((one) => one.protocol === protocol).map(({ perSeed }) => perSeed),
      audit.regressions
        .filter((one) => one.protocol === protocol)
        .map(({ scheme, mae, r2 }) => ({ scheme, mae, r2 })),
      audit.classifications
        .filter((one) => one.protocol === protocol)
        .map(({ scheme, auc }) => ({ scheme, auc })),
    ];
    assert.deepEqual(figures('in-sample'), figures('raw'));
    assert.deepEqual(figures('in-folds'), figures('raw'));
    assert.equal(audit.regressions.length, 6);
    assert.deepEqual(audit.slopes[0].before, audit.slopes[0].after);
  });
});

describe('pure noise', () => {
  it('is at chance for probes, regression and classification', async () => {
    const noise = randomCohort({ seed: 12, subjects: 600, features: 10, sites: 4, siteEffect: 0 });
    const audit = await evaluateTable(noise, noise, { seeds: 1 });
    assert.deepEqual(
      [audit.probes, audit.regressions, audit.classifications].map(({ length }) => length),
      [4, 4, 4],
    );
    for (const { balancedAccuracy, chance } of audit.probes) {
      assert.equal(chance, 0.25);
      // Four standard errors of an accuracy of 0.25 on 600 subjects: 4 √(0.1875 / 600) = 0.071.
      assert.ok(Math.abs(balancedAccuracy.estimate - 0.25) < 0.071, `${balancedAccuracy.estimate}`);
    }
    for (const { mae, baselineMae, r2 } of audit.regressions) {
      // A correlation of four standard errors, 4 / √600 = 0.163, has R² 0.027; half of that is saved of the error.
      assert.ok(r2 < 0.027 && mae.estimate > (1 - 0.027 / 2) * baselineMae, `${r2}`);
      assert.ok(r2 > -0.1 && mae.estimate < 1.05 * baselineMae, `${r2}`);
    }
    for (const { auc } of audit.classifications) {
      // Four standard errors over four sites of 75 and 75: 4 √(151 / (12 · 75 · 75) / 4) = 0.095.
      assert.ok(Math.abs(auc.estimate - 0.5) < 0.095, `${auc.estimate}`);
    }
  });
});

describe('a target', () => {
  const cohort = randomCohort({ seed: 9, subjects: 48, features: 5, sites: 2, siteEffect: 1 });
  const [site] = [...cohort.participants.sites].sort();
  it('is told to the harmonizer wherever it is applied, and stands beside its name', async () => {
    const told: (string | undefined)[] = [];
    const listening: Harmonizer = {
      ...identity,
      targets: () => ['average', site],
      apply: (_, given, { target } = {}) => {
        told.push(target);
        return Promise.resolve(given);
      },
    };
    const audit = await auditTable(cohort, listening, { seeds: 1, folds: 2, target: site });
    assert.equal(audit.method, `identity to ${site}`);
    await evaluateInFolds(cohort, listening, { seeds: 1, folds: 2, target: site });
    assert.ok(told.length > 8);
    assert.deepEqual([...new Set(told)], [site]);
    told.length = 0;
    assert.equal((await auditTable(cohort, listening, { seeds: 1, folds: 2 })).method, 'identity');
    assert.deepEqual([...new Set(told)], [undefined]);
  });
  it('that the method does not have is refused', async () => {
    await assert.rejects(auditTable(cohort, siteScaling(), { target: site }), {
      code: 'unknown-site',
      message: `unknown target: "${site}", not one of "average"`,
    });
  });
});

describe('evaluateInFolds', () => {
  const cohort = randomCohort({ seed: 9, subjects: 48, features: 5, sites: 2, siteEffect: 1 });
  it('never shows a test subject to fit, and tests every subject once per seed', async () => {
    const fits: Set<string>[] = [];
    const times = new Map<string, number>();
    const tested: string[] = [];
    const spy: Harmonizer<Set<string>> = {
      ...identity,
      fit: (train: FeatureCohort) => {
        const ids = new Set(train.participants.ids);
        fits.push(ids);
        return Promise.resolve(ids);
      },
      apply: (seen: Set<string>, given: FeatureCohort) => {
        const { ids } = given.participants;
        const known = ids.filter((id) => seen.has(id)).length;
        // A cohort to be harmonized is either the training side itself or has no one in common with it.
        assert.ok(known === 0 || (known === ids.length && known === seen.size));
        if (known === 0) tested.push(...ids);
        return Promise.resolve(given);
      },
    };
    await evaluateInFolds(cohort, spy, { seeds: 2, folds: 4 });
    // Once as a whole, to see whom it keeps; two seeds of four folds; two sites left out.
    assert.equal(fits.length, 1 + 2 * 4 + 2);
    for (const id of tested) times.set(id, (times.get(id) ?? 0) + 1);
    // Per seed for the probes and, withheld, for age and for sex; at a site left out for age and for sex.
    for (const id of cohort.participants.ids) assert.equal(times.get(id), 2 * 3 + 2);
  });
  it('refuses a harmonizer that returns other subjects', async () => {
    const dropping: Harmonizer = {
      ...identity,
      apply: (_, given) =>
        Promise.resolve(given.participants.ids.length === 48 ? given : takeSubjects(given, [0, 1])),
    };
    await assert.rejects(evaluateInFolds(cohort, dropping), {
      code: 'invalid-option',
      message: /^invalid subject 3 after identity: none \("s\d+" is expected; harmonized data must have/,
    });
  });
});

describe('odd cohorts', () => {
  it('one site only is refused', async () => {
    const cohort = randomCohort({ seed: 1, subjects: 20, features: 3, sites: 1, siteEffect: 0 });
    await assert.rejects(siteProbe(cohort), { code: 'too-little-data' });
    await assert.rejects(auditTable(cohort, identity), { code: 'too-little-data' });
  });
  it('options out of range are refused', async () => {
    const cohort = randomCohort({ seed: 1, subjects: 20, features: 3, sites: 2, siteEffect: 0 });
    for (const bad of [{ folds: 1 }, { seeds: 0 }, { alpha: 1 }, { seed: 1.5 }, { maxSubjects: 3 }]) {
      await assert.rejects(siteProbe(cohort, bad), { code: 'invalid-option' });
    }
    await assert.rejects(siteProbe(cohort, { covariates: ['height'] }), { code: 'unknown-column' });
  });
  it('a small site means fewer folds, a tiny one is left out, both reported', async () => {
    const base = randomCohort({ seed: 2, subjects: 60, features: 4, sites: 2, siteEffect: 1 });
    const named = (small: Readonly<Record<number, string>>): FeatureCohort =>
      makeFeatureCohort(
        makeParticipants(
          base.participants.ids,
          base.participants.sites.map((site, row) => small[row] ?? site),
          base.participants.covariates,
        ),
        base.features,
      );
    const four = await siteProbe(named({ 0: 'x', 1: 'x', 2: 'x', 3: 'x' }));
    assert.deepEqual(
      four.issues.map(({ code }) => code),
      ['fewer-folds'],
    );
    assert.ok(four.probes.every(({ folds, chance }) => folds === 4 && chance === 1 / 3));
    const two = await siteProbe(named({ 0: 'x', 1: 'x' }));
    assert.deepEqual(
      two.issues.map(({ code, where }) => [code, where.site]),
      [['too-few-subjects', 'x']],
    );
    assert.ok(
      two.probes.every(
        ({ folds, chance, recall }) => folds === 5 && chance === 0.5 && Number.isNaN(recall[2]),
      ),
    );
  });
  it('many subjects are sampled by site, reported', async () => {
    const cohort = randomCohort({ seed: 2, subjects: 120, features: 4, sites: 2, siteEffect: 1 });
    const { issues, probes } = await siteProbe(cohort, { maxSubjects: 60 });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['subsampled'],
    );
    assert.match(issues[0].message, /use 60 of 120 subjects/);
    assert.equal(probes.length, 2);
  });
  it('missing cells and missing covariates do not stop it', async () => {
    const cohort = arithmeticCohort();
    const { ids, sites, covariates } = cohort.participants;
    const weight = continuous(
      'weight',
      Float64Array.from(ids, (_, i) => (i % 5 === 0 ? NaN : (i * 29) % 31)),
      'kg',
    );
    const participants = makeParticipants(ids, sites, [...covariates, weight]);
    const audit = await evaluateTable(
      makeFeatureCohort(participants, cohort.features),
      makeFeatureCohort(participants, cohort.features),
      { seeds: 2 },
    );
    const found = audit.regressions.filter(({ covariate }) => covariate === 'weight');
    assert.ok(
      found.length > 0 && found.every(({ subjects, mae }) => subjects <= 36 && Number.isFinite(mae.estimate)),
    );
    assert.ok(audit.issues.some(({ code }) => code === 'dropped-subject'));
    assert.ok(
      audit.issues.some(({ code, where }) => code === 'too-few-subjects' && where.column === 'weight'),
    );
  });
  it('before and after must match', async () => {
    const cohort = arithmeticCohort();
    await assert.rejects(evaluateTable(cohort, takeSubjects(cohort, [1, 0, 2])), { code: 'invalid-option' });
  });
  it('a harmonizer that needs more than a fold holds loses the figures in folds only', async () => {
    const cohort = randomCohort({ seed: 2, subjects: 60, features: 4, sites: 2, siteEffect: 1 });
    const scaling = siteScaling();
    const halfBlind: Harmonizer<Awaited<ReturnType<typeof scaling.fit>>> = {
      ...scaling,
      fit: (train) =>
        scaling.fit(train.participants.ids.length < 60 ? takeSubjects(train, [0, 2, 4]) : train),
    };
    const audit = await auditTable(cohort, halfBlind, { seeds: 1 });
    assert.deepEqual(
      audit.probes.map(({ protocol }) => protocol),
      ['raw', 'raw', 'in-sample', 'in-sample'],
    );
    assert.ok(audit.issues.some(({ code }) => code === 'figure-not-available'));
  });
  it('can be watched and cancelled', async () => {
    const cohort = randomCohort({ seed: 2, subjects: 60, features: 4, sites: 2, siteEffect: 1 });
    const seen: Progress[] = [];
    const controller = new AbortController();
    const run = auditTable(cohort, siteScaling(), {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.label === 'feature tests, in-sample') controller.abort();
      },
    });
    await assert.rejects(run, { code: 'aborted' });
    // Probes of all protocols begin first, and are trained while the rest is computed.
    assert.ok(seen.some(({ label }) => label === 'cross-validation, in-folds'));
    assert.ok(seen.every(({ done, total }) => done >= 0 && done <= total));
    // One total from the beginning to the end, which is never further away than before.
    assert.deepEqual(new Set(seen.map(({ total }) => total)), new Set([100]));
    assert.ok(seen.every(({ done }, at) => at === 0 || done >= seen[at - 1].done));
  });
  it('leaves what it was given as it was', async () => {
    const cohort = arithmeticCohort();
    const values = Float64Array.from(cohort.features.values);
    const changed = withFeatures(cohort, cohort.features, provenanceStep('same', {}));
    await evaluateTable(cohort, changed, { seeds: 1 });
    assert.deepEqual(cohort.features.values, values);
  });
});
