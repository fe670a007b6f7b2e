import assert from 'node:assert/strict';
import type { ImageCohort } from '../../../sdk/data/cohort';
import { takeSubjects } from '../../../sdk/data/cohort';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { checkpointFolder } from '../../../sdk/io/networks/checkpoint-folder';
import type { AutoencoderModel } from '../../../sdk/nn/autoencoder/autoencoder-model';
import { fitAutoencoder } from '../../../sdk/nn/autoencoder/fit-autoencoder';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { preprocess } from '../../../sdk/preprocess/preprocess';
import { toImages } from '../../../sdk/preprocess/to-images';
import { steps } from '../../../sdk/steps';
import { onEachBackend } from '../../support/backends';
import { sharedData } from '../../support/shared-data';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';

const brains = sharedData('brains');

/** What a training run comes to, by step, and the weights it ends with. */
function outcome({ training, weights }: AutoencoderModel): { losses: number[]; weights: string } {
  const losses = training.history.map(({ values }) => values['autoencoder loss']);
  const numbers = (_: string, value: unknown): unknown =>
    value instanceof Float32Array ? [...value] : value;
  return { losses, weights: JSON.stringify(weights, numbers) };
}

/** What a run on wasm comes to, by its options: what other backends are compared with is computed once. */
const onWasm = new Map<string, AutoencoderModel>();

/** The slices by the size of their pixels in millimetres, which are the same on each backend. */
const prepared = new Map<number, Promise<ImageCohort>>();

/** A third of the 45 persons, of all three sites. */
async function prepare(folder: string, spacing: number): Promise<ImageCohort> {
  const all = await loadBids(folder);
  const third = takeSubjects(all, ({ row }) => row % 3 === 0);
  const cohort = preprocess(third, [steps.resample({ spacing }), steps.zScore()]);
  return toImages(cohort, { plane: 'axial', at: { count: 2 }, size: [240 / spacing, 192 / spacing] });
}

onEachBackend('an autoencoder on real brains', (backend) => {
  // Plain JavaScript would need a quarter of an hour; smaller images show that it agrees.
  if (backend === 'cpu') return;
  // A simulated graphics card takes minutes for what the others do in seconds: there a smaller network, fewer and coarser images.
  const small = backend === 'webgpu' ? { steps: 2, batchSize: 2, width: 4, levels: 2, heldOut: 0.07 } : {};
  const spacing = backend === 'webgpu' ? 6 : 3;
  const options = { steps: 12, batchSize: 8, logEvery: 1, validateEvery: 12, seed: 2, ...small };
  const folder = temporaryFolder();
  let slices: ImageCohort;
  let whole: AutoencoderModel;

  before(async function () {
    if (brains === undefined) {
      skipWithout(this, 'real data');
    }
    const made = prepared.get(spacing) ?? prepare(brains, spacing);
    prepared.set(spacing, made);
    slices = await made;
  });

  it('follows the loss curve that it has on wasm', async function () {
    assert.deepEqual(slices.images.shape, [30, 240 / spacing, 192 / spacing, 1]);
    whole = await fitAutoencoder(slices, options);
    await useBackend('wasm');
    const key = JSON.stringify(options);
    const same = backend === 'wasm' ? whole : (onWasm.get(key) ?? (await fitAutoencoder(slices, options)));
    onWasm.set(key, same);
    const wasm = outcome(same).losses;
    await useBackend(backend);
    const { losses } = outcome(whole);
    // Two steps of two slices, on a simulated card, are too few to learn: there the same curve is what is asked for.
    if (backend !== 'webgpu') assert.ok(losses[losses.length - 1] < 0.9 * losses[0], losses.join(' '));
    losses.forEach((loss, i) => assert.ok(Math.abs(loss / wasm[i] - 1) < 1e-3, `${loss} and ${wasm[i]}`));
  });

  it('stopped and resumed comes to the same bits', async function () {
    const abort = new AbortController();
    const kept = { ...options, checkpoints: checkpointFolder(folder.path('run')) };
    const stopped = fitAutoencoder(slices, {
      ...kept,
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done === options.steps / 2) abort.abort();
      },
    });
    await assert.rejects(stopped, { code: 'aborted' });
    assert.deepEqual(outcome(await fitAutoencoder(slices, kept)), outcome(whole));
  });
});
