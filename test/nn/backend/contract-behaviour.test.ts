import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { onEachBackend } from '../../support/backends';
import { largeCases } from './contract/large-tensors';

onEachBackend('tensors', () => {
  for (const { name, compute, valueAt, tolerance = 1e-5 } of largeCases) {
    it(`${name}: right at its ends and between`, async () => {
      const result = tf.tidy(compute);
      const values = await result.data();
      result.dispose();
      const stride = Math.max(1, Math.floor(values.length / 997));
      for (let i = 0; i < values.length; i += i < values.length - 200 ? stride : 1) {
        const expected = valueAt(i);
        const error = Math.abs(values[i] - expected);
        assert.ok(error <= tolerance * (1 + Math.abs(expected)), `${i}: ${values[i]}, expected ${expected}`);
      }
    });
  }

  it('are read in any order, at once, and while they are disposed', async () => {
    const made = Array.from({ length: 20 }, (_, i) => tf.tidy(() => tf.mul(tf.fill([40, 40], i), 2)));
    const reads = made.map((tensor) => tensor.data());
    tf.dispose(made);
    const values = await Promise.all(reads.reverse());
    values.reverse().forEach((read, i) => assert.deepEqual([read[0], read[1599]], [2 * i, 2 * i]));
  });

  it('stay as they were when they are used by operations that end them', async () => {
    const x = tf.tensor([1, -2, 3, -4]);
    tf.dispose(tf.tidy(() => [tf.relu(x), tf.reshape(x, [2, 2]), tf.clone(x), tf.add(x, 1)]));
    assert.deepEqual(Array.from(await x.data()), [1, -2, 3, -4]);
    x.dispose();
  });

  it('of a reshaped or cloned tensor outlive the original', async () => {
    const original = tf.tidy(() => tf.mul(tf.ones([30, 40]), 3));
    const others = [tf.reshape(original, [40, 30]), tf.clone(original)];
    original.dispose();
    for (const other of others) {
      assert.equal((await other.data())[1199], 3);
      other.dispose();
    }
  });

  it('without any image are an error, or come out without any image', async () => {
    const operations: Readonly<Record<string, readonly [(x: Tensor4D) => Tensor, number[]]>> = {
      conv2d: [(x) => tf.conv2d(x, tf.ones([3, 3, 4, 2]), 1, 'same'), [0, 6, 6, 2]],
      avgPool: [(x) => tf.avgPool(x, 2, 2, 'valid'), [0, 3, 3, 4]],
      add: [(x) => tf.add(x, tf.ones([4])), [0, 6, 6, 4]],
      relu: [tf.relu, [0, 6, 6, 4]],
      'sum over channels': [(x) => tf.sum(x, 3), [0, 6, 6]],
      concat: [(x) => tf.concat([x, x], 3), [0, 6, 6, 8]],
      transpose: [(x) => tf.transpose(x, [0, 3, 1, 2]), [0, 4, 6, 6]],
    };
    for (const [name, [compute, shape]] of Object.entries(operations)) {
      let result: Tensor;
      try {
        result = tf.tidy(() => compute(tf.zeros([0, 6, 6, 4])));
      } catch {
        continue;
      }
      // Native TensorFlow answers with the channels that went in.
      const channels = tf.getBackend() === 'tensorflow' && name === 'conv2d' ? 1 : 0;
      assert.deepEqual(
        result.shape.slice(0, shape.length - channels),
        shape.slice(0, shape.length - channels),
        name,
      );
      assert.equal((await result.data()).length, 0, name);
      result.dispose();
    }
  });

  it('of twenty steps leave nothing behind', async () => {
    const kernel = tf.tensor4d(
      Float32Array.from({ length: 144 }, (_, i) => Math.sin(i)),
      [3, 3, 4, 4],
    );
    const before = tf.memory();
    for (let step = 0; step < 20; step++) {
      const [gradient] = tf.tidy(() => {
        const x = tf.ones<tf.Rank.R4>([2, 8, 8, 4]);
        return tf.grads((k: Tensor) => tf.mean(tf.square(tf.conv2d(x, k as Tensor4D, 1, 'same'))))([kernel]);
      });
      await gradient.data();
      gradient.dispose();
    }
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    assert.deepEqual(
      { numTensors, numDataBuffers, numBytes },
      { numTensors: before.numTensors, numDataBuffers: before.numDataBuffers, numBytes: before.numBytes },
    );
    kernel.dispose();
  });
});
