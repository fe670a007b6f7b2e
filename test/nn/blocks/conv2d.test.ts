import assert from 'node:assert/strict';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { grad, ones, profile, sum, tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { conv1d, initConv1d } from '../../../sdk/nn/blocks/conv1d';
import type { Conv2d, Conv2dOptions, InitConv2dOptions } from '../../../sdk/nn/blocks/conv2d';
import { conv2d, initConv2d } from '../../../sdk/nn/blocks/conv2d';
import { disposeTree, toTensors } from '../../../sdk/nn/parameters';

function weightsOf(options: InitConv2dOptions): Conv2d<Tensor> {
  return toTensors(initConv2d(makeRandom(1), options));
}

describe('conv2d', () => {
  before(() => useBackend('cpu'));

  const shapes: readonly (readonly [Conv2dOptions, number[]])[] = [
    [{}, [1, 7, 6, 2]],
    [{ stride: 2 }, [1, 4, 3, 2]],
    [{ padding: 'valid' }, [1, 5, 4, 2]],
    [{ padding: 'reflect' }, [1, 7, 6, 2]],
    [{ padding: 'reflect', stride: 2 }, [1, 4, 3, 2]],
    [{ padding: 0 }, [1, 5, 4, 2]],
    [{ padding: 2 }, [1, 9, 8, 2]],
    [{ padding: [0, 1] }, [1, 5, 6, 2]],
    [{ padding: 'valid', dilation: 2 }, [1, 3, 2, 2]],
  ];
  for (const [options, expected] of shapes) {
    it(`${JSON.stringify(options)} makes ${expected.join(' × ')} of 7 × 6`, () => {
      tidy(() => {
        const weights = weightsOf({ inChannels: 3, outChannels: 2 });
        assert.deepEqual(conv2d(weights, ones([1, 7, 6, 3]), options).shape, expected);
      });
    });
  }

  it('draws a kernel and a bias of 0, or no bias', () => {
    const weights = initConv2d(makeRandom(1), { inChannels: 3, outChannels: 2, kernelSize: [1, 5] });
    assert.deepEqual(weights.kernel.shape, [1, 5, 3, 2]);
    assert.ok('bias' in weights);
    assert.deepEqual(weights.bias.data, new Float32Array(2));
    const plain = initConv2d(makeRandom(1), { inChannels: 3, outChannels: 2, bias: false });
    assert.deepEqual(Object.keys(plain), ['kernel']);
  });

  it('computes no gradient of a kernel that is frozen', async () => {
    const weights = weightsOf({ inChannels: 1, outChannels: 2 });
    const x = ones<Tensor4D['rankType']>([1, 5, 5, 1]);
    const { kernelNames } = await profile(() => grad((images) => sum(conv2d(weights, images)))(x));
    assert.ok(kernelNames.includes('Conv2DBackpropInput'));
    assert.ok(!kernelNames.includes('Conv2DBackpropFilter'));
    disposeTree(weights);
    x.dispose();
  });

  const failures: readonly (readonly [string, number[], Conv2dOptions, string])[] = [
    ['channels', [1, 4, 4, 3], {}, 'conv2d: input has 3 channels, the kernel expects 1'],
    [
      'rank',
      [4, 4, 1],
      {},
      'conv2d: input has shape [4, 4, 1], expected images [N, height, width, channels]',
    ],
    [
      'size',
      [1, 2, 4, 1],
      { padding: 'valid' },
      'conv2d: input of 2 × 4 with its padding is smaller than the window of 3 × 3',
    ],
    ['mirror', [1, 1, 4, 1], { padding: 'reflect' }, 'invalid padding: reflect by 1 on 1 values (at most 0)'],
    ['padding', [1, 4, 4, 1], { padding: -1 }, 'invalid padding: -1 (same, valid, reflect or whole numbers)'],
    ['stride', [1, 4, 4, 1], { stride: 0 }, 'conv2d: invalid stride: 0 (a whole number above 0 is needed)'],
  ];
  for (const [what, shape, options, message] of failures) {
    it(`says what does not fit: ${what}`, () => {
      tidy(() => {
        const weights = weightsOf({ inChannels: 1, outChannels: 1 });
        assert.throws(() => conv2d(weights, ones(shape), options), { code: 'invalid-option', message });
      });
    });
  }

  it('says which size is invalid', () => {
    assert.throws(() => initConv2d(makeRandom(1), { inChannels: 0, outChannels: 1 }), {
      message: 'conv2d: invalid inChannels: 0 (a whole number above 0 is needed)',
    });
    assert.throws(() => initConv1d(makeRandom(1), { inChannels: 1, outChannels: 1.5 }), {
      message: 'conv1d: invalid outChannels: 1.5 (a whole number above 0 is needed)',
    });
  });
});

describe('conv1d', () => {
  before(() => useBackend('cpu'));

  it('pads along the sequence only', () => {
    tidy(() => {
      const weights = toTensors(initConv1d(makeRandom(1), { inChannels: 2, outChannels: 3, kernelSize: 5 }));
      for (const [padding, length] of [
        ['same', 8],
        ['valid', 4],
        ['reflect', 8],
        [2, 8],
        [1, 6],
      ] as const) {
        assert.deepEqual(conv1d(weights, ones([2, 8, 2]), { padding }).shape, [2, length, 3], `${padding}`);
      }
    });
  });

  it('says what does not fit', () => {
    tidy(() => {
      const weights = toTensors(initConv1d(makeRandom(1), { inChannels: 2, outChannels: 3 }));
      assert.throws(() => conv1d(weights, ones([2, 8, 3])), {
        message: 'conv1d: input has 3 channels, the kernel expects 2',
      });
    });
  });
});
