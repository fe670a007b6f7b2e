// Trains on the wasm backend with checkpoints in a folder, and prints the weights at the end: node --import tsx
// killed-training.ts FOLDER STEPS MS. It kills itself some milliseconds after so many steps of its own, at whatever it is
// doing then: by steps, so that it comes as far on a slow machine.
import { setTimeout } from 'node:timers/promises';
import { checkpointFolder } from '../../../sdk/io/networks/checkpoint-folder';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { flattenTree } from '../../../sdk/nn/weight-trees';
import { train } from '../../../sdk/nn/train/train';
import { drawPairs, linePlan } from './training-problem';

async function main(folder: string | undefined, life: number, more: number): Promise<void> {
  await useBackend('wasm');
  let steps = 0;
  const slowly = async (step: number): Promise<ReturnType<typeof drawPairs>> => {
    if (folder !== undefined) await setTimeout(5);
    if (steps++ === life) void setTimeout(more).then(() => process.kill(process.pid, 'SIGKILL'));
    return drawPairs(step);
  };
  const { networks, record } = await train(linePlan({ batch: slowly }), {
    steps: 300,
    seed: 5,
    batchSize: 8,
    logEvery: 10,
    averageDecay: 0.95,
    checkpointEvery: 4,
    ...(folder === undefined ? {} : { checkpoints: checkpointFolder(folder) }),
  });
  const weights = [...flattenTree(networks).values()].map(({ data }) => [...data]);
  const history = record.history.map(({ step, values }) => ({ step, values }));
  process.stdout.write(`${JSON.stringify({ weights, history })}\n`);
}

void main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));
