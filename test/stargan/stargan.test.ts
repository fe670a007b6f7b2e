import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { sampleCorrelation } from 'simple-statistics';
import type { ImageCohort } from '../../sdk/index';
import type { StarganModel } from '../../sdk/stargan/stargan-model';
import * as concord from '../../sdk/index';
import { toStored } from '../../sdk/nn/stored-parts';
import { meanStyle } from '../../sdk/nn/styles/mean-style';
import { starganFromStored } from '../../sdk/stargan/stargan-stored';
import type { StarganJudgement } from '../../sdk/stargan/training/stargan-validation';
import { starganTroubles } from '../../sdk/stargan/training/stargan-troubles';
import { requireGuiding } from '../support/guided-contract';
import { temporaryFolder } from '../support/temporary-folder';
import { atSite, differenceInBrain, travelingSlices } from '../support/two-scanners';

const { applyStargan, fitStargan } = concord.baselines;

const options: concord.baselines.FitStarganOptions = {
  size: 'tiny',
  architecture: { width: 4, widest: 8, mappingWidth: 8, styleSize: 4 },
  steps: 12,
  batchSize: 4,
  seed: 3,
  logEvery: 4,
  validateEvery: 4,
  averageDecay: 0.5,
  learningRate: 0.004,
};

describe('StarGAN v2 and the style-encoding GAN', () => {
  const folder = temporaryFolder();
  let cohort: ImageCohort;
  let model: StarganModel;

  before(async () => {
    await concord.useBackend();
    cohort = await travelingSlices(8);
    model = await fitStargan(cohort, options);
  });

  it('learn: what a scan loses there and back, and how far intensities are off, becomes less', () => {
    const judged = model.training.history.flatMap(({ values }) => values['validation'] ?? []);
    assert.equal(judged.length, 3);
    // Adversaries take turns, so that a few steps more lose some of it again, how much by rounding, which differs between backends
    // and processors. The best judgment is that of the weights that are kept.
    assert.ok(Math.min(...judged) < 0.7 * judged[0], judged.join(', '));
    assert.ok(Math.max(judged[1], judged[2]) < judged[0], judged.join(', '));
    const last = model.training.history[model.training.history.length - 1].values;
    for (const origin of ['latent', 'reference']) {
      for (const name of ['adversarial', 'style', 'cycle'])
        assert.ok(last[`${origin}Generator ${name}`] > 0, name);
      assert.ok(last[`${origin}Discriminator penalty`] > 0);
      const sure = last[`${origin}Discriminator sureOfReal`];
      assert.ok(sure > 0 && sure < 1, String(sure));
    }
  });

  it('bring scans nearer to what the same people look like at the target, one style for all slices', async () => {
    const truth = atSite(cohort, 'siteE');
    const raw = atSite(cohort, 'siteA');
    const toSite = await applyStargan(model, raw, { site: 'siteE' });
    const reference = concord.takeSubjects(truth, [0, 1]);
    const toScan = await applyStargan(model, raw, { reference, batchSize: 3 });
    const before = differenceInBrain(raw, truth);
    for (const made of [toSite, toScan]) {
      const after = differenceInBrain(made, truth);
      assert.ok(after < 0.5 * before, `${before} → ${after}`);
    }
    // Whatever else is in the cohort and in the batch, a slice is made alike.
    const alone = await applyStargan(model, concord.takeSubjects(raw, [2]), { reference });
    const together = concord.takeSubjects(toScan, [2]).images.data;
    const scale = Math.max(...together);
    alone.images.data.forEach((value, i) => assert.ok(Math.abs(value - together[i]) < 1e-4 * scale));
  });

  it('give back the detail that is lost where a slice is made again', async () => {
    const raw = atSite(cohort, 'siteA');
    const tensors = memory().numTensors;
    const [lossy, whole] = await Promise.all(
      [0, 1].map((detail) => applyStargan(model, raw, { site: 'siteE', detail })),
    );
    assert.equal(memory().numTensors, tensors);
    const inside = [...raw.images.data.keys()].filter((i) => raw.images.mask?.[i] !== 0);
    const [before, without, given] = [raw, lossy, whole].map(({ images }) =>
      inside.map((i) => images.data[i]),
    );
    assert.ok(sampleCorrelation(before, given) > sampleCorrelation(before, without) + 0.01);
    // In the style that a scan has, nothing is lost: it is what it was.
    const one = concord.takeSubjects(raw, [0]);
    const same = await applyStargan(model, one, { reference: one, detail: 1 });
    const scale = Math.max(...one.images.data);
    one.images.data.forEach((value, i) => assert.ok(Math.abs(value - same.images.data[i]) < 1e-4 * scale));
    await assert.rejects(applyStargan(model, raw, { site: 'siteE', detail: 1.5 }), {
      code: 'invalid-option',
    });
  });

  it('have what they make guided by the scans', async () => {
    const raw = atSite(cohort, 'siteA');
    await requireGuiding(raw, (how) => applyStargan(model, raw, { site: 'siteE', ...how }));
  });

  it('draw styles of a site by seed; a model of one domain has none of a site to draw', async () => {
    const raw = concord.takeSubjects(cohort, [0]);
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((styleSeed) => applyStargan(model, raw, { site: 'siteE', styleSeed })),
    );
    assert.deepEqual(one.images.data, again.images.data);
    assert.notDeepEqual(one.images.data, other.images.data);
    const single = { ...model, kind: 'style-gan' } as const;
    await assert.rejects(applyStargan(single, raw, { site: 'siteE', styleSeed: 1 }), {
      code: 'invalid-option',
      message: /style-encoding GAN has no styles of a site to draw/,
    });
    await assert.rejects(applyStargan(single, raw, { reference: raw, head: 'siteE' }), {
      code: 'invalid-option',
      message: /invalid head: /,
    });
  });

  it('learn nothing of sites with one domain: other names give the same bits', async () => {
    const short = { ...options, domains: 'one', steps: 1 } as const;
    const one = await fitStargan(cohort, short);
    assert.equal(one.kind, 'style-gan');
    const { participants } = cohort;
    // Every second scan is of the other site now.
    const sites = participants.sites.map((_, row) => (row % 2 === 0 ? 'siteE' : 'siteA'));
    assert.notDeepEqual(sites, participants.sites);
    const exchanged = await fitStargan({ ...cohort, participants: { ...participants, sites } }, short);
    assert.deepEqual(exchanged.weights, one.weights);
    assert.notDeepEqual(exchanged.styles, one.styles);
  });

  it('leave no tensor behind, and give the same bits for the same seed, also when stopped', async () => {
    const tensors = memory().numTensors;
    const checkpoints = concord.networks.checkpointFolder(folder.path('run'));
    const cancel = new AbortController();
    const labels = new Set<string>();
    const onProgress = ({ label, done }: { label: string; done: number }): void => {
      labels.add(label);
      if (label.startsWith('training') && done === 2) cancel.abort();
    };
    const short = { ...options, steps: 3, validateEvery: 3 };
    const whole = await fitStargan(cohort, short);
    const stopped = fitStargan(cohort, { ...short, checkpoints, onProgress, signal: cancel.signal });
    await assert.rejects(stopped, { code: 'aborted' });
    assert.ok(
      [...labels].some((label) => /^training a StarGAN v2, generator 0\.\d+, mapping/.test(label)),
      [...labels].join(),
    );
    const resumed = await fitStargan(cohort, { ...short, checkpoints });
    assert.deepEqual(resumed.weights, whole.weights);
    assert.deepEqual(resumed.styles, whole.styles);
    assert.equal(memory().numTensors, tensors);
  });

  it('are stored and read to the same bits; what was damaged is refused', async () => {
    await concord.saveModel(model, folder.path('model'));
    assert.deepEqual(await concord.loadModel(folder.path('model'), 'stargan-v2'), model);
    const { model: description, weights } = toStored(model);
    const { architecture, styles } = model;
    const broken: readonly [object, RegExp][] = [
      [{ kind: 'stargan' }, /kind/],
      [{ sites: ['siteA'] }, /sites/],
      [{ learned: undefined }, /learned/],
      [{ styles: styles.slice(1) }, /styles/],
      [{ styles: [...styles].reverse() }, /styles/],
      [{ styles: styles.map((one) => ({ ...one, style: [1] })) }, /styles/],
      [{ kind: 'style-gan' }, /styleSize/],
      [{ architecture: { ...architecture, width: 9 } }, /architecture: width/],
      [{ architecture: { ...architecture, widest: 1e9 } }, /architecture: widest/],
      [{ architecture: { ...architecture, middleBlocks: 9 } }, /architecture: middleBlocks/],
      [{ architecture: { ...architecture, mappingWidth: 1e9 } }, /architecture: mappingWidth/],
      [{ architecture: { ...architecture, halvings: 30 } }, /architecture/],
    ];
    for (const [change, message] of broken) {
      assert.throws(() => starganFromStored({ model: { ...description, ...change }, weights }), {
        code: 'malformed-model',
        message,
      });
    }
  });

  it('refuse what they cannot use, by name', async () => {
    const wrong: readonly [object, RegExp][] = [
      [{ size: 'huge' }, /invalid size: "huge"/],
      [{ domains: 'two' }, /invalid domains: "two"/],
      [{ weights: { cycles: 1 } }, /"weights.cycles" \(did you mean "cycle"\?/],
      [{ weights: { r1: -1 } }, /invalid r1: -1/],
      [{ weightDecay: NaN }, /invalid weightDecay: NaN/],
      [{ architecture: { criticHalvings: 4 } }, /images of 32 × 32 do not fit the network/],
    ];
    for (const [other, message] of wrong) {
      await assert.rejects(fitStargan(cohort, { ...options, ...other }), { code: 'invalid-option', message });
    }
    await assert.rejects(applyStargan(model, cohort, { site: 'siteX' }), { code: 'unknown-site' });
    await assert.rejects(applyStargan(model, cohort, { reference: cohort, head: 'siteX' }), {
      code: 'unknown-site',
    });
    await assert.rejects(applyStargan(model, cohort, {} as never), { code: 'invalid-option' });
  });
});

describe('the style of a scan', () => {
  it('is the mean over its slices, each by the brain that it shows', () => {
    const styles = Float32Array.of(1, 10, 3, 30, 100, 100);
    assert.deepEqual([...meanStyle(styles, [1, 3, 0])], [2.5, 25]);
    // 4 slices without any brain: all alike.
    assert.deepEqual([...meanStyle(Float32Array.of(1, 2, 3, 6), [0, 0, 0, 0])], [3]);
  });
});

describe('what went wrong in a training of a StarGAN', () => {
  const well: StarganJudgement = {
    metric: 0.2,
    cycle: 0.1,
    distribution: 0.1,
    difference: 0.2,
    styleDifference: 0.2,
    resemblance: 0.9,
    variety: 1,
  };
  const codes = (change: Partial<StarganJudgement>, sure: number): readonly string[] => {
    const values = { 'latentDiscriminator sureOfReal': sure, 'latentDiscriminator sureOfMade': sure };
    const history = [{ step: 1, seconds: 1, values }];
    return starganTroubles({ ...well, ...change }, { history }).map(({ code }) => code);
  };
  it('is said: styles that change nothing, one image for all, lost anatomy, and a discriminator that always knows', () => {
    assert.deepEqual(codes({}, 0.6), []);
    assert.deepEqual(codes({ difference: 0.001 }, 0.6), ['collapsed']);
    assert.deepEqual(codes({ variety: 0.01 }, 0.6), ['collapsed']);
    assert.deepEqual(codes({ resemblance: 0.3 }, 0.6), ['collapsed']);
    assert.deepEqual(codes({ styleDifference: 0.001 }, 0.6), ['single-style']);
    assert.deepEqual(codes({}, 0.99), ['unbalanced-training']);
  });
});
