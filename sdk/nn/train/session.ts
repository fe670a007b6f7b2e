import type { Checkpoint } from '../../data/networks/checkpoint';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import type { TrainingPoint } from '../../data/networks/training-record';
import type { Tree, WeightArray, WeightTable } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { BackendName } from '../backend/backend-report';
import { underPrefix } from '../weight-trees';
import type { IntervalMeans } from './interval-means';
import { intervalMeans } from './interval-means';
import type { Resolved } from './train-options';
import type { TrainingPlan } from './training-plan';
import type { TrainingState } from './training-state';
import { keptState } from './kept-state';
import { newTrainingState, stateArrays, stateFromArrays } from './training-state';
import { advise, option } from '../../remedy';
import { counted } from '../../data/counted';

/** The weights that were best so far. */
export interface BestWeights {
  readonly step: number;
  readonly metric: number;
  readonly arrays: WeightTable;
}

/** A training run under way: what a checkpoint keeps. Its members change during training. */
export interface Session {
  readonly state: TrainingState;
  readonly means: IntervalMeans;
  readonly history: TrainingPoint[];
  /** Steps done. */
  step: number;
  /** Steps done when this process took the run up. */
  readonly startedAt: number;
  /** Seconds of training in earlier processes. */
  readonly secondsBefore: number;
  /** When this process took the run up, on the clock of `performance.now`. */
  readonly clock: number;
  best?: BestWeights;
  /** What it runs on. */
  readonly backend: BackendName;
  /** Whether the run ended itself, see `stopWhen`. */
  converged: boolean;
  /** What was noticed when the run was taken up. */
  readonly issues: readonly Issue[];
}

/** Seconds of training so far, in all processes. */
export function sessionSeconds({ secondsBefore, clock }: Session): number {
  return secondsBefore + (performance.now() - clock) / 1000;
}

/**
 * Takes up the run from its newest checkpoint, or begins it.
 *
 * @throws ConcordError `invalid-option` when the checkpoints are of another run.
 */
export async function openSession<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  backend: BackendName,
): Promise<Session> {
  const { checkpoints, averageDecay } = options;
  const withAverages = averageDecay !== undefined;
  const checkpoint = await checkpoints?.latest();
  const clock = performance.now();
  if (checkpoint === undefined) {
    const state = newTrainingState(plan, withAverages);
    const fresh = { step: 0, startedAt: 0, secondsBefore: 0, converged: false, issues: [] };
    return { state, means: intervalMeans(), history: [], clock, backend, ...fresh };
  }
  const { step, arrays, issues = [] } = checkpoint;
  const kept = keptState(step, checkpoint.state, checkpoints?.name ?? '');
  requireSameRun(kept.run, runOf(plan, options), checkpoints?.name ?? '');
  if (step > options.steps) {
    throw new ConcordError(
      'invalid-option',
      `the run in ${checkpoints?.name} has done ${counted(step, 'step')}, but ${options.steps} were requested`,
      { remedy: advise`request at least as many with ${option('steps')}, or choose another folder` },
    );
  }
  const history = [...kept.history];
  const { best } = kept;
  plan.memory?.restore(underPrefix(arrays, 'memory'));
  return {
    state: stateFromArrays(plan, arrays, withAverages),
    means: intervalMeans(kept.means),
    history,
    backend,
    step,
    startedAt: step,
    secondsBefore: kept.seconds,
    clock,
    // Asked again, since the question may be another by now, or gone.
    converged: kept.converged && endsHere(options, history),
    issues: [...issues, ...otherBackend(kept.backend, backend, step)],
    ...(best === null ? {} : { best: { ...best, arrays: underPrefix(arrays, 'best') } }),
  };
}

function endsHere({ stopWhen }: Resolved, history: readonly TrainingPoint[]): boolean {
  const point = history.at(-1);
  return point !== undefined && (stopWhen?.(structuredClone(point), structuredClone(history)) ?? false);
}

function otherBackend(before: string, now: BackendName, step: number): readonly Issue[] {
  if (before === now) return [];
  const message = `the first ${counted(step, 'step was', 'steps were')} done on the backend ${before}, the rest on ${now}`;
  return [makeIssue('other-backend', message)];
}

/** Keeps all that the run needs to continue. */
export async function saveSession<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  options: Resolved,
  session: Session,
): Promise<void> {
  if (options.checkpoints === undefined) return;
  const { best, step, history, means, converged } = session;
  const arrays = await stateArrays(plan, session.state);
  for (const [path, leaf] of best?.arrays ?? []) arrays.set(`best.${path}`, leaf);
  for (const [path, leaf] of (await plan.memory?.arrays()) ?? []) arrays.set(`memory.${path}`, leaf);
  const checkpoint: Checkpoint = {
    step,
    arrays,
    state: {
      run: runOf(plan, options),
      seconds: sessionSeconds(session),
      history: history as unknown as JsonObject[],
      means: means.state(),
      best: best === undefined ? null : { step: best.step, metric: best.metric },
      converged,
      backend: session.backend,
    },
  };
  await options.checkpoints.save(checkpoint);
}

/** What two sessions of one run have in common. The number of steps is not part of it: a run can be made longer. */
function runOf<Networks extends Tree<WeightArray>, Batch>(
  { label, fingerprint }: TrainingPlan<Networks, Batch>,
  { seed, batchSize, averageDecay }: Resolved,
): JsonObject {
  return { label, seed, batchSize, averageDecay: averageDecay ?? null, ...fingerprint };
}

function requireSameRun(kept: JsonObject, asked: JsonObject, place: string): void {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(asked)])];
  const differing = names.filter((name) => JSON.stringify(kept[name]) !== JSON.stringify(asked[name]));
  if (differing.length === 0) return;
  const list = differing.map(
    (name) => `${name} was ${JSON.stringify(kept[name])}, is ${JSON.stringify(asked[name])}`,
  );
  throw new ConcordError(
    'invalid-option',
    `the checkpoints in ${place} belong to another run: ${list.join('; ')} (choose another folder, or request the same)`,
  );
}
