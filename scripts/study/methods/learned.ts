// A method, fitted or trained on the training scans of a ground, and stored.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import type { Budget, Learned, Learning, TrainingPlan } from './study-types';

/** Steps that are timed to plan a training, after as many that warm up. */
const timedSteps = 10;

/** Fits a method that is quick, trains one that is not; a training that was stopped continues from its checkpoint. */
export async function learned(method: concord.methods.Method, learning: Learning): Promise<Learned> {
  const { training, target, folder } = learning;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, method.model.storage.as === 'file' ? 'model.json' : 'model');
  // What is harmonized to is decided when some methods are fitted.
  const referenced = method.command?.scans?.fitted?.includes('reference') === true;
  const options = referenced ? { fit: { reference: target } } : {};
  if (!existsSync(path)) {
    const model = await (method.quick ? fitted(method, training, options) : trained(method, learning));
    await concord.saveModel(model, path, { overwrite: true });
  }
  const model = await concord.loadAnyModel(path);
  const harmonizer = method.harmonizers.images?.({ ...options, model });
  if (harmonizer === undefined) throw new Error(`${method.name} is not for slices`);
  const plan = method.quick ? undefined : readPlan(folder);
  return { model, harmonizer, plan };
}

async function fitted(
  method: concord.methods.Method,
  training: ImageCohort,
  options: object,
): Promise<concord.AnyModel> {
  const harmonizer = method.harmonizers.images?.(options);
  if (harmonizer === undefined) throw new Error(`${method.name} is not for slices`);
  return harmonizer.fit(training);
}

async function trained(
  method: concord.methods.Method,
  { training, folder, seed, budget }: Learning,
): Promise<concord.AnyModel> {
  const part = method.command?.train;
  if (part === undefined) throw new Error(`${method.name} cannot be trained`);
  const defaults: Record<string, unknown> = {};
  for (const [name, { initial }] of Object.entries(part.options)) defaults[name] = initial;
  const call = part.read(defaults);
  const fit = (steps: number, checkpoints: concord.networks.CheckpointStore): Promise<concord.AnyModel> =>
    call.fit(concord.networks.imageSource(training), {
      size: budget.size,
      steps,
      batchSize: 16,
      learningRate: part.learningRate,
      seed,
      checkpoints,
    });
  const plan = readPlan(folder) ?? (await makePlan((steps) => fit(steps, nowhere), budget));
  writeWhole(join(folder, 'plan.json'), plan);
  return fit(plan.steps, concord.networks.checkpointFolder(join(folder, 'run')));
}

/** As many steps as fit into the minutes, by timing some: learning rates and weights follow the number of steps. */
async function makePlan(
  fit: (steps: number) => Promise<unknown>,
  { minutes, size }: Budget,
): Promise<TrainingPlan> {
  await fit(1);
  const seconds: number[] = [];
  for (const steps of [timedSteps, 2 * timedSteps]) {
    const began = performance.now();
    await fit(steps);
    seconds.push((performance.now() - began) / 1000);
  }
  const secondsPerStep = Math.max(1e-3, (seconds[1] - seconds[0]) / timedSteps);
  return { steps: Math.max(1, Math.floor((60 * minutes) / secondsPerStep)), secondsPerStep, size, minutes };
}

const nowhere: concord.networks.CheckpointStore = {
  name: 'nowhere',
  latest: () => Promise.resolve(undefined),
  save: () => Promise.resolve(),
};

function readPlan(folder: string): TrainingPlan | undefined {
  const path = join(folder, 'plan.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TrainingPlan) : undefined;
}

/** Writes JSON under another name first, so that what is there is whole. */
export function writeWhole(path: string, value: unknown): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}
