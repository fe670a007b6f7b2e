// A method, fitted or trained on training scans, and stored.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { readJson, writeWhole } from './kept';
import type { Budget, Learned, Learning, TrainingPlan } from './study-types';
import { batchSizeOf } from './study-types';

/** Steps that are timed to plan a training, after as many that warm up: fewer where that would take longer than so many seconds. */
const timedSteps = 10;
const timedSeconds = 20;

/**
 * Fits a method that is quick, trains one that is not. A training that was stopped continues from its checkpoint, and so
 * does one whose budget has become larger.
 */
export async function learned(method: concord.methods.Method, learning: Learning): Promise<Learned> {
  const { target, folder, budget, way } = learning;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, method.model.storage.as === 'file' ? 'model.json' : 'model');
  // What is harmonized to is decided when some methods are fitted.
  const referenced = method.command?.scans?.fitted?.includes('reference') === true;
  const fit = {
    ...(referenced ? { reference: target } : {}),
    ...(way.then === undefined && way.effectFwhm !== undefined ? { effectFwhm: way.effectFwhm } : {}),
  };
  const options = Object.keys(fit).length === 0 ? {} : { fit };
  const shorter = (readPlan(folder)?.minutes ?? budget.minutes) < budget.minutes;
  // Before the plan is made longer: where that training is stopped, the model of the shorter one is not to pass for it.
  if (shorter) rmSync(path, { recursive: true, force: true });
  if (!existsSync(path)) {
    const began = performance.now();
    const model = await (method.quick
      ? fitted(method, learning.training, options)
      : trained(method, learning));
    await concord.saveModel(model, path);
    writeWhole(join(folder, 'learning.json'), { seconds: (performance.now() - began) / 1000 });
  }
  const model = await concord.loadAnyModel(path);
  const apply = {
    ...(way.detail === true ? { detail: 1 } : {}),
    ...(way.guided === undefined ? {} : { guided: way.guided }),
  };
  const given = Object.keys(apply).length === 0 ? {} : { apply };
  const harmonizer = method.harmonizers.images?.({ ...options, ...given, model });
  if (harmonizer === undefined) throw new Error(`${method.name} is not for slices`);
  const seconds = readJson<{ readonly seconds: number }>(join(folder, 'learning.json'))?.seconds;
  return { model, harmonizer, plan: method.quick ? undefined : readPlan(folder), seconds };
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
  { training, folder, seed, budget, way: { start }, plan: known }: Learning,
): Promise<concord.AnyModel> {
  const part = method.command?.train;
  if (part === undefined) throw new Error(`${method.name} cannot be trained`);
  const defaults: Record<string, unknown> = {};
  for (const [name, { initial }] of Object.entries(part.options)) defaults[name] = initial;
  const call = part.read(defaults);
  const startFrom =
    start === undefined ? {} : { startFrom: await concord.loadShippedModel(method.model.kind as 'ddae') };
  const batchSize = batchSizeOf(method.name);
  const fit = (steps: number, checkpoints: concord.networks.CheckpointStore): Promise<concord.AnyModel> =>
    call.fit(concord.networks.imageSource(training), {
      ...startFrom,
      size: budget.size,
      steps,
      batchSize,
      learningRate: part.learningRate / (start === undefined ? 1 : 2),
      seed,
      checkpoints,
    });
  const before = readPlan(folder);
  const planned = before ?? known;
  const plan =
    planned === undefined
      ? { ...(await makePlan((steps) => fit(steps, nowhere), budget)), batchSize }
      : extended(planned, budget);
  // Before the training: one that is stopped continues to the same end.
  writeWhole(join(folder, 'plan.json'), plan);
  return fit(plan.steps, concord.networks.checkpointFolder(join(folder, 'run')));
}

/** As many steps as fit into the minutes, by timing some: in time of the processor, which other programs change little. */
async function makePlan(
  fit: (steps: number) => Promise<unknown>,
  { minutes, size }: Budget,
): Promise<Omit<TrainingPlan, 'batchSize'>> {
  const { threads = 1 } = await concord.useBackend();
  const secondsOf = async (steps: number): Promise<number> => {
    const began = process.cpuUsage();
    await fit(steps);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6 / threads;
  };
  const timed = Math.min(timedSteps, Math.max(1, Math.floor(timedSeconds / (await secondsOf(1)))));
  const seconds = [await secondsOf(timed), await secondsOf(2 * timed)];
  const secondsPerStep = Math.max(1e-3, (seconds[1] - seconds[0]) / timed);
  return { steps: stepsIn(minutes, secondsPerStep), secondsPerStep, size, minutes };
}

/** The plan for a larger budget. Learning rates and weights that follow the number of steps were made for the first. */
function extended(plan: TrainingPlan, { minutes }: Budget): TrainingPlan {
  if (minutes <= plan.minutes) return plan;
  return { ...plan, minutes, steps: stepsIn(minutes, plan.secondsPerStep) };
}

function stepsIn(minutes: number, secondsPerStep: number): number {
  return Math.max(1, Math.floor((60 * minutes) / secondsPerStep));
}

const nowhere: concord.networks.CheckpointStore = {
  name: 'nowhere',
  latest: () => Promise.resolve(undefined),
  save: () => Promise.resolve(),
};

function readPlan(folder: string): TrainingPlan | undefined {
  return readJson<TrainingPlan>(join(folder, 'plan.json'));
}
