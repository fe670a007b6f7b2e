// Child process of nn.bench.ts: does its tasks on a backend of Concord.
//     node --import tsx concord-peer.ts BACKEND THREADS software|hardware FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rank, ShapeMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { dispose, grads, slice, tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import type { BackendReport } from '../../../sdk/nn/backend/backend-report';
import { conv2d } from '../../../sdk/nn/blocks/conv2d';
import { meanSquaredError } from '../../../sdk/nn/losses/squared-error';
import { toTensors } from '../../../sdk/nn/parameters';
import { treeFromTable } from '../../../sdk/nn/weight-trees';
import type { TrainingPlan } from '../../../sdk/nn/train/training-plan';
import { newTrainingState } from '../../../sdk/nn/train/training-state';
import { trainingStep } from '../../../sdk/nn/train/training-step';
import type { BenchTables } from './bench-tables';
import { readBenchTables } from './bench-tables';
import { ganTrainer } from './gan';
import { kernelTimes } from './kernel-times';
import type { Abilities, Outcome } from './serve-tasks';
import { serveTasks } from './serve-tasks';
import { startBackend } from './start-backend';
import { trainingSettings } from './tasks';
import type { UNet, UNetConditions, UNetPlan } from './u-net';
import { initUNet, uNet } from './u-net';

interface Batch {
  readonly x: Tensor4D;
  readonly target: Tensor4D;
  readonly conditions: UNetConditions;
}

function toTensor<R extends Rank>({ data, shape }: WeightArray): Tensor<R> {
  return tensor<R>(data, shape as ShapeMap[R]);
}

function describe(report: BackendReport): string {
  const words = [report.package, ...report.notes, report.device];
  if (report.threads !== undefined) words.push(`${report.threads} threads`);
  return words.join(', ');
}

function convolutions({ conv }: BenchTables): Pick<Abilities, 'conv-forward' | 'conv-training'> {
  const [x, kernel, dy] = ['x', 'kernel', 'dy'].map((name) => toTensor(conv.get(name) as WeightArray));
  const backward = grads((images, weights) => conv2d({ kernel: weights }, images));
  return {
    'conv-forward': () => ({ tensors: { y: conv2d({ kernel: kernel }, x) } }),
    'conv-training': () => {
      const [dx, dkernel] = backward([x, kernel], dy);
      return { tensors: { dx, dkernel } };
    },
  };
}

function gan(tables: BenchTables): Pick<Abilities, 'gan-step' | 'profile-gan-step'> {
  const step = ganTrainer(tables);
  return { 'gan-step': step, 'profile-gan-step': async () => ({ profile: await kernelTimes(step) }) };
}

function network(tables: BenchTables, plan: UNetPlan): Omit<Abilities, 'conv-forward' | 'conv-training'> {
  const weights = treeFromTable<UNet<WeightArray>>(initUNet(makeRandom(0), plan), tables.weights);
  const fixed = toTensors(weights) as UNet<Tensor>;
  const at = (name: string): WeightArray => tables.batch.get(name) as WeightArray;
  const conditions = { times: at('times').data, code: toTensor<Rank.R2>(at('code')) };
  const batch = { x: toTensor<Rank.R4>(at('x')), target: toTensor<Rank.R4>(at('target')), conditions };
  const one = {
    x: slice(batch.x, 0, 1),
    conditions: { times: conditions.times.slice(0, 1), code: slice(conditions.code, 0, 1) },
  };
  const step = trainer(weights, batch, plan);
  const latency = (): { readonly tensors: { readonly output: Tensor } } => ({
    tensors: { output: uNet(fixed, one.x, { ...one.conditions, plan }) },
  });
  const seen = (): Promise<void> => Promise.resolve(dispose(latency().tensors.output));
  return {
    inference: () => ({ tensors: { output: uNet(fixed, batch.x, { ...conditions, plan }) } }),
    latency,
    step,
    'profile-step': async () => ({ profile: await kernelTimes(step) }),
    'profile-latency': async () => ({ profile: await kernelTimes(seen) }),
  };
}

/** Trains the network with the library's own training step, always on the same batch. */
function trainer(weights: UNet<WeightArray>, batch: Batch, sizes: UNetPlan): () => Promise<Outcome> {
  const { learningRate, clipNorm } = trainingSettings;
  const plan: TrainingPlan<{ unet: UNet<WeightArray> }, Batch> = {
    label: 'bench',
    networks: { unet: weights },
    updates: [
      {
        name: 'unet',
        trains: ['unet'],
        optimizer: { learningRate, clipNorm },
        loss: ({ unet }, { x, target, conditions }) => {
          const output = uNet(unet, x, { ...conditions, plan: sizes });
          return { total: meanSquaredError(output, target) };
        },
      },
    ],
    batch: () => Promise.resolve(batch),
    fingerprint: {},
  };
  const state = newTrainingState(plan, false);
  let step = 0;
  return async () => {
    let loss = NaN;
    step += 1;
    await trainingStep(plan, state, { step, batch, seed: () => 0 }, ({ losses }) => (loss = losses['loss']));
    return { loss };
  };
}

async function main(words: readonly string[]): Promise<void> {
  let started: Awaited<ReturnType<typeof startBackend>>;
  try {
    started = await startBackend(words);
  } catch (error) {
    console.log(JSON.stringify({ unavailable: error instanceof Error ? error.message : String(error) }));
    return;
  }
  const [folder] = started.rest;
  const tables = await readBenchTables(folder);
  const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as UNetPlan;
  await serveTasks(describe(started.report), {
    ...convolutions(tables),
    ...network(tables, plan),
    ...gan(tables),
  });
}

void main(process.argv.slice(2));
