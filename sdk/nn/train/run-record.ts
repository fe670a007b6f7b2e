import type { TrainingPoint, TrainingSoFar } from '../../data/networks/training-record';
import type { BackendReport } from '../backend/backend-report';
import type { requireConvergence } from './divergence';
import type { Session } from './session';
import { sessionSeconds } from './session';
import type { Resolved } from './train-options';

/** The losses of a step by the names under which the history keeps them. */
export function namedValues(outcome: Parameters<typeof requireConvergence>[0]): Record<string, number> {
  const { update, losses, gradientNorm, learningRate } = outcome;
  const named = Object.entries(losses).map(([name, value]) => [`${update} ${name}`, value]);
  return {
    ...(Object.fromEntries(named) as Record<string, number>),
    [`${update} gradient norm`]: gradientNorm,
    [`${update} learning rate`]: learningRate,
  };
}

/** Adds a point to the history, shows it to whoever watches, and asks whether the run is to end. */
export function addPoint(
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

/** What a run has done so far. */
export function runSoFar(
  session: Session,
  { seed, batchSize }: Resolved,
  backend: BackendReport,
): TrainingSoFar {
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
export function reportProgress(label: string, session: Session, { steps, onProgress }: Resolved): void {
  const { step, startedAt, clock } = session;
  const secondsEach = (performance.now() - clock) / 1000 / (step - startedAt);
  onProgress?.({ label, done: step, total: steps, secondsLeft: secondsEach * (steps - step) });
}
