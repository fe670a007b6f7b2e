import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { clipByGlobalNorm, clipByValue, globalNorm } from '../../../sdk/nn/optimize/clip';
import { onEachBackend } from '../../support/backends';

const values = [0.5, -0.3, 1.2, -2.0, 0.1, 0.2, 0.3];
const makeGradients = (): tf.Tensor[] => [tf.tensor(values.slice(0, 4)), tf.tensor([values.slice(4)])];
const read = async (tensors: readonly tf.Tensor[]): Promise<number[]> =>
  (await Promise.all(tensors.map((one) => one.data()))).flatMap((values) => [...values]);

onEachBackend('clipping', () => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  // PyTorch 2.13.0: torch.nn.utils.clip_grad_norm_ on the same gradients returns 2.4331050121192876 for every limit.
  const clipped: Record<string, number[]> = {
    0.25: [0.05137466, -0.0308248, 0.12329919, -0.20549865, 0.01027493, 0.02054986, 0.0308248],
    1: [0.20549865, -0.12329919, 0.49319676, -0.8219946, 0.04109973, 0.08219946, 0.12329919],
    10: values,
    Infinity: values,
  };
  for (const [maxNorm, expected] of Object.entries(clipped)) {
    it(`by global norm ${maxNorm} agrees with PyTorch`, async () => {
      const { gradients, norm } = clipByGlobalNorm(makeGradients(), Number(maxNorm));
      const [length] = await read([norm]);
      assert.ok(Math.abs(length - 2.4331050121192876) < 1e-6);
      (await read(gradients)).forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-6));
    });
  }

  it('shows a norm that is not finite, and does not pass for mended', async () => {
    for (const broken of [NaN, Infinity, -Infinity]) {
      const gradients = [tf.tensor([1, 2]), tf.tensor([3, broken])];
      assert.ok(!Number.isFinite((await read([globalNorm(gradients)]))[0]));
      const result = clipByGlobalNorm(gradients, 1);
      assert.ok(!Number.isFinite((await read([result.norm]))[0]));
      assert.ok((await read(result.gradients)).some((value) => !Number.isFinite(value)));
    }
    // Finite numbers whose squares are too large for float32.
    assert.deepEqual(await read([clipByGlobalNorm([tf.tensor([1e30])], 1).norm]), [Infinity]);
  });

  it('leaves gradients of norm 0 at 0', async () => {
    const { gradients, norm } = clipByGlobalNorm([tf.zeros([2])], 1e-3);
    assert.deepEqual(await read([...gradients, norm]), [0, 0, 0]);
    assert.deepEqual(await read([globalNorm([])]), [0]);
  });

  it('by value limits each element', async () => {
    const limited = clipByValue([tf.tensor([-3, -0.5, 0.25, 9])], 0.5);
    assert.deepEqual(await read(limited), [-0.5, -0.5, 0.25, 0.5]);
  });

  it('refuses limits of 0 or below, and leaves only what it returns', async () => {
    const gradients = makeGradients();
    const before = tf.memory().numTensors;
    for (const limit of [0, -1, NaN]) {
      assert.throws(() => clipByGlobalNorm(gradients, limit), { code: 'invalid-option', message: /maxNorm/ });
      assert.throws(() => clipByValue(gradients, limit), { code: 'invalid-option', message: /limit/ });
    }
    const results = [1, Infinity].map((limit) => clipByGlobalNorm(gradients, limit));
    assert.equal(tf.memory().numTensors, before + 6);
    tf.dispose(results.flatMap((result) => [result.norm, ...result.gradients]));
    // What comes back is not what went in: both can be disposed.
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(await read(gradients), values.map(Math.fround));
  });
});
