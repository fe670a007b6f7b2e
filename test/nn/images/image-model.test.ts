import assert from 'node:assert/strict';
import { memory, tensor2d } from '@tensorflow/tfjs-core';
import type { Progress } from '../../../sdk/data/run-options';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { rowsTensor, throughBatches, withWeights } from '../../../sdk/nn/images/image-model';

describe('images through a network', () => {
  before(async () => void (await useBackend('cpu')));

  const batches = { label: 'doubling', count: 5, batchSize: 2 };

  it('come out one after the other, with progress, whatever the size of the batches', async () => {
    const sizes: number[] = [];
    const seen: Progress[] = [];
    const tensors = memory().numTensors;
    const made = await throughBatches(
      batches,
      (positions) => {
        sizes.push(positions.length);
        return Promise.resolve(tensor2d(positions.map((at) => [2 * at, -at])));
      },
      { onProgress: (progress) => void seen.push(progress) },
    );
    assert.deepEqual([...made.values], [0, -0, 2, -1, 4, -2, 6, -3, 8, -4]);
    assert.deepEqual(made.shape, [5, 2]);
    assert.deepEqual(sizes, [2, 2, 1]);
    assert.deepEqual(
      seen.map(({ label, done, total }) => [label, done, total]),
      [2, 4, 5].map((done) => ['doubling', done, 5]),
    );
    assert.equal(memory().numTensors, tensors);
  });

  it('come to nothing where there are none', async () => {
    const compute = (): never => assert.fail('there is nothing to compute');
    const { values, shape } = await throughBatches({ ...batches, count: 0 }, compute, {});
    assert.deepEqual([values.length, shape], [0, [0]]);
  });

  it('are refused as soon as one is not finite, which is named; no tensor is left', async () => {
    const tensors = memory().numTensors;
    let batch = 0;
    const work = throughBatches(
      { ...batches, scanOf: (position) => `sub-${position}` },
      (positions) => {
        batch++;
        return Promise.resolve(tensor2d(positions.map((at) => [1, at === 3 ? NaN : 2])));
      },
      {},
    );
    await assert.rejects(work, {
      code: 'malformed-model',
      message: /not numbers for the scan "sub-3"/,
      where: { subject: 'sub-3' },
    });
    assert.equal(batch, 2);
    assert.equal(memory().numTensors, tensors);
  });

  it('are refused in batches of no size, and end when they are cancelled', async () => {
    const compute = (): never => assert.fail('there is nothing to compute');
    for (const batchSize of [0, NaN, -3, 2.5]) {
      const work = throughBatches({ ...batches, batchSize }, compute, {});
      await assert.rejects(work, { code: 'invalid-option', message: /invalid batchSize/ });
    }
    const work = throughBatches(batches, compute, { signal: AbortSignal.abort() });
    await assert.rejects(work, { code: 'aborted' });
  });

  it('have a row each', () => {
    const rows = rowsTensor(
      Float32Array.from({ length: 12 }, (_, i) => i),
      [2, 3],
    );
    assert.deepEqual(rows.shape, [2, 2, 3]);
    rows.dispose();
  });

  it('find weights on the backend, which are gone afterwards, also when the work fails', async () => {
    const tensors = memory().numTensors;
    const weights = { bias: { shape: [2], data: Float32Array.of(1, 2) } };
    const read = await withWeights(weights, ({ bias }) => bias.data());
    assert.deepEqual([...read], [1, 2]);
    const failing = withWeights(weights, () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.equal(memory().numTensors, tensors);
  });
});
