import { getBackend } from '@tensorflow/tfjs-core';
import { breathe } from '../../data/run-options';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { BackendReport } from '../backend/backend-report';
import type { Session } from './session';
import { saveSession } from './session';
import type { Resolved } from './train-options';
import type { TrainingPlan } from './training-plan';

/** Lets the event loop run; when the caller has canceled, keeps a checkpoint before saying so. */
export async function pause<Networks extends Tree<WeightArray>, Batch>(
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

/**
 * Checks that nobody has changed the backend meanwhile: the run would continue elsewhere, to other bits.
 *
 * @throws ConcordError `unavailable-backend`, after a checkpoint.
 */
export async function requireBackend<Networks extends Tree<WeightArray>, Batch>(
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
