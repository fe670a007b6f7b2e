import type { WeightArray } from '../../data/networks/weights';
import { HistoryPool } from '../../nn/train/history-pool';
import type { RunMemory } from '../../nn/train/training-plan';

/** The images made earlier for the sites of each pair. */
export interface ImageHistory extends RunMemory {
  readonly pools: readonly { readonly first: HistoryPool; readonly second: HistoryPool }[];
}

/** Makes empty pools for so many pairs. */
export function makeImageHistory(
  pairs: number,
  size: number,
  imageShape: readonly [number, number, number],
): ImageHistory {
  const pool = (): HistoryPool => new HistoryPool(size, imageShape);
  const pools = Array.from({ length: pairs }, () => ({ first: pool(), second: pool() }));
  const named = pools.flatMap(({ first, second }, pair): [string, HistoryPool][] => [
    [`made${pair}.first`, first],
    [`made${pair}.second`, second],
  ]);
  return {
    pools,
    arrays: async () => {
      const arrays = new Map<string, WeightArray>();
      for (const [name, one] of named) {
        const array = await one.array();
        if (array !== undefined) arrays.set(name, array);
      }
      return arrays;
    },
    restore: (arrays) => {
      for (const [name, one] of named) one.restore(arrays.get(name));
    },
    dispose: () => {
      for (const [, one] of named) one.dispose();
    },
  };
}
