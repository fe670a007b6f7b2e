// Child process of nn.bench.ts: does its tasks with the wasm backend of TensorFlow.js as it is, with nothing of Concord.
//     node --import tsx stock-peer.ts FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  add,
  addN,
  clone,
  conv2d,
  dispose,
  div,
  grads,
  mean,
  minimum,
  mul,
  setBackend,
  slice,
  sqrt,
  square,
  squaredDifference,
  sum,
  tensor,
  tidy,
  train,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { version_wasm as version } from '@tensorflow/tfjs-backend-wasm';
// Registers the gradients of tfjs.
import '@tensorflow/tfjs-layers';
import type { WeightArray, WeightTable } from '../../../sdk/data/networks/weights';
import type { BenchTables } from './bench-tables';
import { readBenchTables } from './bench-tables';
import type { Abilities, Outcome } from './serve-tasks';
import { serveTasks } from './serve-tasks';
import { completeFilterGradient } from './stock-filter-gradient';
import type { StockInputs } from './stock-u-net';
import { stockUNet } from './stock-u-net';
import { trainingSettings } from './tasks';
import type { UNetPlan } from './u-net';

function toTensor({ data, shape }: WeightArray): Tensor {
  return tensor(data, [...shape]);
}

function tensorsOf(table: WeightTable): ReadonlyMap<string, Tensor> {
  return new Map([...table].map(([name, array]) => [name, toTensor(array)]));
}

function convolutions({ conv }: BenchTables): Pick<Abilities, 'conv-forward' | 'conv-training'> {
  const [x, kernel, dy] = ['x', 'kernel', 'dy'].map((name) => toTensor(conv.get(name) as WeightArray));
  const forward = (images: Tensor, weights: Tensor): Tensor =>
    conv2d(images as Tensor4D, weights as Tensor4D, 1, 'same');
  const backward = grads(forward);
  return {
    'conv-forward': () => ({ tensors: { y: forward(x, kernel) } }),
    'conv-training': () => {
      const [dx, dkernel] = backward([x, kernel], dy);
      return { tensors: { dx, dkernel } };
    },
  };
}

function network(tables: BenchTables, plan: UNetPlan): Pick<Abilities, 'inference' | 'latency' | 'step'> {
  const weights = tensorsOf(tables.weights);
  const batch = tensorsOf(tables.batch);
  const times = (tables.batch.get('times') as WeightArray).data;
  const [x, target, code] = ['x', 'target', 'code'].map((name) => batch.get(name) as Tensor);
  const all: StockInputs = { x: x as Tensor4D, times, code };
  const one: StockInputs = { x: slice(all.x, 0, 1), times: times.slice(0, 1), code: slice(code, 0, 1) };
  return {
    inference: () => ({ tensors: { output: tidy(() => stockUNet(weights, all, plan)) } }),
    latency: () => ({ tensors: { output: tidy(() => stockUNet(weights, one, plan)) } }),
    step: trainer(tables.weights, { ...all, target }, plan),
  };
}

/** What backward passes over all 16 images at once hold does not fit into the 4 GB that wasm can address. */
const imagesAtOnce = 4;

/** Trains with the optimizer of tfjs; the gradients of a few images at a time are added up. */
function trainer(
  table: WeightTable,
  { x, times, code, target }: StockInputs & { readonly target: Tensor },
  plan: UNetPlan,
): () => Promise<Outcome> {
  const weights = new Map([...table].map(([name, array]) => [name, variable(toTensor(array))]));
  const optimizer = train.adam(trainingSettings.learningRate, 0.9, 0.999, 1e-8);
  const share = imagesAtOnce / times.length;
  const lossFrom = (first: number): Scalar => {
    const part = <X extends Tensor>(all: X): X => slice<Rank, X>(all, first, imagesAtOnce);
    const inputs = {
      x: part(x),
      code: part(code),
      times: Array.from(times).slice(first, first + imagesAtOnce),
    };
    return mul(mean<Scalar>(squaredDifference(stockUNet(weights, inputs, plan), part(target))), share);
  };
  return async () => {
    let gradients: Gradients = new Map();
    let loss = 0;
    for (let first = 0; first < times.length; first += imagesAtOnce) {
      const { value, grads: found } = variableGrads(() => lossFrom(first), [...weights.values()]);
      loss += (await value.data())[0];
      const before = gradients;
      gradients = new Map(Object.entries(found).map(([name, one]) => [name, plus(one, before.get(name))]));
      dispose([value, ...Object.values(found), ...before.values()]);
    }
    const clipped = tidy(() => clip(gradients));
    optimizer.applyGradients(clipped);
    dispose([...gradients.values(), ...clipped.map((one) => one.tensor)]);
    return { loss };
  };
}

/** Gradients by the names of the variables. */
type Gradients = ReadonlyMap<string, Tensor>;

function plus(one: Tensor, other: Tensor | undefined): Tensor {
  return other === undefined ? clone(one) : add(one, other);
}

function clip(gradients: Gradients): { name: string; tensor: Tensor }[] {
  const norm = sqrt(addN([...gradients.values()].map((one) => sum(square(one)))));
  const factor = minimum(div(trainingSettings.clipNorm, add(norm, 1e-6)), 1);
  return [...gradients].map(([name, one]) => ({ name, tensor: mul(one, factor) }));
}

async function main([folder]: readonly string[]): Promise<void> {
  await setBackend('wasm');
  completeFilterGradient();
  const tables = await readBenchTables(folder);
  const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as UNetPlan;
  const about = `@tensorflow/tfjs-backend-wasm@${version} as it starts, one thread`;
  await serveTasks(about, { ...convolutions(tables), ...network(tables, plan) });
}

void main(process.argv.slice(2));
