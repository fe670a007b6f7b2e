import { getBackend } from '@tensorflow/tfjs-core';
import type { Issue } from '../../data/issue';
import { requireCount } from '../../data/require-count';
import { breathe } from '../../data/run-options';
import type { TrainingPoint, TrainingRecord, TrainingSoFar } from '../../data/networks/training-record';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { deriveSeed } from '../../math/random';
import type { BackendReport } from '../backend/backend-report';
import { ensureBackend } from '../backend/use-backend';
import { warmUpDecay } from '../optimize/ema';
import { toWeightTable, treeFromTable } from '../parameters';
import { requireConvergence } from './divergence';
import type { Session } from './session';
import { openSession, saveSession, sessionSeconds } from './session';
import type { Resolved, TrainOptions } from './train-options';
import type { TrainingPlan } from './training-plan';
import { disposeTrainingState, judgedWeights } from './training-state';
import { averageWeights, trainingStep } from './training-step';
import { advise, option } from '../../remedy';

/** What training gives. */
export interface TrainingResult<Networks> {
  /** The weights with the best validation metric, or the last ones where nothing is validated. */
  readonly networks: Networks;
  readonly record: TrainingRecord;
  /** What was noticed: damaged checkpoints that were passed over. */
  readonly issues: readonly Issue[];
}

/**
 * Trains networks on the current backend (`useBackend`, else `auto`). Every random draw comes from the seed and the
 * number of the step, so that the same seed on the same backend gives the same bits, also when the run was stopped,
 * even killed, and resumed from a checkpoint.
 *
 * @throws ConcordError `aborted` when `signal` fires (a checkpoint is kept first, where there is a place for them);
 * `diverged` with a diagnosis when a loss or gradient is not a number or runs away; `invalid-option`.
 */
export async function train<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: TrainOptions,
): Promise<TrainingResult<Networks>> {
  const settings = resolve(options);
  const backend = await ensureBackend();
  const { checkpoints } = settings;
  // A place that another run has is refused before anything is trained.
  await checkpoints?.open?.();
  try {
    return await runSession(plan, settings, backend);
  } finally {
    await checkpoints?.close?.();
  }
}

async function runSession<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  settings: Resolved,
  backend: BackendReport,
): Promise<TrainingResult<Networks>> {
  const session = await openSession(plan, settings, backend.backend);
  try {
    await runSteps(plan, settings, session, backend);
    const weights = session.best?.arrays ?? (await toWeightTable(judgedWeights(session.state)));
    const record: TrainingRecord = {
      ...runSoFar(session, settings, backend),
      stopped: session.converged ? 'converged' : 'finished',
    };
    settings.onEnd?.(structuredClone(record));
    return { networks: treeFromTable(plan.networks, weights), record, issues: session.issues };
  } catch (error) {
    if (error instanceof ConcordError && error.code === 'aborted') {
      settings.onEnd?.({ ...runSoFar(session, settings, backend), stopped: 'aborted' });
    }
    throw error;
  } finally {
    disposeTrainingState(session.state);
  }
}

/**
 * Checks a seed.
 *
 * @throws ConcordError `invalid-option` unless it is a whole number.
 */
export function requireSeed(seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  throw new ConcordError('invalid-option', `invalid seed: ${seed} (a whole number)`);
}

function resolve(options: TrainOptions): Resolved {
  const { steps } = options;
  const share = (part: number): number => Math.max(1, Math.round(steps / part));
  const resolved = {
    ...options,
    logEvery: options.logEvery ?? share(100),
    validateEvery: options.validateEvery ?? share(20),
    checkpointEvery: options.checkpointEvery ?? share(20),
  };
  for (const name of ['steps', 'batchSize', 'logEvery', 'validateEvery', 'checkpointEvery'] as const) {
    requireCount(name, resolved[name]);
  }
  requireSeed(options.seed);
  const { averageDecay } = options;
  if (averageDecay !== undefined && !(averageDecay >= 0 && averageDecay < 1)) {
    throw new ConcordError('invalid-option', `invalid averageDecay: ${averageDecay} (0 to below 1)`);
  }
  return resolved;
}

async function runSteps<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  session: Session,
  backend: BackendReport,
): Promise<void> {
  const due = (every: number): boolean => session.step % every === 0 || session.step === options.steps;
  let upcoming = drawAhead(plan, session.step + 1);
  while (session.step < options.steps && !session.converged) {
    await pause(plan, options, session);
    await requireBackend(plan, options, session, backend);
    const batch = await upcoming;
    const step = session.step + 1;
    // The next batch is read while this one is learned from.
    if (step < options.steps) upcoming = drawAhead(plan, step + 1);
    const seed = (update: number): number => deriveSeed(deriveSeed(options.seed, step), update);
    await trainingStep(plan, session.state, { step, batch, seed }, (outcome) => {
      requireConvergence(outcome, session.history);
      session.means.add(namedValues(outcome));
    });
    averageWeights(session.state, warmUpDecay(options.averageDecay ?? 0, step - 1));
    session.step = step;
    const validated = plan.validate !== undefined && due(options.validateEvery);
    const metric = validated ? await validate(plan, session) : undefined;
    if (due(options.logEvery) || validated) addPoint(session, options, backend, metric);
    if (due(options.checkpointEvery) || session.converged) await saveSession(plan, options, session);
    reportProgress(plan.label, session, options);
  }
}

/**
 * Checks that nobody has changed the backend meanwhile: the run would continue elsewhere, to other bits.
 *
 * @throws ConcordError `unavailable-backend`, after a checkpoint.
 */
async function requireBackend<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  session: Session,
  { backend }: BackendReport,
): Promise<void> {
  if (getBackend() === backend) return;
  await keepWhatIsDone(plan, options, session);
  throw new ConcordError(
    'unavailable-backend',
    `the backend was changed from ${backend} to ${getBackend()} while training on it, after step ${session.step} ` +
      '(change it when the training is over; it continues from its checkpoint, where it has one)',
  );
}

async function keepWhatIsDone<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  session: Session,
): Promise<void> {
  if (session.step > session.startedAt) await saveSession(plan, options, session);
}

/** Begins to draw a batch; when that fails, the failure is met where the batch is awaited. */
function drawAhead<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  step: number,
): Promise<Batch> {
  const batch = plan.batch(step);
  batch.catch(() => undefined);
  return batch;
}

/** Lets the event loop run; when the caller has canceled, keeps a checkpoint before saying so. */
async function pause<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  session: Session,
): Promise<void> {
  try {
    await breathe(options.signal);
  } catch (cause) {
    const { step } = session;
    const done = `training was canceled after step ${step} of ${options.steps}`;
    if (options.checkpoints === undefined) {
      throw new ConcordError('aborted', done, {
        cause,
        remedy: advise`give it ${option('checkpoints')} to be able to continue`,
      });
    }
    await keepWhatIsDone(plan, options, session);
    throw new ConcordError('aborted', done, {
      cause,
      remedy: advise`call again to continue from ${options.checkpoints.name}`,
    });
  }
}

function namedValues(outcome: Parameters<typeof requireConvergence>[0]): Record<string, number> {
  const { update, losses, gradientNorm, learningRate } = outcome;
  const named = Object.entries(losses).map(([name, value]) => [`${update} ${name}`, value]);
  return {
    ...(Object.fromEntries(named) as Record<string, number>),
    [`${update} gradient norm`]: gradientNorm,
    [`${update} learning rate`]: learningRate,
  };
}

async function validate<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  session: Session,
): Promise<number> {
  const weights = judgedWeights<Networks>(session.state);
  const metric = (await plan.validate?.(weights)) ?? NaN;
  if (!Number.isFinite(metric)) {
    throw new ConcordError(
      'diverged',
      `training diverged: the validation metric at step ${session.step} is ${metric}`,
      { remedy: advise`lower ${option('learningRate')}` },
    );
  }
  if (session.best === undefined || metric < session.best.metric) {
    session.best = { step: session.step, metric, arrays: await toWeightTable(judgedWeights(session.state)) };
  }
  return metric;
}

function addPoint(
  session: Session,
  options: Resolved,
  backend: BackendReport,
  metric: number | undefined,
): void {
  const values = { ...session.means.take(), ...(metric === undefined ? {} : { validation: metric }) };
  const point: TrainingPoint = { step: session.step, seconds: sessionSeconds(session), values };
  session.history.push(point);
  // Copies: whoever watches may do with them what they like, and the run stays as it is.
  const { history, ...run } = structuredClone(runSoFar(session, options, backend));
  const latest = history[history.length - 1];
  options.onPoint?.(latest, { ...run, history });
  session.converged = options.stopWhen?.(structuredClone(point), structuredClone(session.history)) ?? false;
}

function runSoFar(session: Session, { seed, batchSize }: Resolved, backend: BackendReport): TrainingSoFar {
  const { best, step, history } = session;
  return {
    steps: step,
    seconds: sessionSeconds(session),
    backend: { name: backend.backend, device: backend.device },
    seed,
    batchSize,
    history: [...history],
    ...(best === undefined ? {} : { best: { step: best.step, metric: best.metric } }),
  };
}

/** Time left is reckoned from the steps of this session: earlier ones may have run on another machine. */
function reportProgress(label: string, session: Session, { steps, onProgress }: Resolved): void {
  const { step, startedAt, clock } = session;
  const secondsEach = (performance.now() - clock) / 1000 / (step - startedAt);
  onProgress?.({ label, done: step, total: steps, secondsLeft: secondsEach * (steps - step) });
}
