import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import { getBackend, memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { makeRandom } from '../../../../sdk/math/random';
import { startCpu } from '../../../../sdk/nn/backend/start-cpu';
import { startWasm } from '../../../../sdk/nn/backend/start-wasm';

/** Numbers between -1 and 1, the same at every run. */
export function someValues(shape: readonly number[], seed = 1): Float32Array {
  const random = makeRandom(seed);
  const count = shape.reduce((size, length) => size * length, 1);
  return Float32Array.from({ length: count }, () => 2 * random.uniform() - 1);
}

async function valuesOn(backend: string, compute: () => Tensor[]): Promise<Float32Array[]> {
  await setBackend(backend);
  const before = memory().numTensors;
  const tensors = tidy(compute);
  const values = tensors.map((tensor) => Float32Array.from(tensor.dataSync()));
  for (const tensor of tensors) tensor.dispose();
  assert.equal(memory().numTensors, before, `${backend} leaks tensors`);
  return values;
}

/** Computes on the wasm backend and on tfjs's cpu backend, which is another program, and compares all values. */
export async function assertAlike(compute: () => Tensor[], tolerance = 2e-5): Promise<void> {
  const previous = getBackend() as string | undefined;
  await Promise.all([startCpu(), startWasm()]);
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('wasm', compute);
  if (previous !== undefined) await setBackend(previous);
  expected.forEach((values, which) => {
    assert.equal(actual[which].length, values.length);
    values.forEach((value, i) => {
      const close = Math.abs(actual[which][i] - value) <= tolerance * Math.max(1, Math.abs(value));
      if (!close && !Object.is(actual[which][i], value)) {
        assert.fail(`result ${which}, value ${i}: ${actual[which][i]}, expected ${value}`);
      }
    });
  });
}
