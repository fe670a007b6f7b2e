import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AdamState, AdamStepOptions } from '../../../sdk/nn/optimize/adam';
import { adamStep, initAdam } from '../../../sdk/nn/optimize/adam';
import { adamStateArrays, adamStateFrom } from '../../../sdk/nn/optimize/adam-state';
import { learningRateMultipliers } from '../../../sdk/nn/optimize/learning-rate-multipliers';
import { onEachBackend } from '../../support/backends';

const makeParams = (): Tensor[] => [tf.tensor([0.5, -0.3, 1.2, -2.0]), tf.tensor([[0.1, 0.2, 0.3]])];

/** Gradients that do not depend on the parameters: sin(1.3·step + 0.7·position), counted through both tensors. */
function gradientsAt(step: number): Tensor[] {
  const value = (position: number): number => Math.sin(1.3 * step + 0.7 * position);
  return [tf.tensor([0, 1, 2, 3].map(value)), tf.tensor([[4, 5, 6].map(value)])];
}

type Run = { readonly params: Tensor[]; readonly state: AdamState };

function runSteps(from: Run, steps: readonly number[], options: AdamStepOptions): Run {
  return steps.reduce((run, step) => {
    const next = tf.tidy(() => adamStep(run.params, gradientsAt(step), run.state, options));
    if (run !== from) tf.dispose([...run.params, ...run.state.first, ...run.state.second]);
    return next;
  }, from);
}

const start = (): Run => {
  const params = makeParams();
  return { params, state: initAdam(params) };
};
const read = async (tensors: readonly Tensor[]): Promise<number[]> =>
  (await Promise.all(tensors.map((one) => one.data()))).flatMap((values) => [...values]);
const numbers = ({ params }: Run): Promise<number[]> => read(params);
const disposeRun = ({ params, state }: Run): void => tf.dispose([...params, ...state.first, ...state.second]);

// PyTorch 2.13.0 (CPU, float64): torch.optim.Adam / AdamW on the same parameters and gradients, after 1, 5 and 10 steps.
const trajectories: { name: string; options: AdamStepOptions; after: Record<number, number[]> }[] = [
  {
    name: 'Adam with its defaults',
    options: { learningRate: 0.05 },
    after: {
      1: [0.5, -0.35, 1.15, -2.05, 0.05, 0.25, 0.35],
      5: [0.41650064, -0.42919233, 1.10407418, -2.0457876, 0.11599822, 0.3371849, 0.41397659],
      10: [0.39668758, -0.45519988, 1.08429475, -2.05120367, 0.12835966, 0.36193644, 0.43805504],
    },
  },
  {
    name: 'Adam without momentum, as MURD trains',
    options: { learningRate: 0.05, beta1: 0, beta2: 0.99 },
    after: {
      1: [0.5, -0.35, 1.15, -2.05, 0.05, 0.25, 0.35],
      5: [0.50485484, -0.30233664, 1.20327571, -2.00404722, 0.07013632, 0.21928417, 0.2957133],
      10: [0.50835561, -0.30670098, 1.19380367, -2.01560242, 0.06200829, 0.22036148, 0.30296805],
    },
  },
  {
    name: 'AdamW',
    options: { learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-4, weightDecay: 0.1 },
    after: {
      1: [0.4975, -0.34849224, 1.14400507, -2.03999421, 0.04951492, 0.24898575, 0.34849426],
      5: [0.41225361, -0.40542608, 1.09022358, -1.98596889, 0.11260155, 0.31836372, 0.38963781],
      10: [0.39166473, -0.40994447, 1.05170493, -1.94055603, 0.11578347, 0.32403769, 0.3937216],
    },
  },
  {
    name: 'AdamW with a group at a hundredth of the learning rate',
    options: { learningRate: 0.05, weightDecay: 0.1, multipliers: [1, 0.01] },
    after: { 10: [0.37559739, -0.43482645, 1.03012733, -1.95099995, 0.10023358, 0.20151879, 0.30123006] },
  },
];

onEachBackend('Adam', () => {
  for (const { name, options, after } of trajectories) {
    it(`takes the steps of PyTorch: ${name}`, async () => {
      for (const [steps, expected] of Object.entries(after)) {
        const from = start();
        const run = runSteps(from, [...Array(Number(steps)).keys()], options);
        (await numbers(run)).forEach((value, at) => {
          assert.ok(
            Math.abs(value - expected[at]) < 3e-6,
            `step ${steps}, ${at}: ${value} is not ${expected[at]}`,
          );
        });
        assert.equal(run.state.step, Number(steps));
        disposeRun(from);
        disposeRun(run);
      }
    });
  }

  it('goes on from a state read back as if it had never stopped, to the bit', async () => {
    const shapes = new Map([
      ['head.kernel', { shape: [4] }],
      ['head.bias', { shape: [1, 3] }],
    ]);
    const options = { learningRate: 0.01, weightDecay: 0.02 };
    const from = start();
    const half = runSteps(from, [0, 1, 2, 3], options);
    const arrays = await adamStateArrays(half.state, shapes, 'optimizer.critic');
    assert.deepEqual(
      [...arrays.keys()],
      ['step', 'first.head.kernel', 'first.head.bias', 'second.head.kernel', 'second.head.bias'].map(
        (path) => `optimizer.critic.${path}`,
      ),
    );
    const restored = { params: half.params, state: adamStateFrom(arrays, shapes, 'optimizer.critic') };
    const [straight, resumed] = [half, restored].map((run) => runSteps(run, [4, 5, 6], options));
    assert.deepEqual(await numbers(resumed), await numbers(straight));
    assert.equal(resumed.state.step, 7);
    for (const run of [from, half, restored, straight, resumed]) disposeRun(run);
  });

  it('changes and disposes nothing that it is given, and leaves only what it returns', async () => {
    const from = start();
    const gradients = gradientsAt(3);
    const before = tf.memory().numTensors;
    const next = adamStep(from.params, gradients, from.state, { learningRate: 0.1 });
    assert.equal(tf.memory().numTensors, before + 6);
    assert.deepEqual(await numbers(from), [0.5, -0.3, 1.2, -2.0, 0.1, 0.2, 0.3].map(Math.fround));
    assert.deepEqual(await read([from.state.second[0]]), [0, 0, 0, 0]);
    disposeRun({ params: next.params, state: next.state });
    disposeRun(from);
    tf.dispose(gradients);
  });

  it('refuses options out of range, lists that do not belong together, and states of another network', () => {
    const from = start();
    const gradients = gradientsAt(0);
    const step = (options: AdamStepOptions, given = gradients): unknown =>
      adamStep(from.params, given, from.state, options);
    assert.throws(() => step({ learningRate: NaN }), {
      code: 'invalid-option',
      message: /learningRate: NaN/,
    });
    assert.throws(() => step({ learningRate: 1, beta2: 1 }), {
      code: 'invalid-option',
      message: /beta2: 1 .*below 1/,
    });
    assert.throws(() => step({ learningRate: 1, epsilon: 0 }), {
      code: 'invalid-option',
      message: /epsilon: 0/,
    });
    assert.throws(() => step({ learningRate: 1, weightDecay: -1 }), {
      code: 'invalid-option',
      message: /weightDecay: -1/,
    });
    assert.throws(() => step({ learningRate: 1 }, gradients.slice(1)), {
      code: 'invalid-option',
      message: /gradients: 1 for 2 parameters/,
    });
    assert.throws(() => step({ learningRate: 1 }, [...gradients].reverse()), {
      code: 'invalid-option',
      message: /gradients: number 0 has the shape \[1, 3\] \(\[4\] is required\)/,
    });
    assert.throws(() => step({ learningRate: 1, multipliers: [1] }), {
      code: 'invalid-option',
      message: /multipliers: 1 for 2 parameters/,
    });
    const table = new Map([['a.step', { shape: [], data: Float32Array.of(3) }]]);
    assert.throws(() => adamStateFrom(table, new Map([['k', { shape: [2] }]]), 'a'), {
      code: 'malformed-model',
      message: /a\.first\.k is missing/,
    });
    disposeRun(from);
    tf.dispose(gradients);
  });
});

describe('learning-rate multipliers', () => {
  it('slow the parameters of a group, the deepest group first', () => {
    const paths = ['style.shared.kernel', 'style.heads.0.kernel', 'styles.kernel', 'content.kernel'];
    assert.deepEqual(learningRateMultipliers(paths, { style: 0.01, 'style.heads': 0.5 }), [0.01, 0.5, 1, 1]);
    assert.deepEqual(learningRateMultipliers(paths, {}), [1, 1, 1, 1]);
  });

  it('refuse groups that are not there and factors below 0', () => {
    assert.throws(() => learningRateMultipliers(['a.kernel', 'b.kernel'], { c: 1 }), {
      code: 'invalid-option',
      message: /"c" \(branches are a, b\)/,
    });
    assert.throws(() => learningRateMultipliers(['a'], { a: -1 }), {
      code: 'invalid-option',
      message: /"a": -1/,
    });
  });
});
