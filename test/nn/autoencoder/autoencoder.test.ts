import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../../sdk/data/cohort';
import { makeImageCohort } from '../../../sdk/data/cohort';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import { imageSource } from '../../../sdk/data/images/memory-source';
import { ConcordError } from '../../../sdk/errors';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import type { AutoencoderModel } from '../../../sdk/nn/autoencoder/autoencoder-model';
import type { FitAutoencoderOptions } from '../../../sdk/nn/autoencoder/fit-autoencoder';
import { fitAutoencoder } from '../../../sdk/nn/autoencoder/fit-autoencoder';
import { reconstructImages } from '../../../sdk/nn/autoencoder/reconstruct-images';
import { flattenTree } from '../../../sdk/nn/weight-trees';
import { simulateSlices } from '../../../sdk/simulate/phantom/simulate-slices';
import { onEachBackend } from '../../support/backends';
import { memoryCheckpoints } from '../train/training-problem';

const options: FitAutoencoderOptions = {
  steps: 60,
  batchSize: 8,
  width: 8,
  levels: 2,
  codeChannels: 4,
  seed: 3,
  logEvery: 5,
  validateEvery: 10,
  learningRate: 0.01,
};

let cohort: ImageCohort;

function losses({ training }: AutoencoderModel): readonly number[] {
  return training.history.map(({ values }) => values['autoencoder loss']);
}

function bits({ weights }: AutoencoderModel): readonly (readonly number[])[] {
  return [...flattenTree(weights).values()].map(({ data }) => [...data]);
}

async function rejection(promise: Promise<unknown>): Promise<ConcordError> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConcordError) return error;
  throw error;
}

/** The same cohort with other pixels or another size. */
function changed(of: ImageCohort, change: (data: Float32Array) => void): ImageCohort {
  const data = of.images.data.slice();
  change(data);
  const images = makeImageSet(data, of.images.shape, { slices: of.images.slices });
  return makeImageCohort(of.participants, images, { subjects: of.subjects });
}

describe('the autoencoder', () => {
  before(async function () {
    cohort = (await simulateSlices({ scanners: 'seven-site', subjects: 14, size: 16, slices: 2, seed: 1 }))
      .cohort;
  });

  const first = { ...options, steps: 2, logEvery: 1, validateEvery: 2 };
  let reference: AutoencoderModel;

  before(async function () {
    await useBackend('cpu');
    reference = await fitAutoencoder(cohort, first);
  });

  onEachBackend('fitAutoencoder', (backend) => {
    // The reference is computed by plain JavaScript, which takes minutes to learn.
    if (backend === 'cpu') return;
    let model: AutoencoderModel;

    before(function () {
      // Simulated graphics cards take minutes to learn; that they begin alike is shown by the first test.
      if (backend === 'webgpu') this.test?.parent?.tests.splice(1);
    });

    it('begins with the same loss curve as on the cpu backend', async function () {
      const own = await fitAutoencoder(cohort, first);
      assert.equal(own.training.backend.name, backend);
      for (const [i, loss] of losses(reference).entries()) {
        // Rounding differs among backends, and training amplifies it.
        assert.ok(Math.abs(losses(own)[i] / loss - 1) < 2e-4, `${losses(own)[i]} and ${loss}`);
      }
    });

    it('learns: the loss falls, on people held out too', async () => {
      model = await fitAutoencoder(cohort, options);
      const history = losses(model);
      assert.ok((history.at(-1) as number) < 0.5 * history[0], history.join(' '));
      assert.ok((model.training.best?.metric ?? 1) < 0.5);
      assert.equal(model.heldOut.length, Math.round(cohort.participants.ids.length / 10));
    });

    it('stopped and resumed gives the same bits as never stopped', async () => {
      const checkpoints = memoryCheckpoints();
      const abort = new AbortController();
      const stopped = fitAutoencoder(cohort, {
        ...options,
        checkpoints,
        signal: abort.signal,
        onProgress: ({ done }) => {
          if (done === 13) abort.abort();
        },
      });
      assert.equal((await rejection(stopped)).code, 'aborted');
      const resumed = await fitAutoencoder(cohort, { ...options, checkpoints });
      assert.deepEqual(losses(resumed), losses(model));
      assert.deepEqual(bits(resumed), bits(model));
    });

    it('reproduces images in their own intensities', async () => {
      const tensors = memory().numTensors;
      const made = await reconstructImages(model, cohort);
      assert.equal(memory().numTensors, tensors);
      const { data } = cohort.images;
      const mean = data.reduce((a, b) => a + b) / data.length;
      let error = 0;
      let spread = 0;
      data.forEach((value, i) => {
        error += (made.images.data[i] - value) ** 2;
        spread += (value - mean) ** 2;
      });
      assert.ok(error < 0.5 * spread, `${error / spread} of the variance is not reproduced`);
      assert.deepEqual(made.provenance.at(-1)?.step, 'reconstructImages');
      // In batches of another size the numbers are the same up to rounding.
      const single = await reconstructImages(model, cohort, { batchSize: 5 });
      made.images.data.forEach((value, i) => {
        assert.ok(
          Math.abs(single.images.data[i] - value) <
            1e-4 * Math.sqrt(spread / data.length) + 1e-5 * Math.abs(value),
        );
      });
    });
  });

  describe('fitAutoencoder', () => {
    // What users get: plain JavaScript takes ten times as long.
    before(async () => void (await useBackend()));

    it('learns the same from a source that reads images when they are needed', async () => {
      const few = { ...options, steps: 3 };
      const whole = await fitAutoencoder(cohort, few);
      const read = await fitAutoencoder(imageSource(cohort), few);
      assert.deepEqual(bits(read), bits(whole));
    });

    it('refuses to mix kinds of scans, also from a source', async () => {
      const mixed = {
        ...imageSource(cohort),
        suffixes: cohort.suffixes.map((_, i) => (i % 2 ? 'T1w' : 'T2w')),
      };
      assert.match((await rejection(fitAutoencoder(mixed, options))).message, /cannot mix T1w and T2w/);
    });

    it('does not go on with other images, were it one pixel of one held out', async () => {
      const checkpoints = memoryCheckpoints();
      const model = await fitAutoencoder(cohort, { ...options, steps: 2, checkpoints });
      const held = cohort.images.slices.findIndex(({ scan }) => model.heldOut.includes(scan));
      const other = changed(cohort, (data) => (data[held * 256 + 100] += 1));
      const error = await rejection(fitAutoencoder(other, { ...options, steps: 3, checkpoints }));
      assert.match(error.message, /belong to another run: images was/);
    });

    it('refuses a batch size that is none when reconstructing, and says when the model answers no numbers', async () => {
      const model = await fitAutoencoder(cohort, { ...options, steps: 1 });
      for (const batchSize of [0, NaN, -3, 2.5]) {
        assert.match(
          (await rejection(reconstructImages(model, cohort, { batchSize }))).message,
          /invalid batchSize/,
        );
      }
      const broken = { ...model, intensity: { center: 0, spread: 0 } };
      assert.equal((await rejection(reconstructImages(broken, cohort))).code, 'malformed-model');
    });

    it('holds out people, not scans', async () => {
      const traveling = (
        await simulateSlices({
          scanners: 'seven-site',
          subjects: 3,
          traveling: true,
          size: 16,
          slices: 1,
          seed: 1,
        })
      ).cohort;
      const { heldOut } = await fitAutoencoder(traveling, { ...options, steps: 1 });
      assert.equal(heldOut.length, 7);
      const opened = await fitAutoencoder(imageSource(traveling), { ...options, steps: 1 });
      assert.deepEqual(opened.heldOut, heldOut);
      const row = (id: string): string => traveling.subjects[traveling.participants.ids.indexOf(id)];
      assert.equal(new Set(heldOut.map(row)).size, 1);
    });

    it('names what is wrong with images or options', async () => {
      const cases: readonly [Promise<unknown>, RegExp][] = [
        [fitAutoencoder(cohort, { ...options, levels: 6 }), /16 × 16 cannot be halved 6 times/],
        [fitAutoencoder(cohort, { ...options, width: 6 }), /invalid width: 6 \(a multiple of 4\)/],
        [fitAutoencoder(cohort, { ...options, heldOut: 1 }), /invalid heldOut: 1/],
        [
          fitAutoencoder(
            changed(cohort, (data) => data.fill(7)),
            options,
          ),
          /all pixels are 7/,
        ],
        [
          fitAutoencoder(
            changed(cohort, (data) => data.fill(NaN, 300, 301)),
            options,
          ),
          /NaN in scan/,
        ],
      ];
      for (const [promise, message] of cases) assert.match((await rejection(promise)).message, message);
    });

    it('names images that do not fit the model', async () => {
      const model = await fitAutoencoder(cohort, { ...options, steps: 1 });
      const other = (await simulateSlices({ subjects: 7, size: 32, slices: 1, seed: 1 })).cohort;
      const error = await rejection(reconstructImages(model, other));
      assert.match(
        error.message,
        /images of 32 × 32 × 1 do not fit the model, which was trained on 16 × 16 × 1/,
      );
      const geometry = { ...model.geometry, pixelSize: [77, 77] as const };
      const finer = { ...model, geometry };
      assert.match(
        (await rejection(reconstructImages(finer, cohort))).message,
        /which was trained on axial slices with pixels of 77 × 77 mm/,
      );
      const sagittal = { ...model, geometry: { ...model.geometry, plane: 'sagittal' as const } };
      assert.match((await rejection(reconstructImages(sagittal, cohort))).message, /trained on sagittal/);
      const flair = { ...cohort, suffixes: cohort.suffixes.map(() => 'FLAIR') };
      const { message } = await rejection(reconstructImages({ ...model, suffix: 'T1w' }, flair));
      assert.match(message, /FLAIR scans do not fit the model, which learned from T1w scans/);
    });
  });
});
