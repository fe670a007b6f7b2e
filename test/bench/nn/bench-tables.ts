import { join } from 'node:path';
import type { WeightTable } from '../../../sdk/data/networks/weights';
import { readSafetensors } from '../../../sdk/io/networks/safetensors-file';

/** The arrays that every program works on, see bench-data.ts. */
export interface BenchTables {
  readonly conv: WeightTable;
  readonly weights: WeightTable;
  readonly batch: WeightTable;
  readonly ganWeights: WeightTable;
  readonly ganBatch: WeightTable;
}

/** Reads what bench-data.ts wrote. */
export async function readBenchTables(folder: string): Promise<BenchTables> {
  const read = async (name: string): Promise<WeightTable> =>
    (await readSafetensors(join(folder, `${name}.safetensors`))).table;
  return {
    conv: await read('conv'),
    weights: await read('weights'),
    batch: await read('batch'),
    ganWeights: await read('ganWeights'),
    ganBatch: await read('ganBatch'),
  };
}
