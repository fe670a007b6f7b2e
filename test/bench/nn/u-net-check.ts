/**
 * Compares the U-Net of u-net.ts with the same network in PyTorch (u_net.py): its output and the gradient of a loss by
 * every weight, on one backend, in single precision, against PyTorch in single and in double precision.
 *
 *     node --import tsx test/bench/nn/u-net-check.ts PYTHON [cpu|wasm|tensorflow|webgpu] [images]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, squaredDifference, tensor } from '@tensorflow/tfjs-core';
import type { WeightArray, WeightTable } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import type { BackendName } from '../../../sdk/nn/backend/backend-report';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import { valueAndGradients } from '../../../sdk/nn/optimize/value-and-gradients';
import { toTensors } from '../../../sdk/nn/parameters';
import { countParameters, flattenTree, mapTree } from '../../../sdk/nn/weight-trees';
import { readTable, writeTable } from './array-table';
import type { UNet } from './u-net';
import { ddaeSized, initUNet, uNet } from './u-net';

const [python, backend = 'cpu', images = '2'] = process.argv.slice(2);
const batch = Number(images);
const random = makeRandom(5);

/** Weights that are all at work: what starts at 0 gets values as well, or nothing would reach the layers before it. */
function drawWeights(): UNet<WeightArray> {
  const fill = (leaf: WeightArray): WeightArray =>
    leaf.data.some((value) => value !== 0)
      ? leaf
      : initialize(
          random,
          leaf.shape,
          leaf.shape.length > 1 ? 'lecun-normal' : { name: 'normal', deviation: 0.1 },
        );
  return mapTree(initUNet(random, ddaeSized), fill) as UNet<WeightArray>;
}

function drawData(): WeightTable {
  const { size, codeSize } = ddaeSized;
  const normal = (...shape: number[]): WeightArray =>
    initialize(random, shape, { name: 'normal', deviation: 1 });
  const times = Float32Array.from({ length: batch }, () => random.integer(1000));
  return new Map([
    ['x', normal(batch, size, size, 1)],
    ['target', normal(batch, size, size, 1)],
    ['code', normal(batch, codeSize)],
    ['times', { shape: [batch], data: times }],
  ]);
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function largestDifference(found: Float32Array, expected: Float32Array): number {
  return found.reduce((worst, value, index) => Math.max(worst, Math.abs(value - expected[index])), 0);
}

/**
 * Arrays that are 0 but for rounding: the gradients of a bias that a normalization takes out again. They are not
 * compared.
 */
function vanishing(exact: WeightTable): ReadonlySet<string> {
  const scales = [...exact.values()].map(({ data }) => rootMeanSquare(data)).sort((a, b) => a - b);
  const least = 1e-5 * scales[Math.floor(scales.length / 2)];
  return new Set([...exact].filter(([, { data }]) => rootMeanSquare(data) < least).map(([name]) => name));
}

/** Prints the largest differences as shares of the root mean square of each array. */
function compare(
  what: string,
  [found, expected]: readonly [WeightTable, WeightTable],
  left: ReadonlySet<string>,
): void {
  const rows = [...expected].flatMap(([name, { data }]) => {
    const mine = found.get(name);
    if (mine === undefined) throw new Error(`${name} is missing`);
    return left.has(name) ? [] : [{ name, share: largestDifference(mine.data, data) / rootMeanSquare(data) }];
  });
  rows.sort((a, b) => b.share - a.share);
  const median = rows[Math.floor(rows.length / 2)].share;
  const output = rows.find(({ name }) => name === 'output')?.share ?? NaN;
  const worst = rows.slice(0, 3).map(({ name, share }) => `${name} ${share.toExponential(1)}`);
  console.log(`${what}: output ${output.toExponential(1)}, median of arrays ${median.toExponential(1)}`);
  console.log(`  worst: ${worst.join(', ')}`);
}

async function main(): Promise<void> {
  const report = await useBackend(backend as BackendName);
  const folder = mkdtempSync(path.join(tmpdir(), 'concord-u-net-'));
  try {
    const arrays = drawWeights();
    const data = drawData();
    writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(ddaeSized));
    writeTable(folder, 'weights', flattenTree<WeightArray>(arrays));
    writeTable(folder, 'data', data);
    const weights = toTensors(arrays);
    const at = (name: string): Tensor => {
      const { data: values, shape } = data.get(name) as WeightArray;
      return tensor(values, [...shape]);
    };
    const x = at('x');
    const target = at('target');
    const code = at('code');
    const run = (network: UNet<Tensor>): Tensor4D =>
      uNet(network, x as Tensor4D, {
        times: (data.get('times') as WeightArray).data,
        code: code as Tensor2D,
        plan: ddaeSized,
      });
    const output = run(weights);
    const { value, gradients } = valueAndGradients(
      (network) => ({ total: mean(squaredDifference(run(network), target)) }),
      weights,
    );
    const found = new Map<string, WeightArray>([
      ['output', { shape: output.shape, data: (await output.data()) as Float32Array }],
      ['loss', { shape: [], data: (await value.data()) as Float32Array }],
    ]);
    let index = 0;
    for (const name of flattenTree<WeightArray>(arrays).keys()) {
      const gradient = gradients[index++];
      found.set(`gradients.${name}`, {
        shape: gradient.shape,
        data: (await gradient.data()) as Float32Array,
      });
    }
    console.log(`${report.backend}, ${batch} images, ${countParameters(arrays)} parameters`);
    const ask = (precision: 'float32' | 'float64'): WeightTable => {
      execFileSync(python, [path.join(__dirname, 'u_net.py'), folder, precision], { stdio: 'inherit' });
      return readTable(folder, 'answers');
    };
    const single = ask('float32');
    const double = ask('float64');
    const left = vanishing(double);
    console.log(`${double.size - left.size} arrays compared; ${left.size} gradients are 0 but for rounding`);
    compare('against PyTorch float32', [found, single], left);
    compare('against PyTorch float64', [found, double], left);
    compare('PyTorch float32 against float64', [single, double], left);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
