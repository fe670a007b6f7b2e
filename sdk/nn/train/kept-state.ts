import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import type { TrainingPoint } from '../../data/networks/training-record';
import { isTrainingPoint } from '../../data/networks/training-record';
import { ConcordError } from '../../errors';

/** What a checkpoint of a run says of it, besides its arrays. */
export interface KeptState {
  /** What run it is. */
  readonly run: JsonObject;
  readonly seconds: number;
  readonly history: readonly TrainingPoint[];
  readonly means: JsonObject;
  readonly best: { readonly step: number; readonly metric: number } | null;
  readonly converged: boolean;
  readonly backend: string;
}

/**
 * The state of a run that a checkpoint has kept.
 *
 * @param place - of the checkpoints, for messages
 * @throws ConcordError `malformed-model` naming what is missing or makes no sense.
 */
export function keptState(step: number, state: JsonObject, place: string): KeptState {
  const { run, seconds, history, means, best, converged = false, backend } = state;
  const wrong = Object.entries({
    step: Number.isSafeInteger(step) && step >= 0,
    run: isJsonObject(run),
    seconds: isAtLeast0(seconds),
    history: Array.isArray(history) && history.every(isTrainingPoint),
    means: isJsonObject(means) && Object.values(means).every(isSumAndCount),
    best: best === null || (isJsonObject(best) && isAtLeast0(best['step']) && isFinite(best['metric'])),
    converged: typeof converged === 'boolean',
    backend: typeof backend === 'string',
  }).find(([, fits]) => !fits);
  if (wrong === undefined) return { ...state, converged } as unknown as KeptState;
  throw new ConcordError('malformed-model', `malformed checkpoint in ${place}: ${wrong[0]}`, {
    where: { file: place },
    remedy: ['train anew in another folder'],
  });
}

function isSumAndCount(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isFinite(value[0]) && Number.isSafeInteger(value[1]);
}

function isAtLeast0(value: unknown): boolean {
  return isFinite(value) && Number(value) >= 0;
}

function isFinite(value: unknown): boolean {
  return Number.isFinite(value);
}
