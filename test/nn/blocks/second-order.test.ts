import assert from 'node:assert/strict';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, grad, mean, mul, square, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import type { Conv2d } from '../../../sdk/nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../../sdk/nn/blocks/conv2d';
import type { CriticResidualBlock } from '../../../sdk/nn/blocks/critic-residual-block';
import { criticResidualBlock, initCriticResidualBlock } from '../../../sdk/nn/blocks/critic-residual-block';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import type { Linear } from '../../../sdk/nn/blocks/linear';
import { initLinear, linear } from '../../../sdk/nn/blocks/linear';
import type { Norm } from '../../../sdk/nn/blocks/norm';
import { initNorm, instanceNorm } from '../../../sdk/nn/blocks/norm';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';
import { toTensors } from '../../../sdk/nn/parameters';
import { flattenTree, mapTree } from '../../../sdk/nn/weight-trees';

type Critic<Leaf> = {
  readonly first: Conv2d<Leaf>;
  readonly norm: Norm<Leaf>;
  readonly block: CriticResidualBlock<Leaf>;
  readonly last: Linear<Leaf>;
};

function initCritic(): Critic<WeightArray> {
  const random = makeRandom(21);
  return {
    first: initConv2d(random, { inChannels: 1, outChannels: 4, kernelSize: 4 }),
    norm: initNorm(4),
    block: initCriticResidualBlock(random, { inChannels: 4, outChannels: 6 }),
    last: initLinear(random, { inChannels: 6, outChannels: 1 }),
  };
}

/** Smooth, so that finite differences meet no kink; the kinks of LeakyReLU are compared with PyTorch in torch.test.ts. */
function score(weights: Critic<Tensor>, x: Tensor4D): Tensor2D {
  const inner = instanceNorm(weights.norm, conv2d(weights.first, x, { stride: 2 }), { activation: 'silu' });
  const outer = criticResidualBlock(weights.block, inner, { slope: 1 });
  return linear(weights.last, mean<Tensor2D>(square(outer), [1, 2]));
}

function penalty(weights: Critic<Tensor>, x: Tensor4D): Scalar {
  return tidy(() => sum(square(grad((images) => sum(score(weights, images as Tensor4D)))(x))));
}

describe('second derivatives of a critic', () => {
  before(() => useBackend('cpu'));

  it('agree with finite differences along random directions', () => {
    tidy(() => {
      const random = makeRandom(22);
      const normal = (shape: readonly number[]): Tensor =>
        tensor(initialize(random, shape, { name: 'normal', deviation: 1 }).data, [...shape]);
      const x = normal([2, 8, 8, 1]) as Tensor4D;
      const weights: Critic<Tensor> = toTensors(initCritic());
      const { gradients } = valueAndGradients((params) => ({ total: penalty(params, x) }), weights);
      for (let trial = 0; trial < 3; trial++) {
        const direction = mapTree<Tensor, Tensor>(weights, (leaf) => normal(leaf.shape));
        const steps = flattenTree<Tensor>(direction);
        const at = (length: number): number => {
          const moved = mapTree<Tensor, Tensor>(weights, (leaf, path) =>
            add(leaf, mul(steps.get(path) as Tensor, length)),
          );
          return penalty(moved as Critic<Tensor>, x).dataSync()[0];
        };
        const length = 1e-3;
        // Two widths, extrapolated: what is left is rounding of single precision.
        const central = (h: number): number => (at(h) - at(-h)) / (2 * h);
        const expected = (4 * central(length) - central(2 * length)) / 3;
        const found = [...steps.values()].reduce(
          (total, step, index) => total + sum(mul(step, gradients[index])).dataSync()[0],
          0,
        );
        const scale = Math.sqrt(gradients.reduce((total, g) => total + sum(square(g)).dataSync()[0], 0));
        assert.ok(Math.abs(found - expected) < 0.01 * scale, `${found}, finite differences ${expected}`);
      }
    });
  });
});
