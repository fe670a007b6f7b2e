import assert from 'node:assert/strict';
import { memory, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { cycleganFromStored } from '../../sdk/cyclegan/cyclegan-stored';
import { pairsOf, wayBetween } from '../../sdk/cyclegan/pairs';
import { cycleganTroubles } from '../../sdk/cyclegan/training/cyclegan-troubles';
import type { ImageCohort } from '../../sdk/index';
import type { CycleganModel } from '../../sdk/cyclegan/cyclegan-model';
import * as concord from '../../sdk/index';
import { makeRandom } from '../../sdk/math/random';
import { toStored } from '../../sdk/nn/stored-parts';
import { HistoryPool } from '../../sdk/nn/train/history-pool';
import { requireGuiding } from '../support/guided-contract';
import { temporaryFolder } from '../support/temporary-folder';
import { atSite, differenceInBrain, travelingSlices } from '../support/two-scanners';

const options: concord.baselines.FitCycleganOptions = {
  size: 'tiny',
  architecture: { width: 4, blocks: 1, criticWidths: [4, 8] },
  steps: 60,
  batchSize: 4,
  seed: 3,
  logEvery: 5,
  validateEvery: 20,
  averageDecay: 0.9,
  learningRate: 0.004,
};

describe('the CycleGAN', () => {
  const folder = temporaryFolder();
  let cohort: ImageCohort;
  let model: CycleganModel;

  before(async () => {
    await concord.useBackend();
    cohort = await travelingSlices(8);
    model = await concord.baselines.fitCyclegan(cohort, options);
  });

  it('learns: what a translation there and back loses, and how far intensities are off, becomes less', () => {
    const judged = model.training.history.flatMap(({ values }) => values['validation'] ?? []);
    assert.equal(judged.length, 3);
    assert.ok(judged[1] < judged[0] && judged[2] < judged[1], judged.join(', '));
    const last = model.training.history[model.training.history.length - 1].values;
    for (const name of ['adversarial', 'cycle', 'identity']) assert.ok(last[`generators0 ${name}`] > 0, name);
    const separated = last['critics0 separated'];
    assert.ok(separated >= 0 && separated <= 1, String(separated));
  });

  it('brings scans nearer to what the same people look like at the target', async () => {
    const truth = atSite(cohort, 'siteE');
    const raw = atSite(cohort, 'siteA');
    const made = await concord.baselines.applyCyclegan(model, raw, { site: 'siteE' });
    const before = differenceInBrain(raw, truth);
    const after = differenceInBrain(made, truth);
    assert.ok(after < 0.7 * before, `${before} → ${after}`);
    assert.deepEqual(model.issues, []);
  });

  it('has what it makes guided by the scans', async () => {
    await requireGuiding(atSite(cohort, 'siteA'), (options) =>
      concord.baselines.applyCyclegan(model, atSite(cohort, 'siteA'), { site: 'siteE', ...options }),
    );
  });

  it('leaves no tensor behind, and gives the same bits for the same seed, also when it was stopped', async () => {
    const tensors = memory().numTensors;
    const checkpoints = concord.networks.checkpointFolder(folder.path('run'));
    const cancel = new AbortController();
    const labels = new Set<string>();
    const onProgress = ({ label, done }: { label: string; done: number }): void => {
      labels.add(label);
      if (label.startsWith('training') && done === 4) cancel.abort();
    };
    // So few images made earlier that they are exchanged, before it is stopped and after.
    const short = { ...options, steps: 8, validateEvery: 4, historySize: 4 };
    const whole = await concord.baselines.fitCyclegan(cohort, short);
    const stopped = concord.baselines.fitCyclegan(cohort, {
      ...short,
      checkpoints,
      onProgress,
      signal: cancel.signal,
    });
    await assert.rejects(stopped, { code: 'aborted' });
    assert.ok(
      [...labels].some((label) => /2 generators and 2 critics for 1 pair of sites, 0\.0 million/.test(label)),
    );
    const kept = await checkpoints.latest();
    assert.deepEqual(kept?.arrays.get('memory.made0.first')?.shape, [4, 32, 32, 1]);
    const resumed = await concord.baselines.fitCyclegan(cohort, { ...short, checkpoints });
    assert.deepEqual(resumed.weights, whole.weights);
    assert.equal(memory().numTensors, tensors);
  });

  it('goes by way of a hub from any site to any, and keeps the networks of a pair for it', async () => {
    const three = await travelingSlices(4, 'siteA siteC siteE');
    const few = { ...options, steps: 1, validateEvery: 1 };
    const byHub = await concord.baselines.fitCyclegan(three, { ...few, hub: 'siteC' });
    assert.deepEqual(Object.keys(byHub.weights), ['generators0', 'critics0', 'generators1', 'critics1']);
    const to = (cohortThere: ImageCohort, site: string): Promise<ImageCohort> =>
      concord.baselines.applyCyclegan(byHub, cohortThere, { site });
    const across = await to(atSite(three, 'siteA'), 'siteE');
    const together = await to(three, 'siteE');
    const alone = atSite(together, 'siteA').images.data;
    across.images.data.forEach((value, i) =>
      assert.ok(Math.abs(value - alone[i]) < 1e-3 * (1 + Math.abs(value))),
    );
    await assert.rejects(concord.baselines.fitCyclegan(three, { ...few, hub: 'siteX' }), {
      code: 'unknown-site',
      message: /unknown hub: "siteX"/,
    });
  });

  it('refuses what it cannot use, by name', async () => {
    const wrong: readonly [object, RegExp][] = [
      [{ size: 'huge' }, /invalid size: "huge"/],
      [{ weights: { cycles: 1 } }, /"weights.cycles" \(did you mean "cycle"\?/],
      [{ weights: { cycle: -1 } }, /invalid cycle: -1/],
      [{ weights: { adversarial: 0, cycle: 0, identity: 0 } }, /invalid weights: all are 0/],
      [{ historySize: 1.5 }, /invalid historySize: 1.5/],
      [{ architecture: { criticWidths: [8] } }, /invalid criticWidths: 1/],
      [{ architecture: { criticWidths: [4, 4, 4, 4, 4] } }, /leave nothing to judge of images of 32 × 32/],
      [{ architecture: { halvings: 6 } }, /images of 32 × 32 do not fit the network/],
    ];
    for (const [other, message] of wrong) {
      await assert.rejects(concord.baselines.fitCyclegan(cohort, { ...options, ...other }), {
        code: 'invalid-option',
        message,
      });
    }
    await assert.rejects(concord.baselines.applyCyclegan(model, cohort, { site: 'siteX' }), {
      code: 'unknown-site',
    });
    const elsewhere = await travelingSlices(2, 'siteC siteE');
    await assert.rejects(concord.baselines.applyCyclegan(model, elsewhere, { site: 'siteE' }), {
      code: 'unknown-site',
      message: /unknown site: "siteC".*a generator knows one pair of sites/,
    });
    const { model: description, weights } = toStored(model);
    const broken: readonly [object, RegExp][] = [
      [{ sites: ['siteA'] }, /sites/],
      [{ sites: ['siteA', 'siteC', 'siteE'] }, /learned: kinds|sites/],
      [{ hub: 'siteX' }, /hub/],
      [{ architecture: { ...model.architecture, width: 9 } }, /architecture: width/],
      [{ architecture: { ...model.architecture, blocks: 2 } }, /architecture: blocks/],
      [{ architecture: { ...model.architecture, criticWidths: [4, 9] } }, /architecture: criticWidths/],
      [{ learned: undefined }, /learned/],
    ];
    for (const [change, message] of broken) {
      assert.throws(() => cycleganFromStored({ model: { ...description, ...change }, weights }), {
        code: 'malformed-model',
        message,
      });
    }
  });
});

describe('pairs of sites', () => {
  const sites = ['A', 'B', 'C', 'D'];
  it('are all of them, or those of a hub', () => {
    assert.equal(pairsOf(sites, undefined).length, 6);
    assert.deepEqual(pairsOf(sites, 'B'), [
      { first: 0, second: 1 },
      { first: 1, second: 2 },
      { first: 1, second: 3 },
    ]);
  });
  it('lead from every site to every other, straight or by way of the hub', () => {
    const all = pairsOf(sites, undefined);
    assert.deepEqual(wayBetween(all, 3, 1), [{ pair: 4, direction: 'back' }]);
    assert.deepEqual(wayBetween(all, 1, 1), []);
    assert.deepEqual(wayBetween(pairsOf(sites, 'B'), 3, 0), [
      { pair: 2, direction: 'back' },
      { pair: 0, direction: 'back' },
    ]);
    assert.deepEqual(wayBetween(pairsOf(['A', 'B'], 'B'), 0, 1), [{ pair: 0, direction: 'forth' }]);
  });
});

describe('images made earlier', () => {
  const made = (value: number): ReturnType<typeof tensor4d> => tensor4d([value, value + 0.5], [2, 1, 1, 1]);
  it('are shown in the place of new ones half of the time, once there are enough', async () => {
    const tensors = memory().numTensors;
    const pool = new HistoryPool(4, [1, 1, 1]);
    const random = makeRandom(2);
    const shown: number[] = [];
    for (let value = 0; value < 200; value++) {
      shown.push(...tidy(() => pool.exchange(made(value), random).dataSync()));
    }
    assert.deepEqual(shown.slice(0, 4), [0, 0.5, 1, 1.5]);
    const older = shown.filter((value, i) => value < Math.floor(i / 2)).length;
    // 396 draws with probability 1/2: four standard deviations are 40.
    assert.ok(Math.abs(older - 198) < 40, String(older));
    const kept = await pool.array();
    assert.deepEqual(kept?.shape, [4, 1, 1, 1]);
    const other = new HistoryPool(4, [1, 1, 1]);
    other.restore(kept);
    assert.deepEqual(await other.array(), kept);
    assert.throws(() => new HistoryPool(3, [1, 1, 1]).restore(kept), { code: 'malformed-model' });
    assert.throws(() => new HistoryPool(4, [2, 1, 1]).restore(kept), { code: 'malformed-model' });
    pool.dispose();
    other.dispose();
    assert.equal(memory().numTensors, tensors);
  });
});

describe('what went wrong in a training of CycleGANs', () => {
  const known = { sites: ['A', 'B'], pairs: [{ first: 0, second: 1 }] };
  const direction = { from: 0, to: 1, cycle: 0.1, difference: 0.2, variety: 1 };
  const point = (separated: number): { step: number; seconds: number; values: Record<string, number> } => ({
    step: 1,
    seconds: 1,
    values: { 'critics0 separated': separated },
  });
  const codes = (change: object, separated: number): readonly string[] =>
    cycleganTroubles(
      { metric: 0.1, directions: [{ ...direction, ...change }] },
      { history: [point(separated)] },
      known,
    ).map(({ code }) => code);
  it('is said: generators that do nothing or make one image, and critics that always know', () => {
    assert.deepEqual(codes({}, 0.6), []);
    assert.deepEqual(codes({ difference: 0.001 }, 0.6), ['collapsed']);
    assert.deepEqual(codes({ variety: 0.01 }, 0.6), ['collapsed']);
    assert.deepEqual(codes({}, 0.99), ['unbalanced-training']);
  });
});
