import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { sampleCorrelation } from 'simple-statistics';
import type { DdaeModel, FitDdaeOptions, ImageCohort } from '../../sdk/index';
import { ddaeFromStored } from '../../sdk/ddae/ddae-stored';
import { toStored } from '../../sdk/nn/stored-parts';
import { vertexSamples } from '../../sdk/ddae/samples/vertex-samples';
import type { Random } from '../../sdk/math/random';
import * as concord from '../../sdk/index';
import { requireGuiding } from '../support/guided-contract';

let cohort: ImageCohort;
let model: DdaeModel;

const options: FitDdaeOptions = {
  size: 'tiny',
  steps: 60,
  batchSize: 16,
  seed: 3,
  validateEvery: 20,
  averageDecay: 0.9,
};

/** Slices of two scanners, 32 × 32. */
async function phantoms(subjects: number, more: object = {}): Promise<ImageCohort> {
  const scanners = concord.phantoms
    .scannerPreset('seven-site')
    .filter(({ site }) => 'siteA siteE'.includes(site));
  const geometry = { slices: 2, size: 32, pixelSize: 6 };
  return (await concord.simulateSlices({ scanners, subjects, ...geometry, seed: 4, ...more })).cohort;
}

function withData(of: ImageCohort, change: (data: Float32Array) => void): ImageCohort {
  const data = of.images.data.slice();
  change(data);
  return { ...of, images: { ...of.images, data } };
}

function meanError(one: ImageCohort, other: ImageCohort): number {
  return (
    one.images.data.reduce((sum, value, i) => sum + Math.abs(value - other.images.data[i]), 0) /
    one.images.data.length
  );
}

describe('DDAE', () => {
  before(async function () {
    await concord.useBackend();
    cohort = await phantoms(8);
    model = await concord.fitDdae(cohort, options);
  });

  it('learns: the loss on people held out falls', () => {
    const judged = model.training.history.flatMap(({ values }) => values['validation'] ?? []);
    assert.ok(judged.length >= 3 && judged[judged.length - 1] < 0.8 * judged[0], judged.join(', '));
    assert.deepEqual(model.sites, ['siteA', 'siteE']);
    assert.equal(model.heldOut.length, 2);
  });

  it('leaves no tensor behind, and gives the same bits for the same seed, also when it was stopped', async function () {
    const tensors = memory().numTensors;
    const folder = mkdtempSync(join(tmpdir(), 'ddae-'));
    try {
      const checkpoints = concord.networks.checkpointFolder(join(folder, 'run'));
      const cancel = new AbortController();
      const onProgress = ({ label, done }: { label: string; done: number }): void => {
        if (label.startsWith('training') && done === 3) cancel.abort();
      };
      const short = { ...options, steps: 6, validateEvery: 2 };
      const whole = await concord.fitDdae(cohort, short);
      const stopped = concord.fitDdae(cohort, { ...short, checkpoints, onProgress, signal: cancel.signal });
      await assert.rejects(stopped, { code: 'aborted' });
      const resumed = await concord.fitDdae(cohort, { ...short, checkpoints });
      assert.deepEqual(resumed.weights, whole.weights);
      assert.equal(memory().numTensors, tensors);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is saved and loaded to the same bits; what was damaged is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ddae-'));
    try {
      await concord.saveModel(model, join(folder, 'model'));
      const loaded = await concord.loadModel(join(folder, 'model'), 'ddae');
      assert.deepEqual(loaded.weights, model.weights);
      const [one, other] = await Promise.all(
        [model, loaded].map((of) => concord.harmonizeDdae(of, cohort, { target: 'siteA', steps: 4 })),
      );
      assert.deepEqual(one.images.data, other.images.data);
      const stored = toStored(model);
      for (const change of [
        { sites: ['siteA'] },
        { architecture: { ...model.architecture, width: 64 } },
        { diffusion: { ...model.diffusion, prediction: 'x' } },
        { scale: { ...model.scale, siteRanges: [] } },
      ]) {
        const edited = { ...stored, model: { ...stored.model, ...change } } as unknown as typeof stored;
        assert.throws(() => ddaeFromStored(edited), { code: 'malformed-model' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('encodes into codes and noise, and decodes back, the better the more steps', async () => {
    const errors: number[] = [];
    for (const steps of [3, 30]) {
      const codes = await concord.ddae.encode(model, cohort, { steps });
      assert.equal(codes.unknown.length, codes.count * model.architecture.unknownSize);
      assert.equal(codes.noise?.length, cohort.images.data.length);
      errors.push(meanError(await concord.ddae.decode(model, codes, { steps }), cohort));
    }
    assert.ok(errors[1] < 0.5 * errors[0], errors.join(', '));
    const without = await concord.ddae.encode(model, cohort, { stochastic: false });
    assert.equal(without.noise, undefined);
    assert.ok(meanError(await concord.ddae.decode(model, without), cohort) > errors[1]);
    await assert.rejects(concord.ddae.decode(model, without, { keep: 0.5 }), { code: 'invalid-option' });
  });

  it('harmonizes as encoding and decoding do, whatever the batches, and changes nothing outside the brain', async () => {
    const before = cohort.images.data.slice();
    const tensors = memory().numTensors;
    const run = { target: 'siteE', steps: 4, keep: 0.8, seed: 5 };
    const one = await concord.harmonizeDdae(model, cohort, { ...run, batchSize: 5 });
    const other = await concord.harmonizeDdae(model, cohort, { ...run, batchSize: 32 });
    const scale = Math.max(...before);
    one.images.data.forEach((value, i) => {
      assert.ok(Math.abs(value - other.images.data[i]) < 1e-4 * scale);
      if (cohort.images.mask?.[i] === 0) assert.equal(value, before[i]);
    });
    const codes = await concord.ddae.encode(model, cohort, { steps: 4 });
    const decoded = await concord.ddae.decode(model, codes, run);
    assert.ok(meanError(decoded, other) < 1e-4 * scale);
    assert.deepEqual(cohort.images.data, before);
    assert.equal(memory().numTensors, tensors);
    assert.equal(one.provenance.at(-1)?.step, 'harmonizeDdae');
  });

  it('starts from a fitted model, at other sites too, and leaves it as it is', async () => {
    const before = toStored(model).weights;
    const kept = [...before].map(([name, { data }]) => [name, data.slice()] as const);
    const still = { ...options, steps: 1, averageDecay: 0, learningRate: 0, eraseSites: false };
    const same = toStored(await concord.fitDdae(cohort, { ...still, startFrom: model })).weights;
    for (const [name, data] of kept) assert.deepEqual(same.get(name)?.data, data, name);
    const { participants } = cohort;
    const sites = participants.sites.map((site) => (site === 'siteA' ? site : `new ${site}`));
    const others = { ...cohort, participants: { ...participants, sites } };
    const adapted = await concord.fitDdae(others, { ...still, startFrom: model });
    const [old, made] = [before, toStored(adapted).weights].map((all) => all.get('known.kernel')?.data ?? []);
    const width = old.length / model.sites.length;
    adapted.sites.forEach((site, row) => {
      const own = made.slice(row * width, (row + 1) * width);
      const from = model.sites.indexOf(site);
      if (from === -1) assert.ok(model.sites.every((_, k) => own[0] !== old[k * width]));
      else assert.deepEqual(own, old.slice(from * width, (from + 1) * width));
    });
    for (const [name, data] of kept) assert.deepEqual(before.get(name)?.data, data, name);
    for (const [more, message] of [
      [
        { architecture: { ...options.architecture, unknownSize: 8 } },
        /invalid startFrom: it has unknownSize/,
      ],
      [{ prediction: 'epsilon' }, /invalid startFrom: it has prediction v, not epsilon/],
    ] as const) {
      const asked = concord.fitDdae(cohort, { ...still, ...more, startFrom: model });
      await assert.rejects(asked, { code: 'invalid-option', message });
    }
  });

  it('gives back the detail that is lost on the way to the noise and back, as much of it as asked', async () => {
    const tensors = memory().numTensors;
    const at = async (detail: number): Promise<Float32Array> =>
      (await concord.harmonizeDdae(model, cohort, { target: 'siteE', steps: 3, detail })).images.data;
    const [none, half, all] = [await at(0), await at(0.5), await at(1)];
    const scale = Math.max(...cohort.images.data);
    all.forEach((value, i) => assert.ok(Math.abs(half[i] - (none[i] + value) / 2) < 1e-4 * scale));
    assert.equal(memory().numTensors, tensors);
    // At its own site an image loses nothing then: it is what it was, in the site's range.
    const { images, participants } = cohort;
    const size = images.data.length / images.shape[0];
    images.slices.forEach(({ scan }, image) => {
      if (participants.sites[participants.ids.indexOf(scan)] !== 'siteE') return;
      const inside = [...Array(size).keys()]
        .map((i) => image * size + i)
        .filter((i) => images.mask?.[i] !== 0);
      const [before, after, lossy] = [images.data, all, none].map((data) => inside.map((i) => data[i]));
      if (new Set(before).size < 2) return;
      assert.ok(sampleCorrelation(before, after) > 1 - 1e-6);
      assert.ok(sampleCorrelation(before, lossy) < 1 - 1e-4);
    });
    const wrong = concord.harmonizeDdae(model, cohort, { detail: 0.5, keep: 0.9 });
    await assert.rejects(wrong, { code: 'invalid-option', message: /detail goes with keep 1/ });
    await assert.rejects(concord.harmonizeDdae(model, cohort, { detail: 2 }), { code: 'invalid-option' });
  });

  it('has what it makes guided by the scans', async () => {
    await requireGuiding(cohort, (how) =>
      concord.harmonizeDdae(model, cohort, { target: 'siteE', steps: 3, ...how }),
    );
  });

  it('makes images as of what lies between two sites', async () => {
    const codes = await concord.ddae.encode(model, cohort, { steps: 4 });
    const at = (target: concord.DdaeTarget): Promise<ImageCohort> =>
      concord.ddae.decode(model, codes, { steps: 4, target });
    const one = await at('siteA');
    const other = await at('siteE');
    const between = await at({ siteA: 0.5, siteE: 0.5 });
    assert.deepEqual((await at({ siteE: 1 })).images.data, other.images.data);
    assert.deepEqual(between.images.data, (await at('average')).images.data);
    const whole = meanError(one, other);
    assert.ok(meanError(one, between) < whole && meanError(other, between) < whole);
    await assert.rejects(at({ siteA: 0.5 }), { code: 'invalid-option', message: /add up to 1/ });
    await assert.rejects(at({ siteX: 1 }), { code: 'unknown-site' });
  });

  it('serves as a harmonizer', async () => {
    const method = concord.ddaeHarmonizer({ model, apply: { steps: 3 } });
    assert.deepEqual(method.targets(model), ['average', 'siteA', 'siteE']);
    const after = await method.apply(await method.fit(cohort), cohort, { target: 'siteA' });
    const same = await concord.harmonizeDdae(model, cohort, { target: 'siteA', steps: 3 });
    assert.deepEqual(after.images.data, same.images.data);
    assert.deepEqual(method.targets({ ...model, sites: ['B', 'average'] }), ['average', 'B']);
    const moved = { model, apply: { steps: 3, target: 'siteA' } };
    assert.throws(() => concord.ddaeHarmonizer(moved), { code: 'invalid-option' });
  });

  it('encodes a site it does not know as it is told to, and says so', async () => {
    const sites = cohort.participants.sites.map((site) => (site === 'siteE' ? 'elsewhere' : site));
    const moved = { ...cohort, participants: { ...cohort.participants, sites } };
    await assert.rejects(concord.harmonizeDdae(model, moved), {
      code: 'unknown-site',
      message: /"elsewhere".*siteA.*siteE/,
    });
    for (const unseen of ['average', 'nearest'] as const) {
      const after = await concord.harmonizeDdae(model, moved, { unseen, steps: 3 });
      assert.equal(after.issues.at(-1)?.code, 'unseen-site');
    }
  });

  it('takes out of z_υ what a linear map could read of the site, unless told not to', async function () {
    const learned = (of: DdaeModel): ImageCohort =>
      concord.takeSubjects(
        cohort,
        [...cohort.participants.ids.keys()].filter(
          (row) => !of.heldOut.includes(cohort.participants.ids[row]),
        ),
      );
    /** How far the mean codes of the sites lie apart, as a share of how far codes lie from their mean. */
    const apart = async (of: DdaeModel): Promise<number> => {
      const { unknown, count, rows } = await concord.ddae.encode(of, learned(of), { stochastic: false });
      const size = unknown.length / count;
      const { sites } = learned(of).participants;
      const mean = (site?: string): Float64Array => {
        const its = [...rows.keys()].filter((i) => site === undefined || sites[rows[i]] === site);
        return Float64Array.from({ length: size }, (_, j) =>
          its.reduce((sum, i) => sum + unknown[i * size + j] / its.length, 0),
        );
      };
      const all = mean();
      const a = mean('siteA');
      const e = mean('siteE');
      const spread = unknown.reduce((sum, value, i) => sum + (value - all[i % size]) ** 2 / count, 0);
      return Math.sqrt(a.reduce((sum, value, j) => sum + (value - e[j]) ** 2, 0) / spread);
    };
    // Codes keep the site from the first step on, unless it is taken out of them.
    const kept = await concord.fitDdae(cohort, {
      ...options,
      steps: 10,
      validateEvery: 10,
      eraseSites: false,
    });
    const without = await apart(model);
    const as = await apart(kept);
    assert.ok(without < 1e-3 && as > 10 * without, `${without} ${as}`);
  });

  it('gives known variables a place of their own', async function () {
    const known = await concord.fitDdae(cohort, { ...options, steps: 2, known: ['age', 'sex'] });
    assert.deepEqual(
      known.known.map(({ name }) => name),
      ['age', 'sex'],
    );
    const nobody = { ...cohort.participants, covariates: [] };
    await assert.rejects(concord.ddae.encode(known, { ...cohort, participants: nobody }), {
      code: 'unknown-column',
    });
  });

  describe('refuses', () => {
    const refused = async (work: Promise<unknown>, code: string, message: RegExp): Promise<void> => {
      await assert.rejects(work, { code, message });
    };
    const rowsOf = (site: string): number[] =>
      [...cohort.participants.ids.keys()].filter((row) => cohort.participants.sites[row] === site);

    it('one site, or one image of a site', async () => {
      const alone = concord.takeSubjects(cohort, rowsOf('siteA'));
      await refused(concord.fitDdae(alone, options), 'too-little-data', /one site only, "siteA"/);
      const single = await phantoms(1, { slices: 1 });
      await refused(concord.fitDdae(single, options), 'too-little-data', /fewer than two images/);
    });

    it('a target it has never seen', async () => {
      const work = concord.harmonizeDdae(model, cohort, { target: 'siteX' });
      await refused(work, 'unknown-site', /"siteX".*average.*siteA/);
    });

    it('images of another size, pixel size or contrast, and tables', async () => {
      const large = await phantoms(2, { size: 30 });
      await refused(concord.fitDdae(large, options), 'invalid-option', /30 × 30.*multiples of 4/);
      const other = await phantoms(2, { size: 36 });
      await refused(concord.harmonizeDdae(model, other), 'invalid-option', /36 × 36 × 1 do not fit/);
      const finer = await phantoms(2, { pixelSize: 5 });
      await refused(concord.harmonizeDdae(model, finer), 'invalid-option', /pixels of 5 × 5 mm/);
      const suffixes = cohort.suffixes.map(() => 'T2w');
      await refused(
        concord.harmonizeDdae(model, { ...cohort, suffixes }),
        'invalid-option',
        /T2w scans do not fit/,
      );
      const { cohort: table } = concord.simulateFeatureCohort({ sites: 2, features: 4 });
      await refused(concord.harmonizeDdae(model, table as never), 'invalid-option', /fitted on images/);
      await refused(concord.fitDdae(table, options), 'invalid-option', /neighborhood: none/);
    });

    it('pixels that are not numbers, and scans that are empty', async () => {
      const spoilt = withData(cohort, (data) => data.fill(NaN, 700, 701));
      await refused(concord.fitDdae(spoilt, options), 'invalid-voxels', /NaN in scan/);
      await refused(concord.harmonizeDdae(model, spoilt), 'invalid-voxels', /NaN in scan/);
      const empty = withData(cohort, (data) => data.fill(0, 0, 2 * 32 * 32));
      await refused(concord.harmonizeDdae(model, empty), 'invalid-voxels', /empty or all of one intensity/);
    });

    it('options out of range', async () => {
      for (const wrong of [{ keep: 2 }, { steps: 0 }, { until: 0 }, { batchSize: 0 }]) {
        await refused(concord.harmonizeDdae(model, cohort, wrong), 'invalid-option', /invalid/);
      }
      const strange = concord.fitDdae(cohort, { ...options, independence: 'other' as never });
      await refused(strange, 'invalid-option', /invalid independence/);
    });
  });
});

describe('DDAE on vertices', () => {
  before(async () => void (await concord.useBackend()));

  it('is fitted on a table with a neighborhood and gives a table back', async function () {
    const { cohort: table, neighborhood } = concord.simulateVertexCohort({
      divisions: 1,
      sites: 2,
      subjects: 8,
    });
    const fitted = await concord.fitDdae(table, { neighborhood, steps: 20, batchSize: 8, seed: 1 });
    const some = concord.takeSubjects(table, [0, 1, 8, 9]);
    const codes = await concord.ddae.encode(fitted, some, { steps: 40 });
    const own = await concord.ddae.decode(fitted, codes, { steps: 40 });
    const error = own.features.values.map((value, i) => Math.abs(value - some.features.values[i]));
    assert.ok(error.reduce((sum, value) => sum + value, 0) / error.length < 0.02);
    const after = await concord.harmonizeDdae(fitted, table, { target: 'site-01', steps: 4 });
    assert.deepEqual(after.features.features, table.features.features);
    const short = concord.surfaces.makeNeighborhood(3, [0, 1]);
    await assert.rejects(concord.fitDdae(table, { neighborhood: short }), { code: 'invalid-option' });
  });

  it('brings persons whom it has never seen nearer to what they measured at the target [long]', async function () {
    const geometry = { divisions: 1, sites: 2, seed: 3 };
    const { cohort: table, neighborhood } = concord.simulateVertexCohort({ ...geometry, subjects: 60 });
    const { cohort: all } = concord.simulateVertexCohort({ ...geometry, subjects: 140, traveling: true });
    const unseen = Array.from({ length: 40 }, (_, i) => 240 + i);
    const travelers = concord.takeSubjects(all, unseen);
    const fitted = await concord.fitDdae(table, {
      neighborhood,
      steps: 150,
      batchSize: 16,
      seed: 1,
      learningRate: 0.003,
    });
    const after = await concord.harmonizeDdae(fitted, travelers, { target: 'site-01', steps: 10 });
    const { features, participants } = travelers;
    assert.deepEqual(participants.sites.slice(0, 2), ['site-01', 'site-02']);
    const width = features.features.length;
    // Rows go by person, then site: the row before is the same person at the target.
    const distance = ({ values }: typeof features): number => {
      let sum = 0;
      for (let row = 1; row < unseen.length; row += 2) {
        for (let vertex = 0; vertex < width; vertex++) {
          sum += Math.abs(values[row * width + vertex] - features.values[(row - 1) * width + vertex]);
        }
      }
      return sum / (unseen.length / 2) / width;
    };
    const raw = distance(features);
    const harmonized = distance(after.features);
    assert.ok(harmonized < 0.7 * raw, `${harmonized} mm, raw ${raw} mm`);
  });

  it('shows the encoder maps with the mean of any site, all else as it is', async () => {
    const { cohort: table, neighborhood } = concord.simulateVertexCohort({
      divisions: 1,
      sites: 2,
      subjects: 3,
    });
    const samples = vertexSamples(table, { neighborhood, sizes: { patch: 4, multipliers: [1, 2] } });
    const { scale, source, asElsewhere } = samples;
    assert.ok(scale.kind === 'features' && asElsewhere !== undefined);
    const { values, features: names } = table.features;
    const siteMean = (site: number, vertex: number): number =>
      [0, 1, 2].reduce((sum, i) => sum + values[(3 * site + i) * names.length + vertex], 0) / 3;
    const sequences = await source.read([0, 1]);
    const length = sequences.length / 2;
    const draws = [0.1, 0.9];
    const seen = asElsewhere(sequences, [0, 1], { uniform: () => draws.shift() ?? NaN } as Random);
    assert.deepEqual(seen.subarray(0, length), sequences.subarray(0, length), 'its own site: unchanged');
    scale.order.forEach((vertex, place) => {
      const moved = (siteMean(1, vertex) - siteMean(0, vertex)) / scale.spread;
      assert.ok(Math.abs(seen[length + place] - sequences[length + place] - moved) < 1e-5);
    });
  });
});
