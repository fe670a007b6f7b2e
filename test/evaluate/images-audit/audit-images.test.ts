import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ImageAudit, ImageCohort } from '../../../sdk/index';
import * as concord from '../../../sdk/index';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import { planImageSets } from '../../../sdk/evaluate/images-audit/set-distances';
import {
  intensityMoments,
  scaledBy,
  standardizedScans,
} from '../../../sdk/evaluate/images-audit/standardize';
import { probeAnswer } from '../../../sdk/evaluate/probes/probe-network';
import { applyProbe, trainProbe } from '../../../sdk/evaluate/probes/train-probe';
import { planSplits } from '../../../sdk/evaluate/splits/split-plan';
import { travelingImages } from '../../support/traveling-images';
import { deriveSeed, makeRandom, permutation } from '../../../sdk/math/random';

const options = { steps: 25, folds: 2, baselines: [], covariates: [] } as const;

/** The same persons at two scanners whose contrast differs, 32 × 32, two slices each. */
async function travelers(subjects: number): Promise<ImageCohort> {
  const scanners = concord.phantoms
    .scannerPreset('seven-site')
    .filter(({ site }) => 'siteA siteE'.includes(site));
  const about = { slices: 2, size: 32, pixelSize: 6, traveling: true };
  const { cohort } = await concord.simulateSlices({ scanners, subjects, ...about });
  return cohort;
}

async function harmonizedTo(target: string, cohort: ImageCohort): Promise<ImageCohort> {
  const method = concord.intensityHarmonizer('histogram-matching', { kind: 'images' });
  return method.apply(await method.fit(cohort), cohort, { target });
}

function rowOf(audit: ImageAudit, id: string): concord.audits.AuditRow {
  const row = audit.rows.find((one) => one.id === id);
  assert.ok(row !== undefined, `${id} is not among ${audit.rows.map((one) => one.id).join(', ')}`);
  return row;
}

function valueOf(audit: ImageAudit, id: string, state: 'raw' | 'in-sample' | 'held-out'): number {
  return rowOf(audit, id).values[state]?.estimate ?? NaN;
}

describe('auditImages', () => {
  let raw: ImageCohort;
  let after: ImageCohort;
  let audit: ImageAudit;
  before(async () => {
    await concord.useBackend('wasm');
    raw = await travelers(20);
    after = await harmonizedTo('siteA', raw);
    const tensors = memory().numTensors;
    audit = await concord.auditImages(raw, after, { ...options, target: 'siteA', baselines: ['z-score'] });
    assert.equal(memory().numTensors, tensors);
  });

  it('finds the site where scanners differ, and nothing in masks of the same persons', () => {
    assert.ok(valueOf(audit, 'site/probe/cnn', 'raw') > 0.95);
    const { chance, confound, baselines } = rowOf(audit, 'site/probe/cnn');
    assert.equal(chance?.value, 0.5);
    assert.ok(Math.abs((confound?.value ?? NaN) - 0.5) < 0.01);
    assert.deepEqual(Object.keys(baselines ?? {}), ['z-score']);
  });

  it('gives what the functions for each figure give', async () => {
    const distances = await concord.metrics.imageDistanceCorrelation(raw, after);
    assert.equal(valueOf(audit, 'person/intensity-distances', 'in-sample'), distances.mean);
    const patterns = await concord.metrics.imageDistanceCorrelation(
      standardizedScans(raw),
      standardizedScans(after),
    );
    assert.equal(valueOf(audit, 'person/distances', 'in-sample'), patterns.mean);
    const dataRange = concord.metrics.siteDataRange(raw, 'siteA');
    for (const [state, cohort] of [
      ['raw', raw],
      ['in-sample', after],
    ] as const) {
      const { mean } = await concord.compareTravelers(cohort, raw, { target: 'siteA', dataRange });
      assert.equal(valueOf(audit, 'truth/mae', state), mean.mae / dataRange);
      for (const measure of ['psnr', 'ssim', 'msSsim'] as const) {
        assert.equal(valueOf(audit, `truth/${measure}`, state), mean[measure]);
      }
    }
    const area = 32 * 32;
    const slice = (of: ImageCohort, i: number): Float32Array =>
      of.images.data.subarray(i * area, (i + 1) * area);
    const edges = raw.images.slices.map((_, i) =>
      concord.metrics.gradientCorrelation({
        reference: slice(raw, i),
        image: slice(after, i),
        shape: [32, 32],
        mask: raw.images.mask?.subarray(i * area, (i + 1) * area),
      }),
    );
    const mean = edges.reduce((sum, value) => sum + value, 0) / edges.length;
    assert.ok(Math.abs(valueOf(audit, 'person/edges', 'in-sample') - mean) < 1e-12);
  });

  it('compares with the truth where all scans are compared, and counts no brain that a mask cut off as lost', async () => {
    const { data, shape, slices, mask } = raw.images;
    const rows = [...raw.participants.ids.keys()].filter((row) => row < 24);
    const persons = concord.takeSubjects(raw, rows);
    // Nothing of the left half is in the mask of one scan; what was made is the truth to the bit, where it is compared.
    const smaller = persons.images.mask?.map((inside, i) => (i < 32 * 32 && i % 32 < 16 ? 0 : inside));
    const cut = (of: ImageCohort): ImageCohort => ({
      ...of,
      images: makeImageSet(of.images.data, of.images.shape, {
        slices: of.images.slices,
        mask: smaller,
      }),
    });
    const own = data.slice();
    raw.participants.persons.forEach((person, row) => {
      const there = raw.participants.ids.findIndex(
        (_, i) => raw.participants.persons[i] === person && raw.participants.sites[i] === 'siteA',
      );
      const size = 2 * 32 * 32;
      own.set(data.subarray(there * size, (there + 1) * size), row * size);
    });
    const made = concord.takeSubjects({ ...raw, images: makeImageSet(own, shape, { slices, mask }) }, rows);
    const found = await concord.auditImages(cut(persons), cut(made), {
      ...options,
      steps: 2,
      target: 'siteA',
      mask: 'common',
      truth: raw,
    });
    assert.equal(valueOf(found, 'truth/mae', 'in-sample'), 0);
    assert.ok(Math.abs(valueOf(found, 'truth/gradientCorrelation', 'in-sample') - 1) < 1e-12);
    assert.ok(valueOf(found, 'truth/mae', 'raw') > 0.01);
  });

  it('compares sets of images as compareImageSets does, halves of persons, at one brightness', async () => {
    const features = await concord.metrics.fitImageFeatures(standardizedScans(raw), {
      seed: deriveSeed(1, 6000),
      steps: options.steps,
    });
    const plan = planImageSets(raw, 1);
    const part = (of: ImageCohort, site: string, half: 0 | 1): ImageCohort =>
      concord.takeSubjects(of, plan?.halves.get(site)?.[half] ?? []);
    const real = part(raw, 'siteA', 1);
    const people = [part(raw, 'siteE', 0), real].map(({ subjects }) => new Set(subjects));
    assert.equal(people[0].size + people[1].size, new Set([...people[0], ...people[1]]).size);
    const to = (cohort: ImageCohort): ImageCohort => scaledBy(cohort, intensityMoments(real.images));
    for (const [id, cohort] of [
      ['distribution', part(after, 'siteE', 0)],
      ['distribution/floor', part(raw, 'siteA', 0)],
    ] as const) {
      const found = await concord.metrics.compareImageSets(to(cohort), to(real), { features });
      const state = id === 'distribution' ? 'in-sample' : 'raw';
      assert.ok(Math.abs(valueOf(audit, `${id}/frechet`, state) - found.frechet) < 1e-9);
      assert.ok(Math.abs(valueOf(audit, `${id}/kernel`, state) - found.kernel) < 1e-9);
    }
  });

  it('identifies the site by networks trained without the persons they are asked about', async () => {
    const settings = { seed: 1, seeds: 1, folds: 2, covariates: [], maxSubjects: 400 };
    const [folds] = planSplits(raw, settings).assignments;
    raw.subjects.forEach((person, row) => assert.equal(folds[row], folds[raw.subjects.indexOf(person)]));
    let recalls = 0;
    for (const fold of [0, 1]) {
      const [train, test] = [false, true].map((held) =>
        concord.takeSubjects(
          after,
          [...folds.keys()].filter((row) => (folds[row] === fold) === held),
        ),
      );
      // Each scan has two slices.
      const labels = train.participants.sites.flatMap((site) => [site, site]);
      const answers = Float32Array.from(labels.flatMap((site) => (site === 'siteA' ? [1, 0] : [0, 1])));
      const lesson = {
        images: train.images,
        answers,
        labels: labels.map((site) => String(Number(site !== 'siteA'))),
      };
      const probe = await trainProbe(lesson, { steps: options.steps, seed: deriveSeed(1, fold) });
      const said = await applyProbe(probe, test.images, { compute: probeAnswer });
      test.participants.sites.forEach((site, row) => {
        const [a, e] = [0, 1].map((code) => said[4 * row + code] + said[4 * row + 2 + code]);
        recalls += Number((a >= e ? 'siteA' : 'siteE') === site);
      });
    }
    // As many scans at both sites: the balanced accuracy is the share of right answers.
    assert.ok(
      Math.abs(valueOf(audit, 'site/probe/cnn', 'in-sample') - recalls / after.subjects.length) < 1e-12,
    );
  });

  it('answers, and never yes on the site from figures in-sample', async () => {
    const [site, , person, truth] = concord.audits.findings(audit);
    assert.notEqual(site.grade, 'yes');
    assert.equal(person.grade, 'yes');
    assert.equal(truth.question, 'truth');
    assert.equal(truth.grade, 'yes');
    const { images } = after;
    const brighter = makeImageSet(
      images.data.map((value) => 1.5 * value),
      images.shape,
      images,
    );
    const worse = await concord.auditImages(
      after,
      { ...after, images: brighter },
      { ...options, steps: 2, target: 'siteA' },
    );
    const [, , , back] = concord.audits.findings(worse);
    assert.equal(back.grade, 'no');
  });

  it('is the same for the same seed, and shown by what shows audits of tables', async () => {
    const again = await concord.auditImages(raw, after, { ...options, target: 'siteA' });
    const shared = audit.rows.map((row) => ({ ...row, baselines: undefined }));
    assert.deepEqual(
      again.rows.map((row) => ({ ...row, baselines: undefined })),
      shared,
    );
    const text = concord.formatAudit(audit);
    assert.match(text, /harmonized: 40 scans of 20 persons, 80 slices of 32 × 32, 2 sites/);
    assert.match(text, /after, in-sample +z-score/);
    assert.match(text, /Is it nearer to the person’s own scan at the target site\? Yes\./);
    const json = JSON.parse(JSON.stringify(concord.audits.toJson(audit))) as ImageAudit & {
      findings: unknown[];
    };
    assert.equal(json.rows.length, audit.rows.length);
    assert.equal(json.findings.length, 4);
    const figure = concord.plotAudit(audit);
    const names = figure.data.filter((trace) => trace['x'] instanceof Array && trace['x'][0] === null);
    assert.deepEqual(
      names.map(({ name }) => name),
      [
        ...['raw', 'after, in-sample (flattering)', 'z-score', 'guessing'],
        ...['real images, half against half', 'from the mask alone'],
      ],
    );
  });

  it('reports progress over all of its work, with the time left', async () => {
    const met: concord.Progress[] = [];
    await concord.auditImages(raw, after, {
      ...options,
      steps: 2,
      onProgress: (progress) => met.push(progress),
    });
    const last = met[met.length - 1];
    assert.equal(last.done, last.total);
    assert.ok(met.every(({ label }) => label === 'auditing images') && met[1].secondsLeft !== undefined);
  });

  it('knows no truth without a target, and names it', async () => {
    const found = await concord.auditImages(raw, after, { ...options, steps: 2 });
    assert.ok(!found.rows.some(({ question }) => question === 'truth'));
    assert.ok(found.issues.some(({ message }) => message.includes('no target is known')));
  });

  it('compares no errors where intensities are of another unit', async () => {
    const { images } = after;
    const small = makeImageSet(
      images.data.map((value) => value / 1000),
      images.shape,
      images,
    );
    const found = await concord.auditImages(
      raw,
      { ...after, images: small },
      { ...options, steps: 2, target: 'siteA' },
    );
    assert.equal(rowOf(found, 'truth/mae').values['in-sample'], undefined);
    assert.ok(found.issues.some(({ message }) => message.includes('are in another unit')));
    assert.equal(concord.audits.findings(found)[3].grade, 'open');
  });

  it('compares in the common mask where asked, which says nothing of the site', async () => {
    const found = await concord.auditImages(raw, after, { ...options, steps: 2, mask: 'common' });
    assert.ok(!found.rows.some(({ id }) => id === 'site/floor/mask'));
    assert.equal(rowOf(found, 'site/probe/cnn').confound, undefined);
  });

  it('matches scans by id, names those that only one has, and changes nothing that was passed', async () => {
    const order = [...raw.participants.ids.keys()].reverse().slice(1);
    const data = raw.images.data.slice();
    const found = await concord.auditImages(raw, concord.takeSubjects(after, order), {
      ...options,
      steps: 2,
    });
    assert.equal(found.subjects, 39);
    assert.ok(found.issues.some(({ code }) => code === 'unmatched-subject'));
    assert.deepEqual(raw.images.data, data);
    const same = await concord.auditImages(raw, raw, { ...options, steps: 2 });
    assert.ok(same.issues.some(({ code }) => code === 'nothing-changed'));
  });

  it('refuses what cannot be compared', async () => {
    const run = { ...options, steps: 2 };
    const { images } = after;
    const moved = { ...images, slices: images.slices.map((slice) => ({ ...slice, index: slice.index + 1 })) };
    await assert.rejects(concord.auditImages(raw, { ...after, images: moved }, run), {
      code: 'different-grids',
    });
    const names = raw.participants.ids.map((_, row) => `other-${row}`);
    const others = {
      ...after,
      participants: { ...after.participants, ids: names },
    };
    await assert.rejects(concord.auditImages(raw, others, run), { code: 'invalid-option' });
    const holes = makeImageSet(
      images.data.map((value, at) => (at === 500 ? NaN : value)),
      images.shape,
      images,
    );
    await assert.rejects(concord.auditImages(raw, { ...after, images: holes }, run), {
      code: 'invalid-voxels',
    });
    const one = concord.takeSubjects(
      raw,
      [...raw.participants.ids.keys()].filter((row) => raw.participants.sites[row] === 'siteA'),
    );
    await assert.rejects(concord.auditImages(one, one, run), { code: 'too-little-data' });
    await assert.rejects(concord.auditImages(raw, after, { ...run, target: 'siteX' }), {
      code: 'unknown-site',
    });
    await assert.rejects(concord.auditImages(raw, after, { ...run, covariates: ['iq'] }), {
      code: 'unknown-column',
    });
    await assert.rejects(concord.auditImages(raw, after, { ...run, folds: 1 }), { code: 'invalid-option' });
    const stopped = AbortSignal.abort();
    await assert.rejects(concord.auditImages(raw, after, { ...run, signal: stopped }), { code: 'aborted' });
  });

  it('says no on persons where images became flat, and knows which question a figure answers', async () => {
    const flat = makeImageSet(new Float32Array(raw.images.data.length).fill(3), raw.images.shape, raw.images);
    const found = await concord.auditImages(
      raw,
      { ...raw, images: flat },
      { ...options, steps: 2, heldOut: true },
    );
    assert.equal(valueOf(found, 'person/edges', 'held-out'), 0);
    const [, biology, person] = concord.audits.findings(found);
    assert.deepEqual([biology.grade, person.grade], ['open', 'no']);
  });

  it('says so where a site has too few persons for a figure', async () => {
    const first = raw.participants.sites.indexOf('siteE');
    const rows = [...raw.participants.ids.keys()].filter(
      (row) => raw.participants.sites[row] === 'siteA' || row === first,
    );
    const [few, made] = [raw, after].map((cohort) => concord.takeSubjects(cohort, rows));
    const found = await concord.auditImages(few, made, { ...options, steps: 2 });
    assert.ok(!found.rows.some(({ question }) => question === 'site' || question === 'distribution'));
    assert.equal(concord.audits.findings(found)[0].grade, 'open');
    assert.ok(found.issues.some(({ code, where }) => code === 'too-few-subjects' && where.site === 'siteE'));
  });
});

describe('auditImages of one scanner whose persons are dealt to two sites', () => {
  it('names the site by chance, and is inconclusive, since it does so in raw images too', async () => {
    await concord.useBackend('wasm');
    const [scanner] = concord.phantoms.scannerPreset('seven-site');
    const { cohort } = await concord.simulateSlices({
      scanners: [scanner],
      subjects: 36,
      slices: 2,
      size: 32,
      pixelSize: 6,
    });
    const order = permutation(36, makeRandom(5));
    const sites = Array.from(order, (place) => (place < 18 ? 'one' : 'two'));
    const dealt = { ...cohort, participants: { ...cohort.participants, sites } };
    const audit = await concord.auditImages(dealt, dealt, { ...options, folds: 3, heldOut: true });
    const { values, chance } = rowOf(audit, 'site/probe/cnn');
    const { interval } = values['held-out'] ?? {};
    assert.ok(interval !== undefined && interval.low < 0.5 && interval.high > 0.5, JSON.stringify(interval));
    assert.equal(chance?.value, 0.5);
    const [site] = concord.audits.findings(audit);
    assert.equal(site.grade, 'open');
    assert.ok(site.sentences.some((text) => text.includes('does not identify the site in raw data')));
    assert.equal(rowOf(audit, 'person/edges').values['held-out']?.estimate, 1);
  });
});

describe('auditImages of biology', () => {
  it('does not take for biology what scanners set by the head: brightness and contrast', async () => {
    await concord.useBackend('wasm');
    const persons = Array.from({ length: 28 }, (_, i) => ({
      subject: `p${i}`,
      site: i % 2 === 0 ? 'a' : 'b',
      man: i % 4 >= 2,
    }));
    const sex = concord.categorical(
      'sex',
      persons.map(({ man }) => (man ? 'M' : 'F')),
    );
    const found: unknown[] = [];
    for (const gain of [1, 4]) {
      const made = travelingImages(persons.map((person) => ({ ...person, gain: person.man ? gain : 1 })));
      const raw = { ...made, participants: { ...made.participants, covariates: [sex] } };
      const about = { ...options, covariates: ['sex'], steps: 1 };
      const audit = await concord.auditImages(raw, raw, about);
      found.push(rowOf(audit, 'biology/sex/within-site/auc').values);
    }
    assert.deepEqual(found[1], found[0]);
  });

  it('predicts age as its difference from the mean of the site, beside that mean alone', async () => {
    await concord.useBackend('wasm');
    const scanners = concord.phantoms.scannerPreset('seven-site').slice(0, 2);
    const { cohort } = await concord.simulateSlices({
      scanners,
      subjects: 12,
      slices: 2,
      size: 32,
      pixelSize: 6,
    });
    const audit = await concord.auditImages(cohort, cohort, {
      ...options,
      covariates: ['age', 'sex'],
      steps: 2,
    });
    const age = rowOf(audit, 'biology/age/within-site/error');
    assert.equal(age.chance?.label, 'by the mean');
    // Nothing was changed, so nothing is lost.
    assert.equal(age.values.raw?.estimate, age.values['in-sample']?.estimate);
    assert.deepEqual([age.values['in-sample']?.change?.low, age.values['in-sample']?.change?.high], [0, 0]);
    assert.match(rowOf(audit, 'site/floor/covariates').name, /from age, sex alone/);
  });
});
