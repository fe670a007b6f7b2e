// Trains the cVAE, the CycleGANs or the style-encoding GAN that ship with Concord, on the scanners and persons of the shipped MURD:
// npm run train:shipped -- cvae|cyclegan|style-gan [FOLDER] [--steps N]
// A run that was stopped continues from its checkpoint.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnyModel, ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { trainingPhantoms } from '../murd/phantoms';

/** What all trainings are given. */
type Run = Pick<
  concord.baselines.FitCvaeOptions,
  | 'steps'
  | 'seed'
  | 'averageDecay'
  | 'logEvery'
  | 'validateEvery'
  | 'checkpointEvery'
  | 'checkpoints'
  | 'onPoint'
>;

interface Training {
  /** Steps of the weights that ship. */
  readonly steps: number;
  readonly fit: (cohort: ImageCohort, run: Run) => Promise<AnyModel>;
}

const trainings: Readonly<Record<string, Training>> = {
  cvae: {
    steps: 1800,
    fit: (cohort, run) => concord.baselines.fitCvae(cohort, { size: 'small', ...run }),
  },
  cyclegan: {
    steps: 1000,
    // Four generators of the size `small` would weigh 20 MB.
    fit: (cohort, run) =>
      concord.baselines.fitCyclegan(cohort, {
        size: 'small',
        architecture: { width: 16, blocks: 4, criticWidths: [16, 32, 64] },
        hub: 'Siemens',
        batchSize: 6,
        learningRate: 0.0005,
        ...run,
      }),
  },
  'style-gan': {
    steps: 1000,
    fit: (cohort, run) =>
      concord.baselines.fitStargan(cohort, { domains: 'one', size: 'small', batchSize: 4, ...run }),
  },
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { steps: { type: 'string' } },
  });
  const [name, given = `.cache/${name}-small`] = positionals;
  if (!Object.hasOwn(trainings, name)) {
    throw new Error(`unknown training: ${name} (there are ${Object.keys(trainings).join(', ')})`);
  }
  const { fit, steps } = trainings[name];
  const folder = resolve(given);
  mkdirSync(folder, { recursive: true });
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const model = await fit(await trainingPhantoms(), {
    steps: Number(values.steps ?? steps),
    seed: 1,
    averageDecay: 0.995,
    logEvery: 50,
    validateEvery: 250,
    checkpointEvery: 250,
    checkpoints: concord.networks.checkpointFolder(resolve(folder, 'run')),
    onPoint: ({ step, seconds, values: terms }) => {
      const shown = Object.entries(terms).map(([term, value]) => `${term} ${value.toPrecision(4)}`);
      console.log(`${step} ${seconds.toFixed(0)} s  ${shown.join('  ')}`);
    },
  });
  for (const { message } of model.issues) console.log(message);
  await concord.saveModel(model, resolve(folder, 'model'), { overwrite: true });
}

void main();
