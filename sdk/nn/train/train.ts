import type { Issue } from '../../data/issue';
import type { TrainingRecord } from '../../data/networks/training-record';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { deriveSeed } from '../../math/random';
import type { BackendReport } from '../backend/backend-report';
import { slowBackendIssues } from '../backend/slow-backend';
import { ensureBackend } from '../backend/use-backend';
import { warmUpDecay } from '../optimize/ema';
import { toWeightTable } from '../parameters';
import { treeFromTable } from '../weight-trees';
import { requireConvergence } from './divergence';
import { pause, requireBackend } from './pause';
import { resolveOptions } from './resolve-options';
import { addPoint, namedValues, reportProgress, runSoFar } from './run-record';
import type { Session } from './session';
import { openSession, saveSession } from './session';
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
  /** What was noticed: damaged checkpoints that were passed over, a slow backend. */
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
  const settings = resolveOptions(options);
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
  const session = await openSession(plan, settings, backend.backend).catch((error: unknown) => {
    plan.memory?.dispose();
    throw error;
  });
  try {
    await runSteps(plan, settings, session, backend);
    const weights = session.best?.arrays ?? (await toWeightTable(judgedWeights(session.state)));
    const record: TrainingRecord = {
      ...runSoFar(session, settings, backend),
      stopped: session.converged ? 'converged' : 'finished',
    };
    settings.onEnd?.(structuredClone(record));
    return {
      networks: treeFromTable(plan.networks, weights),
      record,
      issues: [...slowBackendIssues(backend), ...session.issues],
    };
  } catch (error) {
    if (error instanceof ConcordError && error.code === 'aborted') {
      settings.onEnd?.({ ...runSoFar(session, settings, backend), stopped: 'aborted' });
    }
    throw error;
  } finally {
    disposeTrainingState(session.state);
    plan.memory?.dispose();
  }
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

/** Begins to draw a batch; when that fails, the failure is met where the batch is awaited. */
function drawAhead<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  step: number,
): Promise<Batch> {
  const batch = plan.batch(step);
  batch.catch(() => undefined);
  return batch;
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
