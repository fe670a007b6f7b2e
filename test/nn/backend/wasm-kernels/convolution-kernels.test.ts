import assert from 'node:assert/strict';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  conv2d,
  conv2dTranspose,
  engine,
  fused,
  grads,
  mul,
  setBackend,
  sum,
  tensor,
  tensor1d,
  tensor4d,
} from '@tensorflow/tfjs-core';
import { startWasm } from '../../../../sdk/nn/backend/start-wasm';
import { assertAlike, someValues } from './on-both';

interface Case {
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly window: readonly [number, number];
  readonly stride: number | [number, number];
  readonly pad:
    'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
}

const explicit: Case['pad'] = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
];

function* everyCase(): Generator<Case> {
  for (const window of [
    [1, 1],
    [2, 3],
    [3, 3],
    [4, 4],
    [5, 2],
  ] as const) {
    for (const stride of [1, 2, 3, [1, 2] as [number, number]]) {
      for (const pad of ['same', 'valid', 1, explicit] as const) {
        for (const channels of [
          [1, 1],
          [3, 8],
          [4, 5],
          [9, 17],
        ] as const) {
          yield { size: [7, 6], channels, window, stride, pad };
        }
      }
    }
  }
}

/** Those that are done by tiles of 2 × 2 pixels, also with parts of tiles, and with fewer tiles than are done at a time. */
function* everyTiledCase(): Generator<Case> {
  for (const pad of ['same', 'valid', 1, explicit] as const) {
    for (const size of [
      [7, 6],
      [4, 9],
      [3, 3],
    ] as const) {
      for (const channels of [
        [16, 16],
        [20, 24],
      ] as const) {
        yield { size, channels, window: [3, 3], stride: 1, pad };
      }
    }
  }
}

/** A convolution, and its gradients for some gradient of its output. */
function convolve({ size, channels, window, stride, pad }: Case): Tensor[] {
  const shape = [2, ...size, channels[0]] as [number, number, number, number];
  const filterShape = [...window, ...channels] as [number, number, number, number];
  const rounding = typeof pad === 'number' ? 'floor' : undefined;
  const forward = (x: Tensor4D, filter: Tensor4D): Tensor4D =>
    conv2d(x, filter, stride, pad, 'NHWC', 1, rounding);
  const x = tensor4d(someValues(shape), shape);
  const filter = tensor4d(someValues(filterShape, 2), filterShape);
  const y = forward(x, filter);
  const dy = tensor(someValues(y.shape, 3), y.shape);
  return [y, ...grads(forward as (...xs: Tensor[]) => Tensor)([x, filter], dy)];
}

describe('convolutions on wasm', () => {
  it('and their gradients are those of the cpu backend, for windows, strides, paddings and channels of all kinds', async () => {
    let cases = 0;
    for (const one of everyCase()) {
      try {
        await assertAlike(() => convolve(one));
      } catch (error) {
        throw new Error(JSON.stringify(one), { cause: error });
      }
      cases++;
    }
    assert.equal(cases, 320);
  });

  it('by tiles, where the window is 3 × 3 and there are many channels', async () => {
    let cases = 0;
    for (const one of everyTiledCase()) {
      try {
        await assertAlike(() => convolve(one), 2e-5);
      } catch (error) {
        throw new Error(JSON.stringify(one), { cause: error });
      }
      cases++;
    }
    assert.equal(cases, 24);
  });

  it('of images and channels in the sizes of a network', async () => {
    await assertAlike(
      () => convolve({ size: [20, 20], channels: [32, 40], window: [3, 3], stride: 1, pad: 'same' }),
      1e-4,
    );
    await assertAlike(
      () => convolve({ size: [13, 13], channels: [70, 24], window: [4, 4], stride: 2, pad: 'same' }),
      1e-4,
    );
  }).timeout(60_000);

  it('with a dilated window', async () => {
    for (const dilation of [2, 3]) {
      await assertAlike(() => [
        conv2d(
          tensor4d(someValues([2, 9, 8, 3]), [2, 9, 8, 3]),
          tensor4d(someValues([3, 3, 3, 10]), [3, 3, 3, 10]),
          1,
          'same',
          'NHWC',
          dilation,
        ),
      ]);
    }
  });

  it('with a bias', async () => {
    await assertAlike(() => {
      const inputs = [
        tensor4d(someValues([2, 5, 5, 6]), [2, 5, 5, 6]),
        tensor4d(someValues([3, 3, 6, 11]), [3, 3, 6, 11]),
        tensor1d(someValues([11])),
      ];
      const forward = (x: Tensor, filter: Tensor, bias: Tensor): Tensor =>
        fused.conv2d({
          x: x as Tensor4D,
          filter: filter as Tensor4D,
          bias: bias,
          strides: 1,
          pad: 'same',
        });
      return [forward(inputs[0], inputs[1], inputs[2]), ...grads(forward)(inputs)];
    });
  });

  it('with a bias and an activation, which is left to tfjs', async () => {
    await assertAlike(() => [
      fused.conv2d({
        x: tensor4d(someValues([2, 5, 5, 6]), [2, 5, 5, 6]),
        filter: tensor4d(someValues([3, 3, 6, 11]), [3, 3, 6, 11]),
        bias: tensor1d(someValues([11])),
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
    ]);
  });

  it('transposed, with its gradients', async () => {
    await assertAlike(() => {
      const inputs = [
        tensor(someValues([2, 4, 4, 6]), [2, 4, 4, 6]),
        tensor(someValues([4, 4, 5, 6], 2), [4, 4, 5, 6]),
      ];
      const forward = (x: Tensor, filter: Tensor): Tensor =>
        conv2dTranspose(x as Tensor4D, filter as Tensor4D, [2, 8, 8, 5], 2, 'same');
      return [forward(inputs[0], inputs[1]), ...grads(forward)(inputs)];
    });
  });

  it('twice, as a penalty on gradients needs it', async () => {
    await assertAlike(() => {
      const inputs = [
        tensor(someValues([2, 6, 6, 3]), [2, 6, 6, 3]),
        tensor(someValues([4, 4, 3, 5], 2), [4, 4, 3, 5]),
      ];
      const penalty = (x: Tensor, filter: Tensor): Tensor => {
        const inner = (image: Tensor): Tensor => {
          const y = conv2d(image as Tensor4D, filter as Tensor4D, 2, 'same');
          return sum(mul(y, mul(y, y)));
        };
        const [dx] = grads(inner)([x]);
        return sum(mul(dx, dx));
      };
      return grads(penalty)(inputs);
    }, 1e-4);
  });

  it('agree with finite differences', async () => {
    await startWasm();
    await setBackend('wasm');
    engine().startScope();
    const values = someValues([1, 5, 5, 4]);
    const filter = tensor4d(someValues([3, 3, 4, 8], 2), [3, 3, 4, 8]);
    const loss = (x: Tensor): Tensor => sum(mul(conv2d(x as Tensor4D, filter, 2, 'same'), 1));
    const [dx] = grads(loss)([tensor(values, [1, 5, 5, 4])]).map((gradient) => gradient.dataSync());
    for (const at of [0, 17, 42, 99]) {
      // The loss is linear in x, so that a large step makes no error.
      const [up, down] = [1, -1].map((step) => {
        const moved = Float32Array.from(values, (value, i) => (i === at ? value + step : value));
        return loss(tensor(moved, [1, 5, 5, 4])).dataSync()[0];
      });
      assert.ok(Math.abs((up - down) / 2 - dx[at]) < 1e-4, `at ${at}`);
    }
    engine().endScope();
  });
});
