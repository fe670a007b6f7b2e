import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  addN,
  dispose,
  engine,
  getBackend,
  memory,
  mul,
  setBackend,
  square,
  sum,
  tensor,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { makeRandom } from '../../../../sdk/math/random';
import type { CaseInput, OperationCase } from './operation-case';

/**
 * Computes a case on the current backend: the output; or by each float input the gradient of the output's weighted sum;
 * or the gradient of the squared norm of those gradients (what R1 needs).
 */
export async function computeCase(
  { inputs, compute }: OperationCase,
  order: 0 | 1 | 2,
): Promise<Float32Array[]> {
  const before = memory();
  const tensors = inputs.map(({ values, shape }) =>
    tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
  );
  const floats = tensors.filter(({ dtype }) => dtype === 'float32');
  const results: Tensor[] = tidy(() => {
    if (order === 0) return [compute(...tensors)];
    const weighted = (): Scalar => {
      const y = compute(...tensors);
      return sum(mul(y, tensor(weightsOf(y.size), y.shape)));
    };
    if (order === 1) return differentiate(weighted, floats);
    const steepness = (): Scalar =>
      addN(differentiate(weighted, floats).map((gradient) => sum<Scalar>(square(gradient))));
    return differentiate(steepness, floats);
  });
  const values = await Promise.all(
    results.map(async (result) => Float32Array.from(await result.data<'float32'>())),
  );
  dispose(results);
  dispose(tensors);
  const { numTensors, numDataBuffers } = memory();
  const kept = [numTensors - before.numTensors, numDataBuffers - before.numDataBuffers];
  assert.deepEqual(kept, [0, 0], 'tensors and their buffers that were not given back');
  return values;
}

/** What the cpu backend computes for a case. */
export async function computeOnCpu(operation: OperationCase, order: 0 | 1 | 2): Promise<Float32Array[]> {
  const backend = getBackend();
  await setBackend('cpu');
  try {
    return await computeCase(operation, order);
  } finally {
    await setBackend(backend);
  }
}

/** The numbers that outputs are weighted with before they are summed and differentiated. */
export function weightsOf(length: number): Float32Array {
  const random = makeRandom(length);
  return Float32Array.from({ length }, () => random.normal());
}

/**
 * Asserts that each number is as near as the case wants it to what is expected; NaN and infinity must be the same.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { tolerance = 1e-5, floor }: Pick<OperationCase, 'tolerance' | 'floor'>,
): void {
  assert.equal(actual.length, expected.length, 'numbers of values');
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) largest = Math.max(largest, Math.abs(expected[i]));
  }
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance * (floor === undefined ? largest : floor + Math.abs(expected[i]));
    // Written so that NaN passes only beside NaN.
    if (
      actual[i] === expected[i] ||
      Object.is(actual[i], expected[i]) ||
      Math.abs(actual[i] - expected[i]) <= allowed
    )
      continue;
    assert.fail(`value ${i} is ${actual[i]}, expected ${expected[i]} ± ${allowed}`);
  }
}

/**
 * Asserts on the cpu backend that a case's derivatives are those of its values: central differences along random
 * directions. Float32 leaves them about three digits.
 */
export async function assertDerivatives(checked: OperationCase, order: 1 | 2): Promise<void> {
  const operation = { ...checked, inputs: checked.smallInputs ?? checked.inputs };
  const gradients = await computeOnCpu(operation, order);
  const floats = operation.inputs.filter(({ values }) => values instanceof Float32Array);
  const objective = async (inputs: readonly CaseInput[]): Promise<number> => {
    const [value, ...more] = await computeOnCpu({ ...operation, inputs }, order === 1 ? 0 : 1);
    if (order === 1) return dot(value, weightsOf(value.length));
    return [value, ...more].reduce((total, gradient) => total + dot(gradient, gradient), 0);
  };
  const random = makeRandom(7);
  const step = 5e-3;
  for (let repeat = 0; repeat < 2; repeat++) {
    const directions = floats.map(({ values }) => Float32Array.from(values, () => random.normal()));
    const moved = (by: number): CaseInput[] => {
      let at = 0;
      return operation.inputs.map((input) => {
        if (input.values instanceof Int32Array) return input;
        const direction = directions[at++];
        return { ...input, values: input.values.map((value, i) => value + by * direction[i]) };
      });
    };
    const measured = ((await objective(moved(step))) - (await objective(moved(-step)))) / (2 * step);
    const claimed = gradients.reduce((total, gradient, i) => total + dot(gradient, directions[i]), 0);
    const norm = Math.sqrt(gradients.reduce((total, gradient) => total + dot(gradient, gradient), 0));
    assert.ok(
      Math.abs(measured - claimed) <= 1e-2 * norm + 1e-4,
      `derivative ${order} along a direction is ${claimed}, by finite differences ${measured} (norm ${norm})`,
    );
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

/** Gradients, with zeros for an input that the output does not depend on. */
function differentiate(loss: () => Scalar, inputs: Tensor[]): Tensor[] {
  const { grads } = engine().gradients(loss, inputs, undefined, true);
  return inputs.map((input, i) => (grads as (Tensor | undefined)[])[i] ?? zerosLike(input));
}
