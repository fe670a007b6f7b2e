import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rank } from '@tensorflow/tfjs-core';
import { memory, randomNormal } from '@tensorflow/tfjs-core';
import type { FitMurdOptions, ImageCohort, MurdModel } from '../../sdk/index';
import { generator, initGenerator } from '../../sdk/murd/network/generator';
import { murdFromStored } from '../../sdk/murd/murd-stored';
import { toStored } from '../../sdk/nn/stored-parts';
import { murdParameters } from '../../sdk/murd/murd-parameters';
import { murdSizes } from '../../sdk/murd/network/murd-sizes';
import { trainingTroubles } from '../../sdk/murd/training/training-troubles';
import { makeRandom } from '../../sdk/math/random';
import { rangeOf } from '../../sdk/nn/images/scan-intensity';
import { disposeTree, toTensors } from '../../sdk/nn/parameters';
import * as concord from '../../sdk/index';
import { requireGuiding } from '../support/guided-contract';

let cohort: ImageCohort;
let model: MurdModel;

const options: FitMurdOptions = {
  size: 'tiny',
  steps: 60,
  batchSize: 8,
  seed: 3,
  logEvery: 5,
  validateEvery: 20,
  averageDecay: 0.9,
  learningRate: 0.002,
};

/** Slices of two scanners, 32 × 32. */
async function phantoms(subjects: number, more: object = {}): Promise<ImageCohort> {
  const scanners = concord.phantoms
    .scannerPreset('seven-site')
    .filter(({ site }) => 'siteA siteE'.includes(site));
  const geometry = { slices: 2, size: 32, pixelSize: 6 };
  return (await concord.simulateSlices({ scanners, subjects, ...geometry, seed: 4, ...more })).cohort;
}

/** Both contrasts of two vendors. */
async function twoContrasts(subjects: number): Promise<ImageCohort> {
  const scanners = concord.phantoms.scannerPreset('abcd-like').filter(({ site }) => site !== 'Philips');
  return phantoms(subjects, { scanners });
}

function rowsOf(of: ImageCohort, wanted: (row: number) => boolean): ImageCohort {
  return concord.takeSubjects(of, [...of.participants.ids.keys()].filter(wanted));
}

function withData(of: ImageCohort, change: (data: Float32Array) => void): ImageCohort {
  const data = of.images.data.slice();
  change(data);
  return { ...of, images: { ...of.images, data } };
}

/** A reference that counts how often its pixels are asked for. */
function counted(of: ImageCohort): { readonly reference: ImageCohort; reads(): number } {
  let count = 0;
  const { data, ...images } = of.images;
  const counting = Object.defineProperty({ ...images }, 'data', {
    enumerable: true,
    get: () => {
      count++;
      return data;
    },
  }) as ImageCohort['images'];
  return { reference: { ...of, images: counting }, reads: () => count };
}

function meanDifference(one: ImageCohort, other: ImageCohort): number {
  const { data } = one.images;
  return data.reduce((sum, value, i) => sum + Math.abs(value - other.images.data[i]), 0) / data.length;
}

describe('MURD', () => {
  before(async function () {
    await concord.useBackend();
    cohort = await phantoms(8);
    model = await concord.fitMurd(cohort, options);
  });

  it('learns: what is lost there and back falls, on people held out', () => {
    const judged = model.training.history.flatMap(({ values }) => values['validation'] ?? []);
    assert.equal(judged.length, 3);
    assert.ok(judged[1] < judged[0] && judged[2] < judged[1], judged.join(', '));
    const lost = model.training.history.map(({ values }) => values['generator cycle']);
    assert.ok(lost[lost.length - 1] < 0.5 * lost[0], lost.join(', '));
    assert.deepEqual(model.sites, ['siteA', 'siteE']);
    assert.deepEqual(
      model.domains.map(({ site, suffix }) => `${site} ${suffix}`),
      ['siteA T1w', 'siteE T1w'],
    );
    assert.equal(model.heldOut.length, 2);
    const last = model.training.history[model.training.history.length - 1].values;
    for (const name of ['contentConsistency', 'styleConsistency', 'identity', 'cycle', 'gradients']) {
      assert.ok(last[`generator ${name}`] > 0, name);
    }
    assert.ok(last['discriminator sureOfReal'] > 0 && last['discriminator sureOfReal'] < 1);
  });

  it('leaves no tensor behind, and gives the same bits for the same seed, also when it was stopped', async function () {
    const tensors = memory().numTensors;
    const folder = mkdtempSync(join(tmpdir(), 'murd-'));
    try {
      const checkpoints = concord.networks.checkpointFolder(join(folder, 'run'));
      const cancel = new AbortController();
      const onProgress = ({ label, done }: { label: string; done: number }): void => {
        if (label.startsWith('training') && done === 3) cancel.abort();
      };
      const short = { ...options, steps: 6, validateEvery: 2 };
      const whole = await concord.fitMurd(cohort, short);
      const stopped = concord.fitMurd(cohort, { ...short, checkpoints, onProgress, signal: cancel.signal });
      await assert.rejects(stopped, { code: 'aborted' });
      const resumed = await concord.fitMurd(cohort, { ...short, checkpoints });
      assert.deepEqual(resumed.weights, whole.weights);
      assert.equal(memory().numTensors, tensors);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('goes on from a fitted model, of other sites too, and leaves it as it is', async function () {
    const before = toStored(model).weights.get('generator.last.kernel')?.data.slice();
    const one = { ...options, steps: 1, averageDecay: 0, learningRate: 0 };
    const same = await concord.fitMurd(cohort, { ...one, startFrom: model });
    for (const [path, { data }] of toStored(model).weights) {
      assert.deepEqual(toStored(same).weights.get(path)?.data, data, path);
    }
    const participants = {
      ...cohort.participants,
      sites: cohort.participants.sites.map((site) => `new ${site}`),
    };
    const others: ImageCohort = { ...cohort, participants };
    const adapted = await concord.fitMurd(others, { ...options, steps: 5, startFrom: model });
    assert.deepEqual(adapted.sites, ['new siteA', 'new siteE']);
    assert.deepEqual(toStored(model).weights.get('generator.last.kernel')?.data, before);
    const folder = mkdtempSync(join(tmpdir(), 'murd-'));
    const wrong: readonly [ImageCohort, FitMurdOptions, RegExp][] = [
      [
        cohort,
        { checkpoints: concord.networks.checkpointFolder(folder) },
        /another run: startFrom was undefined, is "/,
      ],
      [cohort, { architecture: { width: 16 } }, /invalid startFrom: it has width 8, not 16 /],
      [await twoContrasts(2), { contrasts: 'joint' }, /invalid startFrom: it has 2 domains, not 4 /],
    ];
    try {
      await concord.fitMurd(cohort, {
        ...options,
        steps: 3,
        checkpoints: concord.networks.checkpointFolder(folder),
      });
      for (const [images, more, message] of wrong) {
        const asked = concord.fitMurd(images, { ...options, steps: 5, ...more, startFrom: model });
        await assert.rejects(asked, { code: 'invalid-option', message });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is saved and loaded to the same bits; what was damaged is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'murd-'));
    try {
      await concord.saveModel(model, join(folder, 'model'));
      const loaded = await concord.loadModel(join(folder, 'model'), 'murd');
      assert.deepEqual(loaded, model);
      const stored = toStored(model);
      for (const change of [
        { sites: ['siteA'] },
        { domains: [] },
        { geometry: { plane: 'oblique', pixelSize: [6, 6] } },
        { architecture: { ...model.architecture, width: 64 } },
        { architecture: { ...model.architecture, latentLayers: 1e9 } },
        { farthest: 'far' },
      ]) {
        const edited = { ...stored, model: { ...stored.model, ...change } } as unknown as typeof stored;
        assert.throws(() => murdFromStored(edited), { code: 'malformed-model' }, JSON.stringify(change));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('translates to a site, whatever the batches, and changes nothing outside the brain', async () => {
    const before = cohort.images.data.slice();
    const tensors = memory().numTensors;
    const one = await concord.murd.translate(model, cohort, { site: 'siteE', batchSize: 5 });
    const other = await concord.murd.translate(model, cohort, { site: 'siteE' });
    const scale = Math.max(...before);
    one.images.data.forEach((value, i) => {
      assert.ok(Math.abs(value - other.images.data[i]) < 1e-4 * scale);
      if (cohort.images.mask?.[i] === 0) assert.equal(value, before[i]);
    });
    assert.deepEqual(cohort.images.data, before);
    assert.equal(memory().numTensors, tensors);
    assert.equal(one.provenance.at(-1)?.step, 'translate');
    // The intensities of siteE are some ten times those of siteA: results are given in them.
    const bright = (of: ImageCohort): number => Math.max(...of.images.data);
    const toA = await concord.murd.translate(model, cohort, { site: 'siteA' });
    assert.ok(bright(one) > 4 * bright(toA), `${bright(one)} ${bright(toA)}`);
  });

  it('draws styles of a site by seed, the same for the same', async () => {
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((styleSeed) => concord.murd.translate(model, cohort, { site: 'siteE', styleSeed })),
    );
    assert.deepEqual(one.images.data, again.images.data);
    assert.ok(meanDifference(one, other) > 0);
  });

  it('translates to a reference, one scan or the mean of several, of a site that it knows or not', async () => {
    const isAtE = (row: number): boolean => cohort.participants.sites[row] === 'siteE';
    const references = rowsOf(cohort, isAtE);
    const single = rowsOf(references, (row) => row === 0);
    const toOne = await concord.murd.translate(model, cohort, { reference: single });
    const toAll = await concord.murd.translate(model, cohort, { reference: references });
    assert.ok(meanDifference(toOne, toAll) > 0);
    const { participants } = single;
    const moved = { ...single, participants: { ...participants, sites: ['elsewhere'] } };
    const nearest = await concord.murd.translate(model, cohort, { reference: moved });
    const heads = await Promise.all(
      model.sites.map((head) => concord.murd.translate(model, cohort, { reference: moved, head })),
    );
    assert.ok(heads.some((head) => meanDifference(head, nearest) === 0));
    assert.ok(meanDifference(heads[0], heads[1]) > 0);
  });

  it('gives back the detail that is lost where an image is made again, as much of it as asked', async () => {
    const tensors = memory().numTensors;
    const at = async (detail: number): Promise<Float32Array> =>
      (await concord.murd.translate(model, cohort, { site: 'siteE', detail })).images.data;
    const [none, half, all] = [await at(0), await at(0.5), await at(1)];
    const scale = Math.max(...all);
    all.forEach((value, i) => assert.ok(Math.abs(half[i] - (none[i] + value) / 2) < 1e-4 * scale));
    assert.equal(memory().numTensors, tensors);
    // What is lost is a scan less what is made of it in its own style, on the scale of the target.
    const { range } = model.domains[model.sites.indexOf('siteE')];
    const perScan = none.length / cohort.participants.ids.length;
    for (const row of cohort.participants.ids.keys()) {
      const scan = concord.takeSubjects(cohort, [row]);
      const again = (await concord.murd.translate(model, scan, { reference: scan })).images;
      const { low, high } = rangeOf(scan.images.data, 'the scan');
      const gain = (range.high - range.low) / (high - low);
      scan.images.data.forEach((value, i) => {
        if (again.mask?.[i] === 0) return;
        const at = row * perScan + i;
        const expected = none[at] + gain * (value - again.data[i]);
        assert.ok(Math.abs(all[at] - expected) < 1e-4 * scale, `${all[at]} ${expected}`);
      });
    }
    const [first] = await concord.murd.interpolate(model, cohort, {
      from: 'siteE',
      to: 'siteA',
      steps: 2,
      detail: 1,
    });
    assert.ok(first.images.data.every((value, i) => Math.abs(value - all[i]) < 1e-4 * scale));
    const step = (await concord.murd.translate(model, cohort, { site: 'siteE', detail: 1 })).provenance.at(
      -1,
    );
    assert.equal(step?.options['detail'], 1);
    for (const detail of [2, -0.1, NaN, '1' as unknown as number]) {
      const wrong = concord.murd.translate(model, cohort, { site: 'siteE', detail });
      await assert.rejects(wrong, { code: 'invalid-option', message: /invalid detail: .* \(0 to 1\)/ });
    }
  });

  it('has what it makes guided by the scans, also on the way between two styles', async () => {
    await requireGuiding(cohort, (how) => concord.murd.translate(model, cohort, { site: 'siteE', ...how }));
    await requireGuiding(cohort, async (how) => {
      const stops = { from: 'siteA', to: 'siteE', steps: 2 };
      return (await concord.murd.interpolate(model, cohort, { ...stops, ...how }))[1];
    });
    // What only reads makes nothing that could be guided.
    for (const read of [concord.murd.styleOf, concord.murd.contentOf]) {
      const asked = read(model, cohort, { guided: 8 } as object);
      await assert.rejects(asked, { code: 'invalid-option', message: /guided/ });
    }
  });

  it('goes from one style to another in steps', async () => {
    const stops = await concord.murd.interpolate(model, cohort, { from: 'siteA', to: 'siteE', steps: 3 });
    const [from, to] = await Promise.all(
      ['siteA', 'siteE'].map((site) => concord.murd.translate(model, cohort, { site })),
    );
    const scale = Math.max(...to.images.data);
    assert.ok(meanDifference(stops[0], from) < 1e-6 * scale);
    assert.ok(meanDifference(stops[2], to) < 1e-6 * scale);
    assert.ok(meanDifference(stops[1], from) < meanDifference(to, from));
    await assert.rejects(concord.murd.interpolate(model, cohort, { from: 'siteA', to: 'siteE', steps: 1 }), {
      code: 'invalid-option',
    });
  });

  it('shows styles and content', async () => {
    const tensors = memory().numTensors;
    const styles = await concord.murd.styleOf(model, cohort);
    assert.deepEqual(styles.shape, [cohort.images.shape[0], model.architecture.styleSize]);
    const content = await concord.murd.contentOf(model, cohort, { batchSize: 3 });
    assert.deepEqual(content.shape, [cohort.images.shape[0], 16, 16, 16]);
    assert.ok(content.values.every(Number.isFinite));
    assert.equal(memory().numTensors, tensors);
  });

  it('takes scans of a site it does not know, and says so', async () => {
    const sites = cohort.participants.sites.map((site) => (site === 'siteE' ? 'elsewhere' : site));
    const moved = { ...cohort, participants: { ...cohort.participants, sites } };
    const after = await concord.murd.translate(model, moved, { site: 'siteA' });
    assert.deepEqual(
      after.issues.map(({ code }) => code),
      ['unseen-site'],
    );
    assert.deepEqual(
      after.images.data,
      (await concord.murd.translate(model, cohort, { site: 'siteA' })).images.data,
    );
  });

  it('says when a scan looks like none that it has learned from', async () => {
    // As a T2w scan: what is bright becomes dark.
    const inverted = withData(cohort, (data) =>
      data.forEach((value, i) => (data[i] = value === 0 ? 0 : 1 / value)),
    );
    const refused = {
      code: 'invalid-voxels',
      message: /is unlike what the model learned from \(\d+ digital persons/,
    };
    await assert.rejects(concord.murd.translate(model, inverted, { site: 'siteA' }), refused);
    const own = await concord.murd.translate(model, cohort, { site: 'siteA' });
    assert.deepEqual(own.issues, []);
    await assert.rejects(concord.murd.translate(model, cohort, { reference: inverted }), refused);
    // A model of an earlier version does not say what it learned from.
    const earlier = { ...model, learned: undefined };
    const after = await concord.murd.translate(earlier, inverted, { site: 'siteA' });
    const said = new Set(after.issues.map(({ code }) => code));
    assert.deepEqual([...said].sort(), ['made-unlike-scan', 'unknown-training', 'unlike-training']);
  });

  it('serves as a harmonizer', async () => {
    const method = concord.murdHarmonizer({ model });
    assert.deepEqual(method.targets(model), ['siteA', 'siteE']);
    const after = await method.apply(await method.fit(cohort), cohort, { target: 'siteA' });
    const same = await concord.murd.translate(model, cohort, { site: 'siteA' });
    assert.deepEqual(after.images.data, same.images.data);
    await assert.rejects(method.apply(model, cohort), {
      code: 'invalid-option',
      message: 'missing target: one of "siteA", "siteE" is required',
    });
    const moved = { model, apply: { batchSize: 8, site: 'siteA' } };
    assert.throws(() => concord.murdHarmonizer(moved), { code: 'invalid-option', message: /^invalid site/ });
  });

  it('reads a reference once, however many scans are translated to it', async () => {
    const counting = counted(rowsOf(cohort, (row) => row < 2));
    const { reference } = counting;
    const first = await concord.murd.translate(model, cohort, { reference });
    const once = counting.reads();
    assert.ok(once > 0);
    const again = await concord.murd.translate(model, cohort, { reference });
    assert.equal(counting.reads(), once);
    assert.deepEqual(again.images.data, first.images.data);
    await concord.murd.translate(model, cohort, { reference, head: 'siteE' });
    assert.ok(counting.reads() > once);
  });

  it('serves as a harmonizer to a reference, its only target', async () => {
    const reference = rowsOf(cohort, (row) => row < 2);
    const method = concord.murdHarmonizer({ model, reference });
    assert.deepEqual(method.targets(model), ['reference']);
    const after = await method.apply(model, cohort);
    assert.deepEqual(
      after.images.data,
      (await concord.murd.translate(model, cohort, { reference })).images.data,
    );
    await assert.rejects(method.apply(model, cohort, { target: 'siteA' }), {
      code: 'unknown-site',
      message: 'unknown target: "siteA", not one of "reference"',
    });
  });

  it('learns three neighboring slices at once', async function () {
    const { images } = cohort;
    const data = new Float32Array(3 * images.data.length);
    images.data.forEach((value, i) => data.fill(value, 3 * i, 3 * i + 3));
    const shape = [images.shape[0], 32, 32, 3] as const;
    const triples = { ...cohort, images: { ...images, data, shape } };
    const fitted = await concord.fitMurd(triples, { ...options, steps: 2 });
    const after = await concord.murd.translate(fitted, triples, { site: 'siteA' });
    assert.deepEqual(after.images.shape, shape);
  });

  it('learns two contrasts at once, and keeps them apart', async function () {
    const both = await twoContrasts(6);
    await assert.rejects(concord.fitMurd(both, options), { code: 'invalid-option', message: /T1w and T2w/ });
    const joint = await concord.fitMurd(both, { ...options, steps: 3, contrasts: 'joint' });
    assert.deepEqual(
      joint.domains.map(({ site, suffix }) => `${site} ${suffix}`),
      ['GE T1w', 'GE T2w', 'Siemens T1w', 'Siemens T2w'],
    );
    const after = await concord.murd.translate(joint, both, { site: 'GE' });
    const t1 = rowsOf(both, (row) => both.suffixes[row] === 'T1w');
    const apart = await concord.murd.translate(joint, t1, { site: 'GE' });
    assert.deepEqual(rowsOf(after, (row) => both.suffixes[row] === 'T1w').images.data, apart.images.data);
    const strange = { ...t1, suffixes: t1.suffixes.map(() => 'FLAIR') };
    await assert.rejects(concord.murd.contentOf(joint, strange), {
      code: 'invalid-option',
      message: /FLAIR scans do not fit the model, which learned from T1w and T2w scans/,
    });
    // Of one site it may know one contrast only: styles of its other scans are read by the head that does best.
    const domains = joint.domains.filter(({ site, suffix }) => site !== 'Siemens' || suffix !== 'T2w');
    const less = { ...joint, domains: [...domains, { ...joint.domains[1], site: 'Philips' }] };
    const t2 = rowsOf(both, (row) => both.suffixes[row] === 'T2w');
    const detailed = await concord.murd.translate(less, t2, { site: 'GE', detail: 1 });
    assert.ok(detailed.images.data.every(Number.isFinite));
    await assert.rejects(concord.murd.translate(less, t2, { site: 'Siemens' }), { code: 'unknown-site' });
    const reference = rowsOf(both, (row) => both.suffixes[row] === 'T2w');
    await assert.rejects(concord.murd.translate(joint, t1, { reference }), {
      code: 'invalid-option',
      message: /T2w scans.*are T1w/,
    });
  });

  describe('refuses', () => {
    const refused = async (work: Promise<unknown>, code: string, message: RegExp): Promise<void> => {
      await assert.rejects(work, { code, message });
    };

    it('one site, or one image of a site', async () => {
      const alone = rowsOf(cohort, (row) => cohort.participants.sites[row] === 'siteA');
      await refused(concord.fitMurd(alone, options), 'too-little-data', /one site only, "siteA"/);
      const single = await phantoms(1, { slices: 1 });
      await refused(concord.fitMurd(single, options), 'too-little-data', /fewer than two images/);
    });

    it('a target it does not know, no target, and two', async () => {
      await refused(
        concord.murd.translate(model, cohort, { site: 'siteX' }),
        'unknown-site',
        /"siteX".*siteA.*reference/,
      );
      await refused(
        concord.murd.translate(model, cohort, {} as never),
        'invalid-option',
        /site and reference/,
      );
      const both = { site: 'siteA', reference: cohort } as never;
      await refused(concord.murd.translate(model, cohort, both), 'invalid-option', /site and reference/);
    });

    it('a reference without images', async () => {
      const { images } = cohort;
      const nothing = {
        ...rowsOf(cohort, () => false),
        images: { ...images, data: new Float32Array(), shape: [0, 32, 32, 1] as const, slices: [] },
      };
      await refused(
        concord.murd.translate(model, cohort, { reference: nothing }),
        'too-little-data',
        /reference is empty/,
      );
    });

    it('images of another size, pixel size or contrast', async () => {
      const large = await phantoms(2, { size: 36 });
      await refused(concord.fitMurd(large, options), 'invalid-option', /36 × 36.*multiples of 8/);
      await refused(
        concord.murd.translate(model, large, { site: 'siteA' }),
        'invalid-option',
        /36 × 36 × 1 do not fit/,
      );
      const finer = await phantoms(2, { pixelSize: 5 });
      await refused(
        concord.murd.translate(model, finer, { site: 'siteA' }),
        'invalid-option',
        /pixels of 5 × 5 mm/,
      );
      const suffixes = cohort.suffixes.map(() => 'T2w');
      await refused(
        concord.murd.translate(model, { ...cohort, suffixes }, { site: 'siteA' }),
        'invalid-option',
        /T2w scans do not fit/,
      );
    });

    it('pixels that are not numbers, and scans that are empty', async () => {
      const spoilt = withData(cohort, (data) => data.fill(NaN, 700, 701));
      await refused(concord.fitMurd(spoilt, options), 'invalid-voxels', /NaN in scan/);
      await refused(
        concord.murd.translate(model, spoilt, { site: 'siteA' }),
        'invalid-voxels',
        /NaN in scan/,
      );
      const empty = withData(cohort, (data) => data.fill(0, 0, 2 * 32 * 32));
      await refused(
        concord.murd.translate(model, empty, { site: 'siteA' }),
        'invalid-voxels',
        /empty or all of one/,
      );
    });

    it('options out of range', async () => {
      for (const wrong of [
        { weights: { cycle: -1 } },
        { weights: { other: 1 } as never },
        { diversityUntil: 2 },
        { learningRate: NaN },
        { architecture: { halvings: -1 } },
        { contrasts: 'both' as never },
      ]) {
        await refused(
          concord.fitMurd(cohort, { ...options, ...wrong }),
          'invalid-option',
          /invalid|unknown option/,
        );
      }
      await refused(
        concord.murd.translate(model, cohort, { site: 'siteA', batchSize: 0 }),
        'invalid-option',
        /invalid batchSize/,
      );
    });
  });
});

describe('the networks of MURD', () => {
  before(async () => void (await concord.useBackend()));

  it('of size paper-like have as many parameters as the published ones, within a tenth', () => {
    // Counted from the released networks for 256 × 256 × 3 and three sites, in millions.
    const published = { content: 5.39, style: 4.98, styles: 0.11, generator: 8.42, critic: 0.66 };
    const found = murdParameters({ ...murdSizes['paper-like'], imageShape: [256, 256, 3] }, 3);
    for (const [name, millions] of Object.entries(published)) {
      const count = found[name as keyof typeof published] / 1e6;
      assert.ok(Math.abs(count / millions - 1) < 0.1, `${name}: ${count} of ${millions}`);
    }
  });

  it('heed the style where it steers the normalizations, and cannot where it is concatenated', async () => {
    const architecture = { ...murdSizes.tiny, imageShape: [16, 16, 1] as const };
    const content = randomNormal<Rank.R4>([2, 8, 8, 16], 0, 1, 'float32', 1);
    const styles = [2, 3].map((seed) => randomNormal<Rank.R2>([2, 8], 0, 1, 'float32', seed));
    const differences: number[] = [];
    for (const styleInput of ['adain', 'concatenate'] as const) {
      const weights = toTensors(initGenerator(makeRandom(4), { ...architecture, styleInput }));
      const made = styles.map((style) => generator(weights, content, style));
      const [one, other] = await Promise.all(made.map((image) => image.data()));
      differences.push(Math.max(...Array.from(one, (value, i) => Math.abs(value - other[i]))));
      for (const used of made) used.dispose();
      disposeTree(weights);
    }
    for (const used of [content, ...styles]) used.dispose();
    assert.ok(differences[0] > 0.1, `${differences[0]}`);
    assert.ok(differences[1] < 1e-4, `${differences[1]}`);
  });

  it('are said to have collapsed, or to be out of balance, when figures show it', () => {
    const fine = {
      metric: 1,
      cycle: 0.1,
      distribution: 0.1,
      styleDiversity: 0.01,
      domainDifference: 0.1,
      contentVariance: 1,
    };
    const point = (sure: number): { step: number; seconds: number; values: Record<string, number> } => ({
      step: 1,
      seconds: 1,
      values: { 'discriminator sureOfReal': sure, 'discriminator sureOfMade': sure },
    });
    const codes = (change: Partial<typeof fine>, sure = 0.6): readonly string[] =>
      trainingTroubles({ ...fine, ...change }, { history: [point(0.5), point(sure)] } as never).map(
        ({ code }) => code,
      );
    assert.deepEqual(codes({}), []);
    assert.deepEqual(codes({ contentVariance: 0 }), ['collapsed']);
    assert.deepEqual(codes({ domainDifference: 0, styleDiversity: 0 }), ['collapsed']);
    assert.deepEqual(codes({ styleDiversity: 0 }), ['single-style']);
    assert.deepEqual(codes({}, 0.99), ['unbalanced-training']);
  });
});
