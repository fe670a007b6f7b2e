import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { startCpu } from '../../../sdk/nn/backend/start-cpu';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { r1Penalty } from '../../../sdk/nn/optimize/r1-penalty';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';
import { onEachBackend } from '../../support/backends';
import { assertClose, valuesOf, wave } from '../ops/waves';

/** Twelve operations one after the other, all of whose inputs are saved. */
const chain = (x: Tensor): Tensor =>
  Array.from({ length: 12 }).reduce<Tensor>((y) => tf.square(tf.cos(y)), x);

onEachBackend('releaseAfterUse', () => {
  it('changes no gradient: one input used twice, several outputs of which some take no part, a nested gradient', async () => {
    const losses: ((w: Tensor) => Tensor)[] = [
      (w) => tf.sum(tf.mul(chain(w), tf.add(w, chain(w)))),
      (w) => tf.sum(tf.mul(tf.split(chain(w), 3)[1], tf.reshape(tf.slice(w, 0, 4), [4]))),
      (w) =>
        tf.add(
          tf.sum(tf.mul(w, w)),
          r1Penalty((x) => tf.sum(tf.mul(tf.sin(x), w)), wave([1, 12], { phase: 1 })),
        ),
    ];
    for (const loss of losses) {
      const total = (w: Tensor): tf.Scalar => loss(w) as tf.Scalar;
      const weights = (): Tensor => wave([12], { phase: 0 });
      const [ours] = await valuesOf(
        () => valueAndGradients(({ w }) => ({ total: total(w) }), { w: weights() }).gradients,
      );
      const [theirs] = await valuesOf(() => [tf.grad(total)(weights())]);
      assertClose(ours, theirs, 1e-6);
    }
  });

  it('leaves alone what a gradient hands on that is not its own', async () => {
    const own = tf.scalar(2);
    const constant = tf.customGrad((x) => ({ value: tf.mul(x as Tensor, 2), gradFunc: () => own }));
    const total = (w: Tensor): tf.Scalar => constant(tf.square(w)) as tf.Scalar;
    const [gradient] = await valuesOf(
      () => valueAndGradients(({ w }) => ({ total: total(w) }), { w: tf.scalar(3) }).gradients,
    );
    assertClose(gradient, [12], 1e-6);
    assert.equal(own.isDisposed, false);
    own.dispose();
  });
});

describe('the memory of a backward pass', () => {
  before(async () => {
    await startCpu();
    await useBackend('cpu');
  });

  it('falls while it proceeds', () => {
    // Beside what other tests have left behind.
    const others = tf.memory().numBytes;
    const x = wave([4096], { phase: 0 });
    const size = 4 * 4096;
    let before = 0;
    let last = 0;
    const watched = tf.customGrad((y, save) => {
      (save as (saved: Tensor[]) => void)([y as Tensor]);
      return {
        value: tf.clone(y as Tensor),
        gradFunc: (dy: Tensor) => {
          last = tf.memory().numBytes - others;
          return tf.clone(dy);
        },
      };
    });
    const { value, gradients } = valueAndGradients(
      ({ w }) => {
        const total = tf.sum<tf.Scalar>(chain(watched(w)));
        before = tf.memory().numBytes - others;
        return { total };
      },
      { w: x },
    );
    // Forward saves 24 tensors; at the first operation, where a backward pass ends, few of them are left.
    assert.ok(before > 24 * size);
    assert.ok(last < 8 * size, `${last / size} tensors at the end of the pass`);
    tf.dispose([x, value, ...gradients]);
  });
});
