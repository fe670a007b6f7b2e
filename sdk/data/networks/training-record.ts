import type { Progress } from '../run-options';

/** The state of a training run at one step. Plain JSON. */
export interface TrainingPoint {
  /** Steps done, from 1. */
  readonly step: number;
  /** Seconds of training until here, of all sessions where the run was resumed. */
  readonly seconds: number;
  /**
   * By name. Means over the steps since the point before: `loss` and its parts, `gradient norm` and `learning rate`, each
   * after the name of the update it belongs to (`autoencoder loss`). And `validation`, the metric on data held out, at the
   * points where it was measured.
   */
  readonly values: Readonly<Record<string, number>>;
}

/** A training run so far. Plain JSON. */
export interface TrainingSoFar {
  /** Steps done. */
  readonly steps: number;
  /** Seconds of training, of all sessions where the run was resumed. */
  readonly seconds: number;
  /** What it runs on: the backend and, where known, its device. */
  readonly backend: { readonly name: string; readonly device?: string };
  readonly seed: number;
  readonly batchSize: number;
  /** Oldest first, steps ascending. */
  readonly history: readonly TrainingPoint[];
  /** The step whose weights are the best yet, and the validation metric there. */
  readonly best?: { readonly step: number; readonly metric: number };
}

/** How a network was trained. Plain JSON: it is in the model's file. */
export interface TrainingRecord extends TrainingSoFar {
  /** Why it stopped: all steps were done, the caller canceled, or validation improved no more. */
  readonly stopped: 'finished' | 'aborted' | 'converged';
}

/** Functions that are called while a network is trained: each may be left out, and none changes the training. */
export interface TrainingWatcher {
  /** Called now and then with the progress made. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called at every new point of the history. `run` is the run so far, with this point as the last. */
  readonly onPoint?: (point: TrainingPoint, run: TrainingSoFar) => void;
  /** Called once, when the run has stopped for whatever reason but an error. */
  readonly onEnd?: (record: TrainingRecord) => void;
}

/** Whether a value that came from a file is a {@link TrainingRecord}: every number and every text that is shown is one. */
export function isTrainingRecord(value: unknown): value is TrainingRecord {
  if (!isObject(value)) return false;
  const { steps, seconds, seed, batchSize, backend, history, best, stopped } = value;
  if (![steps, seconds, seed, batchSize].every(isNumber) || !Number.isInteger(steps)) return false;
  if (!isObject(backend) || typeof backend['name'] !== 'string') return false;
  if (!['undefined', 'string'].includes(typeof backend['device'])) return false;
  if (best !== undefined && !(isObject(best) && isNumber(best['step']) && isNumber(best['metric'])))
    return false;
  if (!['finished', 'aborted', 'converged'].includes(String(stopped))) return false;
  return Array.isArray(history) && history.every(isTrainingPoint);
}

/** Whether a value that came from a file is a {@link TrainingPoint}. */
export function isTrainingPoint(point: unknown): point is TrainingPoint {
  if (!isObject(point) || !isNumber(point['step']) || !isNumber(point['seconds'])) return false;
  return isObject(point['values']) && Object.values(point['values']).every(isNumber);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
