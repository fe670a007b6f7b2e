import assert from 'node:assert/strict';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { fill, losses, mean, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { startWasm } from '../../../../sdk/nn/backend/start-wasm';
import { assertAlike, someValues } from './on-both';

const every = [...Array(16).keys()].map((bits) => [0, 1, 2, 3].filter((axis) => bits & (1 << axis)));

describe('means on wasm', () => {
  const shape = [3, 4, 5, 9];

  it('over any axes, of numbers and of whole numbers', async () => {
    const whole = someValues(shape).map((value) => Math.round(1000 * value));
    for (const axes of every.filter(({ length }) => length > 0)) {
      for (const keepDims of [false, true]) {
        await assertAlike(() => [
          mean(tensor(someValues(shape), shape), axes, keepDims),
          mean(tensor(whole, shape, 'int32'), axes, keepDims),
        ]);
      }
    }
  });

  it('of one value, and of truth values', async () => {
    await assertAlike(() => [mean(tensor([7])), mean(tensor([1, 0, 1, 1], [4], 'bool'))]);
  });

  it('of millions of values, and losses, are off by no more than the last digits', async () => {
    await startWasm();
    await setBackend('wasm');
    const count = 2 ** 22;
    const made = tidy(() => [
      mean(fill([count], 0.1)),
      losses.meanSquaredError<Tensor, Scalar>(fill([count], 0.1), fill([count], 0)),
      mean(tensor(new Int32Array(count).fill(1_000_003), [count], 'int32')),
    ]);
    const right = [Math.fround(0.1), Math.fround(0.1) ** 2, 1_000_003];
    made.forEach((value, i) => {
      const [found] = value.dataSync();
      assert.ok(Math.abs(found / right[i] - 1) < 2e-6, `${found}, not ${right[i]}`);
      value.dispose();
    });
  });
});
