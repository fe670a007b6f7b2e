import assert from 'node:assert/strict';
import { deserialize, serialize } from 'node:v8';
import { memory } from '@tensorflow/tfjs-core';
import type { FeatureCohort, MethodComparison, Progress } from '../../sdk/index';
import * as concord from '../../sdk/index';
import type { ComparisonRow } from '../../sdk/evaluate/comparison/method-comparison';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { randomCohort } from '../evaluate/audit-cohorts';
import { assertPlainJson } from '../plot/is-plain-json';

const quick = { seeds: 1, splits: 3 } as const;
const combat = concord.combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' });
const scaling = concord.siteScaling();

/** Fails on whatever it is given. */
const failing: Harmonizer<null> = {
  name: 'failing',
  kind: 'features',
  fit: () => Promise.reject(new concord.ConcordError('too-little-data', 'sites are too small')),
  apply: (_, cohort) => Promise.resolve(cohort),
  targets: () => ['average'],
};

function rowOf<Row extends { readonly id: string }>(rows: readonly Row[], id: string): Row {
  const row = rows.find((one) => one.id === id);
  assert.ok(row !== undefined, `${id} is not among ${rows.map((one) => one.id).join(', ')}`);
  return row;
}

/** A value of a method as audits have it. */
function plain(value: ComparisonRow['values'][string] | undefined): unknown {
  return value === undefined ? undefined : { ...value, protocol: undefined };
}

/** A value of an audit, to be held beside one of a method. */
function bare(value: object | undefined): unknown {
  return value === undefined ? undefined : { ...value, protocol: undefined };
}

describe('compareMethods on a table', () => {
  let cohort: FeatureCohort;
  let comparison: MethodComparison;
  before(async () => {
    const about = { subjects: 120, features: 8, sites: 3, siteEffect: 1.5, ageEffect: 0.4 };
    cohort = randomCohort({ seed: 4, ...about });
    comparison = await concord.compareMethods(cohort, { combat, scaling }, { ...quick, folds: true });
  });

  it('gives the values that auditTable gives by itself', async () => {
    const both: Readonly<Record<string, Harmonizer>> = { combat, scaling };
    for (const [name, harmonizer] of Object.entries(both)) {
      const audit = await concord.auditTable(cohort, harmonizer, {
        seeds: 1,
        folds: 3,
      });
      const rows: readonly concord.audits.AuditRow[] = concord.audits.rows(audit);
      for (const row of rows) {
        const own = rowOf(comparison.rows, row.id);
        const { raw, 'in-sample': sample, 'in-folds': folds } = row.values;
        assert.deepEqual(own.raw, raw, row.id);
        assert.deepEqual(plain(own.values[name]), bare(folds ?? sample), row.id);
        if (folds !== undefined) assert.deepEqual(own.inSample?.[name], sample, row.id);
        const { chance, floor, unit, bounds, direction } = row;
        assert.deepEqual([own.chance, own.floor, own.unit], [chance, floor, unit]);
        assert.deepEqual([own.bounds, own.direction], [bounds, direction]);
      }
    }
  });

  it('evaluates raw data once, whatever the number of methods', async () => {
    const labels: string[] = [];
    const spied: Harmonizer<unknown> = { ...scaling, name: 'other' };
    const parts: Progress[] = [];
    const found = await concord.compareMethods(
      cohort,
      { scaling, spied },
      {
        ...quick,
        onProgress: (progress) => {
          labels.push(progress.label);
          parts.push(progress);
        },
      },
    );
    assert.deepEqual([...new Set(labels)], ['comparing methods']);
    assert.equal(new Set(parts.map(({ total }) => total)).size, 1);
    assert.ok(parts.every(({ done }, at) => at === 0 || done >= parts[at - 1].done));
    const last = parts[parts.length - 1];
    assert.equal(last.done, last.total);
    const row = rowOf(found.rows, 'site/probe/linear');
    assert.deepEqual(row.values['scaling'], row.values['spied']);
  });

  it('says of each method what it harmonized to, what it took, and how its figures count', () => {
    assert.deepEqual(
      comparison.methods.map(({ name, target, protocol }) => [name, target, protocol]),
      [
        ['combat', 'average', 'in-folds'],
        ['scaling', 'average', 'in-folds'],
      ],
    );
    for (const { seconds, memory: grown } of comparison.methods) {
      assert.ok(seconds > 0 && (grown === undefined || grown > 0));
    }
  });

  it('gives the same bits for the same seed', async () => {
    const again = await concord.compareMethods(cohort, { combat, scaling }, { ...quick, folds: true });
    assert.deepEqual(again.rows, comparison.rows);
    assert.deepEqual(again.issues, comparison.issues);
    const other = await concord.compareMethods(cohort, { scaling }, { ...quick, seed: 2 });
    assert.notDeepEqual(
      rowOf(other.rows, 'site/probe/linear').raw,
      rowOf(comparison.rows, 'site/probe/linear').raw,
    );
  });

  it('goes on without a method that fails, and says which and why', async () => {
    const found = await concord.compareMethods(cohort, [failing, scaling], quick);
    assert.deepEqual(
      found.methods.map(({ name }) => name),
      ['site scaling'],
    );
    const issue = found.issues.find(({ code }) => code === 'method-failed');
    assert.equal(issue?.message, 'failing is left out: sites are too small');
    const alone = await concord.compareMethods(cohort, [failing], quick);
    assert.deepEqual(alone.methods, []);
    assert.deepEqual(rowOf(alone.rows, 'site/probe/linear').raw, rowOf(found.rows, 'site/probe/linear').raw);
  });

  it('leaves out a method that does not know the target', async () => {
    const toSite = concord.combatHarmonizer({ reference: 'site1' });
    const found = await concord.compareMethods(cohort, { toSite, scaling }, { ...quick, target: 'site1' });
    assert.deepEqual(
      found.methods.map(({ name, target }) => [name, target]),
      [['toSite', 'site1']],
    );
    assert.match(
      found.issues.find(({ code }) => code === 'method-failed')?.message ?? '',
      /^scaling .*site1/,
    );
  });

  it('judges all methods on the subjects that every one of them kept', async () => {
    const ages = concord.covariateNamed(cohort.participants, 'age');
    assert.ok(ages.kind === 'continuous');
    const values = Float64Array.from(ages.values, (age, row) => (row < 4 ? NaN : age));
    const covariates = [concord.continuous('age', values, 'years')];
    const { ids, sites } = cohort.participants;
    const gaps = concord.makeFeatureCohort(concord.makeParticipants(ids, sites, covariates), cohort.features);
    const dropping = concord.combatHarmonizer({ preserve: ['age'], missingCovariates: 'drop' });
    const found = await concord.compareMethods(gaps, { dropping, scaling }, quick);
    assert.equal(found.subjects, 116);
    assert.ok(
      found.issues.some(({ message }) => message.startsWith('dropping leaves out 4 of 120 subjects')),
    );
  });

  it('takes a model that was fitted before for in-sample, unless it is said to be held out', async () => {
    const model = await scaling.fit(cohort);
    const stored: Harmonizer<typeof model> = { ...scaling, fit: () => Promise.resolve(model) };
    const found = await concord.compareMethods(cohort, { stored }, { ...quick, folds: true });
    assert.equal(found.methods[0].protocol, 'in-sample');
    assert.ok(found.issues.some(({ message }) => message.startsWith('stored was fitted before')));
    const held = await concord.compareMethods(cohort, { stored }, { ...quick, heldOut: ['stored'] });
    assert.equal(rowOf(held.rows, 'site/probe/linear').values['stored'].protocol, 'held-out');
  });

  it('refuses what cannot be compared', async () => {
    const refused = (
      harmonizers: Parameters<typeof concord.compareMethods>[1],
      message: RegExp,
    ): Promise<void> =>
      assert.rejects(concord.compareMethods(cohort, harmonizers, quick), { code: 'invalid-option', message });
    await refused([], /missing harmonizers/);
    await refused([scaling, scaling], /two harmonizers are named "site scaling"/);
    await refused({ raw: scaling }, /invalid name of a harmonizer: "raw"/);
    const images = concord.intensityHarmonizer('nyul', { kind: 'images' });
    await refused([images], /Nyúl is for images \(the cohort has features\)/);
    await assert.rejects(concord.compareMethods(cohort, [scaling], { ...quick, heldOut: ['scalin'] }), {
      code: 'invalid-option',
    });
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(concord.compareMethods(cohort, [scaling], { ...quick, signal: controller.signal }), {
      code: 'aborted',
    });
  });

  it('is written, drawn and shown', () => {
    const text = concord.formatComparison(comparison);
    assert.match(text, /^raw, combat, scaling: 120 subjects, 8 features, 3 sites/);
    assert.match(text, /Is the site gone\? Best/);
    const json = concord.audits.comparisonToJson(comparison);
    assert.equal(json['kind'], 'method-comparison');
    assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
    const figure = concord.plotComparison(comparison);
    assertPlainJson(figure);
    const drawn = comparison.rows.filter((row) => row.drawn);
    const axes = Object.keys(figure.layout).filter((key) => key.startsWith('xaxis'));
    assert.equal(axes.length, drawn.length);
  });
});

describe('compareMethods on slices', () => {
  const about = { slices: 2, size: 32, pixelSize: 6, traveling: true } as const;
  const quickly = { steps: 3, splits: 2, target: 'siteA', covariates: [] } as const;
  const zScore = concord.intensityHarmonizer('z-score', { kind: 'images' });
  const matching = concord.intensityHarmonizer('histogram-matching', { kind: 'images' });
  const scanners = concord.phantoms
    .scannerPreset('seven-site')
    .filter(({ site }) => 'siteA siteE'.includes(site));
  let slices: concord.ImageCohort;
  before(async () => {
    await concord.useBackend('wasm');
    slices = (await concord.simulateSlices({ scanners, subjects: 6, ...about })).cohort;
  });

  it('gives the values that auditImages gives by itself, for all methods in one pass', async () => {
    const tensors = memory().numTensors;
    const found = await concord.compareMethods(slices, { zScore, matching }, quickly);
    assert.equal(memory().numTensors, tensors);
    for (const [name, harmonizer] of Object.entries({ zScore, matching })) {
      const after = await harmonizer.apply(await harmonizer.fit(slices), slices, { target: 'siteA' });
      const { steps, target, covariates } = quickly;
      const audit = await concord.auditImages(slices, after, {
        steps,
        target,
        covariates,
        folds: 2,
        baselines: [],
      });
      for (const row of audit.rows) {
        const own = rowOf(found.rows, row.id);
        assert.deepEqual(own.raw, row.values.raw, row.id);
        assert.deepEqual(plain(own.values[name]), bare(row.values['in-sample']), row.id);
      }
    }
    assert.ok(found.methods.every(({ protocol, target }) => protocol === 'in-sample' && target === 'siteA'));
  });

  it('has the same figures with raw data that were judged and stored before, and refuses those of others', async () => {
    const judged = await concord.audits.judgeRaw(slices, quickly);
    const stored = deserialize(serialize(judged)) as concord.audits.JudgedRaw;
    const found = await concord.compareMethods(slices, { zScore }, { ...quickly, raw: stored });
    const anew = await concord.compareMethods(slices, { zScore }, quickly);
    assert.deepEqual(found.rows, anew.rows);
    assert.deepEqual(found.issues, anew.issues);
    const refused = { code: 'invalid-option', message: /^invalid raw: these are results of other scans/ };
    for (const other of [{ seed: 2 }, { steps: 4 }, { mask: 'common' }, { target: 'siteE' }] as const) {
      const options = { ...quickly, ...other, raw: stored };
      await assert.rejects(concord.compareMethods(slices, { zScore }, options), refused);
    }
    const fewer = concord.takeSubjects(slices, ({ person }) => person !== slices.participants.persons[0]);
    await assert.rejects(concord.compareMethods(fewer, { zScore }, { ...quickly, raw: stored }), refused);
    await assert.rejects(
      concord.compareMethods(slices, { zScore }, { ...quickly, folds: true, raw: stored }),
      {
        code: 'invalid-option',
        message: /^unsupported raw: comparisons in folds/,
      },
    );
  });

  it('calls no method the best whose probes had learned nothing, and says so everywhere', async () => {
    // In five steps of training a network sees the gains of raw scans, but in harmonized ones names one site for everybody;
    // in thirty it identifies the sites of these without a fault.
    const found = await concord.compareMethods(slices, { zScore, matching }, { ...quickly, steps: 5 });
    const row = rowOf(found.rows, 'site/probe/cnn');
    assert.equal(row.raw?.estimate, 1);
    assert.deepEqual([row.values['zScore'].estimate, row.values['matching'].estimate], [0.5, 0.5]);
    assert.match(row.values['zScore'].inconclusive ?? '', /named one site for everybody/);
    assert.deepEqual([row.standing, row.best], [{ zScore: 'inconclusive', matching: 'inconclusive' }, []]);
    const finding = found.findings.find(({ question }) => question === 'site');
    assert.deepEqual([finding?.best, finding?.inconclusive], [[], ['zScore', 'matching']]);
    assert.match(concord.formatComparison(found), /Is the site gone\? Inconclusive: zScore, matching/);
    assert.match(concord.formatComparison(found), /CNN.* \?\n/);
    const json = JSON.stringify(concord.audits.comparisonToJson(found));
    assert.match(json, /"standing":\{"zScore":"inconclusive","matching":"inconclusive"\}/);
    assert.match(JSON.stringify(concord.plotComparison(found)), /"zScore \?"/);
    const after = await zScore.apply(await zScore.fit(slices), slices, { target: 'siteA' });
    const { target, covariates } = quickly;
    const about = { steps: 5, target, covariates, folds: 2, baselines: [], heldOut: true } as const;
    const [site] = concord.audits.findings(await concord.auditImages(slices, after, about));
    assert.equal(site.grade, 'open');
    assert.ok(site.sentences.some((text) => text.includes('named one site for everybody')));
  });

  it('fits each method in folds on other persons, and judges it as held out', async () => {
    const seen: (readonly string[])[] = [];
    const judged: (readonly string[])[] = [];
    const watched: typeof zScore = {
      ...zScore,
      fit: (cohort, run) => {
        seen.push(cohort.participants.persons);
        return zScore.fit(cohort, run);
      },
      apply: (model, cohort, run) => {
        judged.push(cohort.participants.persons);
        return zScore.apply(model, cohort, run);
      },
    };
    const found = await concord.compareMethods(slices, { watched }, { ...quickly, folds: true });
    assert.equal(seen.length, 2);
    seen.forEach((persons, fold) => assert.ok(judged[fold].every((person) => !persons.includes(person))));
    assert.deepEqual(new Set(judged.flat()), new Set(slices.participants.persons));
    assert.equal(rowOf(found.rows, 'person/edges').values['watched'].protocol, 'held-out');
  });

  it('goes on without a network that needs a target, or that fails', async () => {
    const model = await concord.fitMurd(slices, { size: 'tiny', steps: 1, batchSize: 2 });
    const murd = concord.murdHarmonizer({ model });
    const found = await concord.compareMethods(slices, { murd, zScore }, { ...quickly, target: undefined });
    assert.deepEqual(
      found.methods.map(({ name }) => name),
      ['zScore'],
    );
    assert.match(found.issues.find(({ code }) => code === 'method-failed')?.message ?? '', /^murd .*target/);
    const held = await concord.compareMethods(
      slices,
      { murd },
      { ...quickly, folds: true, heldOut: ['murd'] },
    );
    assert.deepEqual(
      held.methods.map(({ name, protocol }) => [name, protocol]),
      [['murd', 'held-out']],
    );
  });

  it('cuts whole scans, for methods of slices and of scans alike', async () => {
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 } as const;
    const { cohort } = concord.simulateVolumeCohort(options);
    const volumes = concord.intensityHarmonizer('z-score', { kind: 'volumes' });
    const cut = { slices: { count: 2, size: 32 } };
    const found = await concord.compareMethods(cohort, { volumes, zScore }, { ...quickly, ...cut });
    assert.deepEqual(
      [found.payload, found.evaluated, found.methods.length],
      ['volumes', '12 slices of 32 × 32', 2],
    );
    const folds = await concord.compareMethods(cohort, { volumes }, { ...quickly, ...cut, folds: true });
    assert.equal(folds.methods[0].protocol, 'held-out');
  });
});
