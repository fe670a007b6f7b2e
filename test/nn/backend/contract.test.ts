import { env } from '@tensorflow/tfjs-core';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import type { OperationCase } from './contract/operation-case';
import { arrangementCases } from './contract/arrangement-cases';
import { broadcastCases } from './contract/broadcast-cases';
import { convolutionCases } from './contract/convolution-cases';
import { elementwiseCases } from './contract/elementwise-cases';
import { matrixCases } from './contract/matrix-cases';
import { reductionCases } from './contract/reduction-cases';
import { specialCases } from './contract/special-cases';
import { assertClose, assertDerivatives, computeCase, computeOnCpu, weightsOf } from './contract/run-case';

import { onEachBackend } from '../../support/backends';

const cases: readonly OperationCase[] = [
  ...convolutionCases,
  ...matrixCases,
  ...elementwiseCases,
  ...broadcastCases,
  ...reductionCases,
  ...arrangementCases,
  ...specialCases,
];

/** What is right for the cases, by name and order: computed once, whatever the number of backends. */
const known = new Map<string, Promise<readonly ArrayLike<number>[]>>();

function right(operation: OperationCase, order: 0 | 1 | 2): Promise<readonly ArrayLike<number>[]> {
  const key = `${order} ${operation.name}`;
  const found = known.get(key) ?? computeRight(operation, order);
  known.set(key, found);
  return found;
}

async function computeRight(
  operation: OperationCase,
  order: 0 | 1 | 2,
): Promise<readonly ArrayLike<number>[]> {
  const expected = operation.expected?.();
  if (order === 0 && expected !== undefined) return [expected.value];
  if (order === 1 && expected?.gradients !== undefined)
    return expected.gradients(weightsOf(expected.value.length));
  return computeOnCpu(operation, order);
}

const titles = ['value', 'gradient', 'gradient of the gradient'] as const;

onEachBackend('operations', (backend) => {
  if (backend === 'webgpu') {
    // So that small tensors are computed on the graphics card too, not on the processor.
    before(() => env().set('WEBGPU_CPU_FORWARD', false));
    after(() => env().set('WEBGPU_CPU_FORWARD', true));
  }

  for (const operation of cases) {
    it(operation.name, async () => {
      const { tolerance = 1e-5, orders = 1 } = operation;
      for (const order of ([0, 1, 2] as const).slice(0, orders + 1)) {
        const actual = await computeCase(operation, order);
        const expected = await right(operation, order);
        expected.forEach((values, i) => {
          try {
            assertClose(actual[i], values, { ...operation, tolerance: tolerance * (order === 2 ? 10 : 1) });
          } catch (error) {
            throw new Error(
              `${titles[order]} ${order === 0 ? '' : `by input ${i}`}: ${(error as Error).message}`,
            );
          }
        });
      }
    });
  }
});

describe('derivatives of operations (cpu)', () => {
  before(() => useBackend('cpu'));
  for (const operation of cases) {
    const { orders = 1, expected } = operation;
    // What both float64 loops and a single differentiation cover needs no differences.
    if (orders === 0 || (orders === 1 && expected?.().gradients !== undefined)) continue;
    it(operation.name, async () => {
      if (expected?.().gradients === undefined) await assertDerivatives(operation, 1);
      if (orders === 2) await assertDerivatives(operation, 2);
    });
  }
});
