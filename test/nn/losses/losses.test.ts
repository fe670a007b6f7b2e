import assert from 'node:assert/strict';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { absoluteErrorLoss } from '../../../sdk/nn/losses/absolute-error';
import { binaryCrossEntropyWithLogits } from '../../../sdk/nn/losses/binary-cross-entropy';
import { gaussianDivergence } from '../../../sdk/nn/losses/gaussian-divergence';
import { imageGradientLoss } from '../../../sdk/nn/losses/image-gradient-loss';
import { criticLeastSquaresLoss, generatorLeastSquaresLoss } from '../../../sdk/nn/losses/least-squares-loss';
import { criticLogisticLoss, generatorLogisticLoss } from '../../../sdk/nn/losses/logistic-loss';
import { meanSquaredError } from '../../../sdk/nn/losses/squared-error';
import { onEachBackend } from '../../support/backends';

// Every expected number: PyTorch 2.13.0 (CPU, float64), torch.nn.functional.softplus, .l1_loss, .mse_loss and
// .binary_cross_entropy_with_logits, torch.distributions.kl_divergence, and autograd for the gradients.
const logits = [-1000, -20, -3, -0.5, 0, 0.5, 3, 20, 1000];
const made = [300, 6, 0.9, 0.15, 0, -0.15, -0.9, -6, -300];

const image = (f: (i: number) => number): number[] => Array.from({ length: 48 }, (_, i) => f(i));
const sines = image((i) => Math.sin(0.9 * i));
// One value is the same in both.
const cosines = image((i) => (i === 5 ? Math.sin(0.9 * i) : Math.cos(1.1 * i)));

onEachBackend('losses', () => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const images = (): [Tensor4D, Tensor4D] => [
    tf.tensor4d(sines, [2, 3, 4, 2]),
    tf.tensor4d(cosines, [2, 3, 4, 2]),
  ];

  it('logistic, on both sides, with answers up to ±1000', async () => {
    const real = tf.tensor(logits);
    await near(criticLogisticLoss(real, tf.tensor(made)), [148.3234218057854]);
    await near(generatorLogisticLoss(tf.tensor(made)), [34.408035599542075]);
    const slope = tf.grad((x: Tensor) => criticLogisticLoss(x, tf.tensor(made)))(real);
    const expected = [
      -0.1111111, -0.1111111, -0.10584157, -0.06916215, -0.05555556, -0.04194896, -0.00526954, 0, 0,
    ];
    await near(slope, expected);
  });

  it('least squares, on both sides', async () => {
    const tenth = (values: number[]): Tensor => tf.tensor(values.map((value) => value / 10));
    await near(criticLeastSquaresLoss(tenth(logits), tenth(made)), [1212.1067583333333]);
    await near(generatorLeastSquaresLoss(tenth(made)), [201.08185]);
  });

  it('binary cross-entropy, with logits up to ±1000 and without cancelling', async () => {
    const targets = tf.tensor([0, 1, 0, 1, 0.3, 0, 1, 1, 0]);
    await near(binaryCrossEntropyWithLogits(tf.tensor(logits), targets), [113.63760842846554]);
    const slope = tf.grad((x: Tensor) => binaryCrossEntropyWithLogits(x, targets))(tf.tensor(logits));
    const expected = [
      0, -0.11111111, 0.00526954, -0.06916215, 0.02222222, 0.06916215, -0.00526954, 0, 0.11111111,
    ];
    await near(slope, expected);
    const sure = binaryCrossEntropyWithLogits(tf.tensor([12]), tf.tensor([1]));
    const [value] = await sure.data();
    assert.ok(Math.abs(value / 6.144193477732806e-6 - 1) < 1e-2, `${value}`);
  });

  it('absolute error, whose gradient is 0 where there is no difference', async () => {
    const [a, b] = images();
    await near(absoluteErrorLoss(a, b), [0.8930224078526408]);
    const slope = tf.grad((x: Tensor) => absoluteErrorLoss(x, b))(a);
    const unit = 1 / 48;
    await near(tf.slice(tf.reshape(slope, [48]), 0, 8), [-unit, unit, unit, unit, -unit, 0, -unit, -unit]);
  });

  it('squared error', async () => {
    const [a, b] = images();
    await near(meanSquaredError(a, b), [1.150843114170377]);
  });

  it('edges of images', async () => {
    const [a, b] = images();
    await near(imageGradientLoss(a, b), [2.966640695231335]);
    const slope = tf.grad((x: Tensor) => imageGradientLoss(x as Tensor4D, b))(a);
    const expected = [
      -0.05902778, -0.05902778, 0.08680556, 0.08680556, 0.03125, 0.03125, -0.05902778, -0.05902778,
    ];
    await near(tf.slice(tf.reshape(slope, [48]), 0, 8), expected);
    // A brightness added to a whole image has no edges.
    await near(imageGradientLoss(a, tf.add(a, 0.25)), [0], 1e-6);
  });

  it('divergence of normal distributions from the standard normal', async () => {
    const means = tf.tensor2d([0.5, -1, 2, 0, 0.1, -0.2], [2, 3]);
    const logVariances = tf.tensor2d([0, -2, 1, 0.3, -0.4, 3], [2, 3]);
    await near(gaussianDivergence(means, logVariances), [5.839833222123741]);
    const zeros: Tensor2D = tf.zeros([4, 2]);
    await near(gaussianDivergence(zeros, zeros), [0]);
  });

  it('leave one tensor, their value', () => {
    const [a, b] = images();
    const flat = tf.tensor2d(sines, [6, 8]);
    const losses: (() => Scalar)[] = [
      () => criticLogisticLoss(a, b),
      () => generatorLogisticLoss(a),
      () => criticLeastSquaresLoss(a, b),
      () => generatorLeastSquaresLoss(a),
      () => binaryCrossEntropyWithLogits(a, b),
      () => absoluteErrorLoss(a, b),
      () => meanSquaredError(a, b),
      () => imageGradientLoss(a, b),
      () => gaussianDivergence(flat, flat),
    ];
    const before = tf.memory().numTensors;
    const values = losses.map((loss) => loss());
    assert.deepEqual(
      values.map(({ shape }) => shape),
      losses.map(() => []),
    );
    assert.equal(tf.memory().numTensors, before + losses.length);
  });
});

async function near(tensor: Tensor, expected: readonly number[], tolerance = 2e-6): Promise<void> {
  const values = [...(await tensor.data())];
  assert.equal(values.length, expected.length);
  values.forEach((value, at) => {
    const allowed = tolerance * Math.max(1, Math.abs(expected[at]));
    assert.ok(Math.abs(value - expected[at]) <= allowed, `${at}: ${value} is not ${expected[at]}`);
  });
}
