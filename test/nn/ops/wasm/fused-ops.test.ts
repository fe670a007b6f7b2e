import assert from 'node:assert/strict';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { concat, engine, grads, split } from '@tensorflow/tfjs-core';
import { useBackend } from '../../../../sdk/nn/backend/use-backend';
import { biasedConv2d } from '../../../../sdk/nn/blocks/biased-conv2d';
import { attend } from '../../../../sdk/nn/ops/attend';
import { linearMap } from '../../../../sdk/nn/ops/linear-map';
import { steeredGroupNorm } from '../../../../sdk/nn/ops/steered-group-norm';
import { assertAlike } from '../../backend/wasm-kernels/on-both';
import { valuesOf, wave } from '../waves';

/** Waves of these shapes, each another. */
function waves(...shapes: readonly number[][]): Tensor[] {
  return shapes.map((shape, i) => wave(shape, { phase: 0.3 + i }));
}

/** The shape of each image of 2 × 12 positions, and of their queries, keys and values. */
const sequences: readonly { readonly shape: number[]; readonly heads: number }[] = [
  { shape: [2, 2, 12, 3 * 32], heads: 2 },
  { shape: [1, 72, 3 * 24], heads: 3 },
  // Not as many channels, or positions, as are computed side by side.
  { shape: [2, 16, 3 * 12], heads: 3 },
  { shape: [1, 9, 3 * 16], heads: 2 },
];

/** On the cpu backend they are made of operations of tfjs. */
describe('operations that are one on wasm', () => {
  it('attention', async () => {
    for (const { shape, heads } of sequences) {
      await assertAlike(() => [attend(wave(shape, { phase: 0.1, scale: 2 }), heads)]);
    }
  });

  it('attention of values that are not numbers is not a number', async () => {
    await useBackend('wasm');
    const [found] = await valuesOf(() => {
      const x = concat([wave([1, 8, 24], { phase: 0 }), wave([1, 8, 24], { phase: 0, offset: NaN })]);
      return [attend(x, 1)];
    });
    assert.ok(found.subarray(0, 64).every((value) => Number.isFinite(value)));
    assert.ok(found.subarray(64).every((value) => Number.isNaN(value)));
  });

  it('a linear map with its bias and what is added, and its gradients', async () => {
    await assertAlike(() => {
      const inputs = waves([2, 3, 3, 6], [6, 10], [10], [2, 3, 3, 10]);
      const map = (x: Tensor, kernel: Tensor, bias: Tensor, added: Tensor): Tensor =>
        linearMap(x, { kernel: kernel as Tensor2D, bias, added });
      const [x, kernel, bias, added] = inputs;
      return [map(x, kernel, bias, added), ...grads(map)(inputs)];
    });
  });

  it('a convolution with its bias and what is added, and its gradients', async () => {
    for (const [side, inChannels, outChannels] of [
      [3, 16, 24],
      [3, 3, 5],
      [1, 6, 9],
    ]) {
      await assertAlike(() => {
        const filterShape = [side, side, inChannels, outChannels];
        const inputs = waves([2, 5, 7, inChannels], filterShape, [outChannels], [2, 5, 7, outChannels]);
        const convolve = (x: Tensor, filter: Tensor, bias: Tensor, added: Tensor): Tensor =>
          biasedConv2d(
            x as Tensor4D,
            { filter: filter as Tensor4D, bias: bias as Tensor1D, added: added as Tensor4D },
            { stride: 1, pad: 'same' },
          );
        const [x, filter, bias, added] = inputs;
        return [convolve(x, filter, bias, added), ...grads(convolve)(inputs)];
      }, 1e-4);
    }
  });

  it('a normalization with what steers it', async () => {
    for (const activation of ['none', 'silu', 'leaky-relu'] as const) {
      for (const learned of [true, false]) {
        await assertAlike(() => {
          const [x, scale, shift, time, timeKernel, timeBias, code, codeKernel, codeBias] = waves(
            ...[[3, 4, 5, 12], [12], [12]],
            ...[[3, 6], [6, 24], [24]],
            ...[[3, 5], [5, 12], [12]],
          );
          const maps = [
            { values: time as Tensor2D, kernel: timeKernel as Tensor2D, bias: timeBias },
            { values: code as Tensor2D, kernel: codeKernel as Tensor2D, bias: codeBias },
          ];
          const options = { groups: 3, activation };
          const steering = { learned: learned ? { scale, shift } : undefined, maps };
          return [
            steeredGroupNorm(x as Tensor4D, steering, options),
            steeredGroupNorm(x as Tensor4D, { ...steering, maps: maps.slice(1) }, options),
          ];
        }, 1e-4);
      }
    }
  });

  it('give the same bits for images together and each alone', async () => {
    await useBackend('wasm');
    const batch = 9;
    const make = (x: Tensor, filter: Tensor, bias: Tensor): Tensor => {
      const y = biasedConv2d(
        x as Tensor4D,
        { filter: filter as Tensor4D, bias: bias as Tensor1D },
        { stride: 1, pad: 'same' },
      );
      return attend(y, 2);
    };
    const [together, alone] = await valuesOf(() => {
      const [x, filter, bias] = waves([batch, 16, 16, 32], [3, 3, 32, 48], [48]);
      const found = split(x, batch).map((one) => make(one, filter, bias));
      return [make(x, filter, bias), concat(found)];
    });
    assert.deepEqual(together, alone);
  });

  it('refuse what does not fit', async () => {
    await useBackend('wasm');
    engine().startScope();
    const [x, filter, bias, added] = waves([1, 4, 4, 3], [3, 3, 3, 5], [5], [1, 4, 4, 4]) as [
      Tensor4D,
      Tensor4D,
      Tensor1D,
      Tensor4D,
    ];
    const weights = { filter, bias, added };
    assert.throws(() => biasedConv2d(x, weights, { stride: 1, pad: 'same' }), /cannot add 1,4,4,4/);
    const [rows, kernel] = waves([2, 3], [3, 4]) as [Tensor2D, Tensor2D];
    assert.throws(
      () => linearMap(rows, { kernel, bias, added: undefined }),
      /do not fit: \[2,3\], \[3,4\], \[5\]/,
    );
    engine().endScope();
  });
});
