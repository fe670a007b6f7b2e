import assert from 'node:assert/strict';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';
import { onEachBackend } from '../../support/backends';

onEachBackend('a loss and its gradients', () => {
  type Params = { readonly line: { readonly slope: Tensor; readonly offset: Tensor }; readonly idle: Tensor };
  let params: Params;
  beforeEach(() => {
    params = { line: { slope: tf.tensor([2, -1]), offset: tf.scalar(0.5) }, idle: tf.tensor([[1, 2]]) };
  });
  afterEach(() => {
    tf.dispose(params);
  });

  it('come in the order of the tree, with zeros for what takes no part, and parts of the same pass', async () => {
    let calls = 0;
    const result = valueAndGradients(({ line }) => {
      calls += 1;
      const squares = tf.sum<Scalar>(tf.square(line.slope));
      const shift = tf.mul<Scalar>(line.offset, 3);
      return { total: tf.add<Scalar>(squares, shift), parts: { squares, shift } };
    }, params);
    assert.equal(calls, 1);
    assert.deepEqual([...(await result.value.data())], [6.5]);
    assert.deepEqual(Object.keys(result.parts), ['squares', 'shift']);
    assert.deepEqual([...(await result.parts['squares'].data())], [5]);
    assert.deepEqual([...(await result.parts['shift'].data())], [1.5]);
    assert.deepEqual(
      (await Promise.all(result.gradients.map((gradient) => gradient.data()))).map((values) => [...values]),
      [[4, -2], [3], [0, 0]],
    );
    assert.deepEqual(result.gradients[2].shape, [1, 2]);
    tf.dispose([result.value, ...Object.values(result.parts), ...result.gradients]);
  });

  it('leave only what is returned, within the caller’s tidy nothing', () => {
    const loss = ({ line }: Params): { total: Scalar; parts: Record<string, Scalar> } => {
      const total = tf.mean<Scalar>(tf.exp(line.slope));
      return { total, parts: { same: total, twice: tf.mul<Scalar>(total, 2) } };
    };
    const before = tf.memory().numTensors;
    const { value, parts, gradients } = valueAndGradients(loss, params);
    assert.equal(tf.memory().numTensors, before + 6);
    tf.dispose([value, ...Object.values(parts), ...gradients]);
    assert.equal(tf.memory().numTensors, before);
    tf.tidy(() => {
      valueAndGradients(loss, params);
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('refuse a loss that is no scalar or depends on no parameter, and no parameters', () => {
    const before = tf.memory().numTensors;
    assert.throws(
      () => valueAndGradients(({ line }) => ({ total: tf.square(line.slope as Scalar) }), params),
      { code: 'invalid-option', message: /shape \[2\].*scalar/ },
    );
    assert.throws(
      () =>
        valueAndGradients(() => {
          const total = tf.scalar(1);
          return { total, parts: { total } };
        }, params),
      { code: 'invalid-option', message: /depends on none of the parameters/ },
    );
    assert.throws(() => valueAndGradients(() => ({ total: tf.scalar(1) }), {}), {
      code: 'invalid-option',
      message: /no tensors/,
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('pass an error of the loss on and leave nothing of its pass', async () => {
    const before = tf.memory().numTensors;
    assert.throws(
      () =>
        valueAndGradients(({ line }) => {
          const part = tf.mean<Scalar>(tf.exp(tf.square(line.slope)));
          if (part.size === 1) throw new Error('the batch has run out');
          return { total: part, parts: { part } };
        }, params),
      /the batch has run out/,
    );
    assert.equal(tf.memory().numTensors, before);
    // The engine is fit for the next pass.
    const { value, gradients } = valueAndGradients(({ idle }) => ({ total: tf.sum<Scalar>(idle) }), params);
    assert.deepEqual([...(await gradients[2].data())], [1, 1]);
    tf.dispose([value, ...gradients]);
  });
});
