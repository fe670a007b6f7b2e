import assert from 'node:assert/strict';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { dispose, memory, tensor, tidy } from '@tensorflow/tfjs-core';

/** offset + scale·sin(0.7·i + phase) at the i-th value: numbers that the PyTorch side of these tests makes as well. */
export function wave<R extends Rank>(
  shape: number[],
  { phase, scale = 1, offset = 0 }: { phase: number; scale?: number; offset?: number },
): Tensor<R> {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, i) => offset + scale * Math.sin(0.7 * i + phase));
  return tensor<R>(values, shape as never);
}

/** The values of the tensors that `work` makes; no tensor is left. */
export async function valuesOf(work: () => Tensor[]): Promise<Float32Array[]> {
  const before = memory().numTensors;
  const tensors = tidy(work);
  const values = await Promise.all(tensors.map(async (one) => Float32Array.from(await one.data())));
  dispose(tensors);
  assert.equal(memory().numTensors, before);
  return values;
}

/** Asserts that every value is within a tolerance, relative where the value expected is above 1. */
export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]));
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= allowed,
      `value ${i}: ${actual[i]}, expected ${expected[i]}`,
    );
  }
}

/** Asserts that `work`, outside any tidy, leaves as many tensors as it returns, which are disposed. */
export function assertLeaksNothing(work: () => Tensor[]): void {
  const before = memory().numTensors;
  const made = work();
  assert.equal(memory().numTensors - before, made.length);
  dispose(made);
  assert.equal(memory().numTensors, before);
}
