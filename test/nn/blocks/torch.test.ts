import { grad, mean, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AdaptiveGroupNorm, AdaptiveInstanceNorm } from '../../../sdk/nn/blocks/adaptive-norm';
import { applyAdaptiveNorm, adaptiveInstanceNorm } from '../../../sdk/nn/blocks/adaptive-norm';
import type { Attention } from '../../../sdk/nn/blocks/attention';
import { attention } from '../../../sdk/nn/blocks/attention';
import type { Conv1d } from '../../../sdk/nn/blocks/conv1d';
import { conv1d } from '../../../sdk/nn/blocks/conv1d';
import type { Conv2d, Conv2dOptions } from '../../../sdk/nn/blocks/conv2d';
import { conv2d } from '../../../sdk/nn/blocks/conv2d';
import type { CriticResidualBlock } from '../../../sdk/nn/blocks/critic-residual-block';
import { criticResidualBlock } from '../../../sdk/nn/blocks/critic-residual-block';
import type { InstanceResidualBlock } from '../../../sdk/nn/blocks/instance-residual-block';
import { instanceResidualBlock } from '../../../sdk/nn/blocks/instance-residual-block';
import type { Linear } from '../../../sdk/nn/blocks/linear';
import { linear } from '../../../sdk/nn/blocks/linear';
import type { Norm } from '../../../sdk/nn/blocks/norm';
import { applyNorm, instanceNorm, layerNorm } from '../../../sdk/nn/blocks/norm';
import type { ResidualBlock } from '../../../sdk/nn/blocks/residual-block';
import { residualBlock } from '../../../sdk/nn/blocks/residual-block';
import type { TimeEmbedding } from '../../../sdk/nn/blocks/time-embedding';
import { timeEmbedding } from '../../../sdk/nn/blocks/time-embedding';
import { leakyRelu } from '../../../sdk/nn/ops/leaky-relu';
import { onEachBackend } from '../../support/backends';
import { checkAgainstTorch, torchInput } from '../../support/torch-case';

const convolutions: Readonly<Record<string, Conv2dOptions>> = {
  'conv2d same': {},
  'conv2d valid, window 3 × 2, no bias': { padding: 'valid' },
  'conv2d window 4, stride 2, padding 1': { stride: 2, padding: 1 },
  'conv2d window 3, stride 2, padding 1': { stride: 2, padding: 1 },
  'conv2d window 5, reflect': { padding: 'reflect' },
  'conv2d dilation 2, padding 2': { dilation: 2, padding: 2 },
};

interface Critic {
  readonly first: Conv2d<Tensor>;
  readonly norm: Norm<Tensor>;
  readonly block: CriticResidualBlock<Tensor>;
  readonly last: Linear<Tensor>;
}

/** The score of each image. */
function score(weights: Critic, x: Tensor4D): Tensor2D {
  const first = conv2d(weights.first, x, { stride: 2, padding: 1 });
  const inner = instanceNorm(weights.norm, first, { activation: 'leaky-relu' });
  const outer = leakyRelu(criticResidualBlock(weights.block, inner));
  return linear(weights.last, mean<Tensor2D>(outer, [1, 2]));
}

/** The squared length of the gradient of each image's score. */
function penalty(weights: Critic, x: Tensor4D): Tensor {
  return tidy(() => sum(square(grad((images) => sum(score(weights, images as Tensor4D)))(x)), [1, 2, 3]));
}

onEachBackend('blocks against PyTorch 2.13 (fixtures/nn/blocks.py), output and gradients', () => {
  for (const [name, options] of Object.entries(convolutions)) {
    it(name, () => checkAgainstTorch<Conv2d<Tensor>>(name, (weights, { x }) => conv2d(weights, x, options)));
  }

  it('conv1d stride 2, padding 1', () =>
    checkAgainstTorch<Conv1d<Tensor>>('conv1d stride 2, padding 1', (weights, { x }) =>
      conv1d(weights, x, { stride: 2, padding: 1 }),
    ));

  it('linear', () => checkAgainstTorch<Linear<Tensor>>('linear', (weights, { x }) => linear(weights, x)));

  it('group norm', () =>
    checkAgainstTorch<Norm<Tensor>>('group norm', (weights, { x }) =>
      applyNorm(weights, x as Tensor4D, { groups: 2 }),
    ));

  it('instance norm, sequence', () =>
    checkAgainstTorch<Norm<Tensor>>('instance norm, sequence', (weights, { x }) =>
      instanceNorm(weights, x as Tensor3D),
    ));

  it('layer norm', () =>
    checkAgainstTorch<Norm<Tensor>>('layer norm', (weights, { x }) => layerNorm(weights, x as Tensor4D)));

  it('adaptive group norm', () =>
    checkAgainstTorch<AdaptiveGroupNorm<Tensor>>(
      'adaptive group norm',
      (weights, { x, time, code0, code1 }) =>
        applyAdaptiveNorm(weights, x as Tensor4D, {
          time: time as Tensor2D,
          codes: [code0 as Tensor2D, code1 as Tensor2D],
          groups: 2,
        }),
    ));

  it('adaptive instance norm', () =>
    checkAgainstTorch<AdaptiveInstanceNorm<Tensor>>('adaptive instance norm', (weights, { x, style }) =>
      adaptiveInstanceNorm(weights, x as Tensor4D, { style: style as Tensor2D }),
    ));

  it('residual block, up, time and code', () =>
    checkAgainstTorch<ResidualBlock<Tensor>>('residual block, up, time and code', (weights, inputs) =>
      residualBlock(weights, inputs['x'] as Tensor4D, {
        resampling: 'up',
        time: inputs['time'] as Tensor2D,
        codes: [inputs['code'] as Tensor2D],
        groups: 2,
      }),
    ));

  it('residual block, down, sequence', () =>
    checkAgainstTorch<ResidualBlock<Tensor>>('residual block, down, sequence', (weights, { x }) =>
      residualBlock(weights, x as Tensor3D, {
        resampling: 'down',
        groups: 2,
      }),
    ));

  it('instance residual block', () =>
    checkAgainstTorch<InstanceResidualBlock<Tensor>>('instance residual block', (weights, { x }) =>
      instanceResidualBlock(weights, x as Tensor4D),
    ));

  it('instance residual block, style', () =>
    checkAgainstTorch<InstanceResidualBlock<Tensor>>(
      'instance residual block, style',
      (weights, { x, style }) => instanceResidualBlock(weights, x as Tensor4D, { style: style as Tensor2D }),
    ));

  it('critic residual block', () =>
    checkAgainstTorch<CriticResidualBlock<Tensor>>('critic residual block', (weights, { x }) =>
      criticResidualBlock(weights, x as Tensor4D),
    ));

  it('R1 penalty of a critic: second derivatives', () =>
    checkAgainstTorch<Critic>('R1 penalty of a critic', (weights, { x }) => penalty(weights, x as Tensor4D)));

  it('attention', () =>
    checkAgainstTorch<Attention<Tensor>>('attention', (weights, { x }) =>
      attention(weights, x as Tensor4D, { heads: 2, groups: 2 }),
    ));

  it('time embedding', () =>
    checkAgainstTorch<TimeEmbedding<Tensor>>(
      'time embedding',
      (weights) => timeEmbedding(weights, torchInput('time embedding', 'times')),
      { constant: ['inputs.times'] },
    ));
});
