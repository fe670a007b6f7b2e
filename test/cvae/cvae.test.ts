import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ScanCodes } from '../../sdk/cvae/training/code-probe';
import { probeCodes } from '../../sdk/cvae/training/code-probe';
import { cvaeFromStored } from '../../sdk/cvae/cvae-stored';
import type { ImageCohort } from '../../sdk/index';
import type { CvaeModel } from '../../sdk/cvae/cvae-model';
import * as concord from '../../sdk/index';
import { toStored } from '../../sdk/nn/stored-parts';
import { makeRandom } from '../../sdk/math/random';
import { requireGuiding } from '../support/guided-contract';
import { temporaryFolder } from '../support/temporary-folder';
import { atSite, differenceInBrain, travelingSlices } from '../support/two-scanners';

const options: concord.baselines.FitCvaeOptions = {
  size: 'tiny',
  steps: 120,
  batchSize: 8,
  seed: 3,
  logEvery: 5,
  validateEvery: 40,
  averageDecay: 0.9,
  learningRate: 0.003,
};

describe('the conditional VAE', () => {
  const folder = temporaryFolder();
  let cohort: ImageCohort;
  let model: CvaeModel;

  before(async () => {
    await concord.useBackend();
    cohort = await travelingSlices(8);
    model = await concord.baselines.fitCvae(cohort, options);
  });

  it('learns: people held out are rebuilt better and better', () => {
    const judged = model.training.history.flatMap(({ values }) => values['validation'] ?? []);
    assert.equal(judged.length, 3);
    assert.ok(judged[1] < judged[0] && judged[2] < judged[1], judged.join(', '));
    const last = model.training.history[model.training.history.length - 1].values;
    for (const name of ['reconstruction', 'prior', 'invariance', 'adversary']) {
      assert.ok(last[`autoencoder ${name}`] > 0, name);
    }
    const { 'adversary named': named } = last;
    assert.ok(named >= 0 && named <= 1, String(named));
  });

  it('brings scans nearer to what the same people look like at the target', async () => {
    const truth = atSite(cohort, 'siteE');
    const raw = atSite(cohort, 'siteA');
    const made = await concord.baselines.applyCvae(model, raw, { site: 'siteE' });
    const before = differenceInBrain(raw, truth);
    const after = differenceInBrain(made, truth);
    assert.ok(after < 0.5 * before, `${before} → ${after}`);
    assert.deepEqual(model.issues, []);
    assert.equal(model.codeProbe.scans, 16);
  });

  it('has what it makes guided by the scans', async () => {
    await requireGuiding(atSite(cohort, 'siteA'), (options) =>
      concord.baselines.applyCvae(model, atSite(cohort, 'siteA'), { site: 'siteE', ...options }),
    );
  });

  it('leaves no tensor behind, and gives the same bits for the same seed, also when it was stopped', async () => {
    const tensors = memory().numTensors;
    const checkpoints = concord.networks.checkpointFolder(folder.path('run'));
    const cancel = new AbortController();
    const onProgress = ({ label, done }: { label: string; done: number }): void => {
      if (label.startsWith('training') && done === 6) cancel.abort();
    };
    const short = { ...options, steps: 12, validateEvery: 4 };
    const whole = await concord.baselines.fitCvae(cohort, short);
    const stopped = concord.baselines.fitCvae(cohort, {
      ...short,
      checkpoints,
      onProgress,
      signal: cancel.signal,
    });
    await assert.rejects(stopped, { code: 'aborted' });
    const resumed = await concord.baselines.fitCvae(cohort, { ...short, checkpoints });
    assert.deepEqual(resumed.weights, whole.weights);
    assert.equal(memory().numTensors, tensors);
  });

  it('refuses what it cannot use, by name', async () => {
    const wrong: readonly [object, RegExp][] = [
      [{ size: 'huge' }, /invalid size: "huge"/],
      [{ weights: { priors: 1 } }, /"weights.priors" \(did you mean "prior"\?/],
      [{ deviation: 0 }, /invalid deviation: 0/],
      [{ warmUp: 2 }, /invalid warmUp: 2/],
      [{ architecture: { adversaryWidths: [] } }, /invalid adversaryWidths: empty/],
      [{ architecture: { halvings: 6 } }, /images of 32 × 32 do not fit the network/],
    ];
    for (const [other, message] of wrong) {
      await assert.rejects(concord.baselines.fitCvae(cohort, { ...options, ...other }), {
        code: 'invalid-option',
        message,
      });
    }
    await assert.rejects(concord.baselines.applyCvae(model, cohort, { site: 'siteX' }), {
      code: 'unknown-site',
    });
    const { model: description, weights } = toStored(model);
    const broken: readonly [object, RegExp][] = [
      [{ sites: ['siteA'] }, /sites/],
      [{ architecture: { ...model.architecture, width: 9 } }, /architecture: width/],
      [{ codeProbe: {} }, /codeProbe/],
      [{ learned: undefined }, /learned/],
    ];
    for (const [change, message] of broken) {
      assert.throws(() => cvaeFromStored({ model: { ...description, ...change }, weights }), {
        code: 'malformed-model',
        message,
      });
    }
  });
});

describe('the probe of codes', () => {
  const codes = (shift: number): ScanCodes => {
    const random = makeRandom(5);
    const scans = 60;
    const width = 12;
    const sites = Array.from({ length: scans }, (_, scan) => (scan < 40 ? 0 : 1 + (scan % 2)));
    const values = Float64Array.from(
      { length: scans * width },
      (_, i) => random.normal() + (i % width === sites[Math.floor(i / width)] ? shift : 0),
    );
    return { values, width, sites, units: sites.map((_, scan) => `p${scan}`) };
  };
  it('names sites that differ, though they have unlike numbers of scans', () => {
    const { balancedAccuracy, chance, scans } = probeCodes(codes(6), 3);
    assert.ok(balancedAccuracy > 0.95, String(balancedAccuracy));
    assert.deepEqual([chance, scans], [1 / 3, 60]);
  });
  it('is near chance where there is nothing to see', () => {
    const { balancedAccuracy } = probeCodes(codes(0), 3);
    assert.ok(Math.abs(balancedAccuracy - 1 / 3) < 0.15, String(balancedAccuracy));
  });
});
