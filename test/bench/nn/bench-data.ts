import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightArray, WeightTable } from '../../../sdk/data/networks/weights';
import { writeSafetensors } from '../../../sdk/io/networks/safetensors-file';
import { makeRandom } from '../../../sdk/math/random';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import { flattenTree, mapTree } from '../../../sdk/nn/weight-trees';
import { ganTables } from './gan';
import { trainingSettings } from './tasks';
import { ddaeSized, initUNet } from './u-net';

/** How many images the U-Net is given. */
const batch = 16;

/**
 * Writes what every program of the benchmark works on: `plan.json`, and as safetensors (images NHWC, kernels height ×
 * width × in × out) `conv` (x, kernel, dy), `weights` of the U-Net and its `batch` (x, target, code, times), and those
 * of the GAN (gan.ts).
 */
export async function writeBenchData(folder: string): Promise<void> {
  const random = makeRandom(5);
  const normal = (deviation: number, ...shape: number[]): WeightArray =>
    initialize(random, shape, { name: 'normal', deviation });
  // What starts at 0 gets values as well, or nothing would reach the layers before it.
  const weights = mapTree(initUNet(random, ddaeSized), (leaf) =>
    leaf.data.some((value) => value !== 0)
      ? leaf
      : leaf.shape.length > 1
        ? initialize(random, leaf.shape, 'lecun-normal')
        : normal(0.1, ...leaf.shape),
  );
  const { size, codeSize } = ddaeSized;
  const tables: Readonly<Record<string, WeightTable>> = {
    conv: new Map([
      ['x', normal(1, 8, 64, 64, 64)],
      ['kernel', normal(1 / 24, 3, 3, 64, 64)],
      ['dy', normal(1, 8, 64, 64, 64)],
    ]),
    weights: flattenTree(weights),
    batch: new Map([
      ['x', normal(1, batch, size, size, 1)],
      ['target', normal(1, batch, size, size, 1)],
      ['code', normal(1, batch, codeSize)],
      ['times', { shape: [batch], data: Float32Array.from({ length: batch }, () => random.integer(1000)) }],
    ]),
    ...ganTables(random),
  };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...ddaeSized, ...trainingSettings }));
  for (const [name, table] of Object.entries(tables)) {
    await writeSafetensors(join(folder, `${name}.safetensors`), table);
  }
}
