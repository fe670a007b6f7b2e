import assert from 'node:assert/strict';
import { fill, setBackend, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { startWasm } from '../../../../sdk/nn/backend/start-wasm';
import { assertAlike, someValues } from './on-both';

describe('sums on wasm', () => {
  it('over any axes', async () => {
    const shape = [3, 4, 5, 9];
    const every = [...Array(16).keys()].map((bits) => [0, 1, 2, 3].filter((axis) => bits & (1 << axis)));
    for (const axes of every.filter(({ length }) => length > 0)) {
      for (const keepDims of [false, true]) {
        await assertAlike(() => [sum(tensor(someValues(shape), shape), axes, keepDims)]);
      }
    }
  });

  it('of all sizes', async () => {
    for (const shape of [
      [1, 1],
      [1, 7],
      [512, 3],
      [4096, 32],
      [259, 8],
      [2, 1031],
      [70, 1, 300],
    ]) {
      for (let axis = 0; axis < shape.length; axis++) {
        await assertAlike(() => [sum(tensor(someValues(shape), shape), axis)], 1e-4);
      }
      await assertAlike(() => [sum(tensor(someValues(shape), shape))], 1e-4);
    }
  });

  it('of whole numbers and truth values', async () => {
    await assertAlike(() => [
      sum(tensor([1, 2, 3, 4], [2, 2], 'int32'), 0),
      sum(tensor([1, 0, 1], [3], 'bool')),
    ]);
  });

  it('of many values stay exact where single precision added one by one would not', async () => {
    await startWasm();
    await setBackend('wasm');
    const rows = 2 ** 20;
    const columns = 8;
    const total = tidy(() => sum(fill([rows, columns], 0.1), 0));
    const right = rows * Math.fround(0.1);
    for (const value of total.dataSync()) assert.ok(Math.abs(value / right - 1) < 1e-6, `${value}`);
    total.dispose();
  });
});
