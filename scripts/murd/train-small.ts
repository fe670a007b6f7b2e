// Trains the MURD that ships with Concord: node --import tsx scripts/murd/train-small.ts [folder] [steps] [model]
// With a model it continues from that one, with less weight on content and no diversity term. A run that was stopped
// continues from its checkpoint.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import * as concord from 'concord-mri';
import { trainingPhantoms } from './phantoms';

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? '.cache/murd-small');
  const steps = Number(process.argv[3] ?? 4000);
  const before =
    process.argv[4] === undefined ? undefined : await concord.loadModel(resolve(process.argv[4]), 'murd');
  mkdirSync(folder, { recursive: true });
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const model = await concord.fitMurd(await trainingPhantoms(), {
    size: 'small',
    steps,
    batchSize: 8,
    // These scanners have one style each: styles that differ within a site are not worth much here, edges are.
    ...(before === undefined
      ? { seed: 1, weights: { styleConsistency: 1, gradients: 5 }, diversityUntil: 0.1 }
      : {
          seed: 2,
          startFrom: before,
          diversityUntil: 0,
          weights: { contentConsistency: 2, styleConsistency: 1, gradients: 5, diversity: 0 },
        }),
    logEvery: 50,
    validateEvery: 250,
    checkpointEvery: 250,
    checkpoints: concord.networks.checkpointFolder(resolve(folder, 'run')),
    onPoint: ({ step, seconds, values }) => {
      const shown = Object.entries(values)
        .filter(([name]) => !name.endsWith('rate') && !name.endsWith('norm'))
        .map(([name, value]) => `${name} ${value.toPrecision(4)}`);
      console.log(`${step} ${seconds.toFixed(0)} s  ${shown.join('  ')}`);
    },
  });
  for (const { message } of model.issues) console.log(message);
  await concord.saveModel(model, resolve(folder, 'model'), { overwrite: true });
}

void main();
