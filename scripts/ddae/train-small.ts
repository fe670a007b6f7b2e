// Trains the DDAE that ships with Concord: node --import tsx scripts/ddae/train-small.ts [folder] [steps] [phantoms]
// Phantoms: seven-site, those of the shipped model, or abcd-like, for comparison with MURD (npm run study:murd).
// A run that was stopped continues from its checkpoint.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import * as concord from 'concord-mri';
import { trainingPhantoms as vendors } from '../murd/phantoms';
import { trainingPhantoms as sevenSites } from './phantoms';

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? '.cache/ddae-small');
  const steps = Number(process.argv[3] ?? 10_000);
  const phantoms = process.argv[4] ?? 'seven-site';
  if (!['seven-site', 'abcd-like'].includes(phantoms)) throw new Error(`unknown phantoms: ${phantoms}`);
  mkdirSync(folder, { recursive: true });
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const cohort = await (phantoms === 'seven-site' ? sevenSites() : vendors());
  const model = await concord.fitDdae(cohort, {
    size: 'small',
    steps,
    batchSize: 32,
    learningRate: 0.001,
    seed: 1,
    logEvery: 50,
    validateEvery: 250,
    checkpointEvery: 250,
    checkpoints: concord.networks.checkpointFolder(resolve(folder, 'run')),
    onPoint: ({ step, seconds, values }) => {
      const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
      console.log(`${step} ${seconds.toFixed(0)} s  ${shown.join('  ')}`);
    },
  });
  await concord.saveModel(model, resolve(folder, 'model'), { overwrite: true });
}

void main();
