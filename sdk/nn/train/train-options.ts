import type { CheckpointStore } from '../../data/networks/checkpoint';
import type { RunOptions } from '../../data/run-options';
import type { TrainingPoint, TrainingWatcher } from '../../data/networks/training-record';

/** How long to train, what to watch, and where to keep what has been done. */
export interface TrainOptions extends RunOptions, TrainingWatcher {
  /** Steps in all, those of earlier sessions of the same run included. */
  readonly steps: number;
  /** Every random draw of the run comes from it. */
  readonly seed: number;
  /** Images per step, for the record. */
  readonly batchSize: number;
  /**
   * How slowly running averages of the weights follow them; the averages are what is validated and returned. At step n it
   * is n / (9 + n) at most: the weights of the first steps, random ones above all, would weigh on a short run to its end.
   *
   * @defaultValue no averages: the weights themselves
   */
  readonly averageDecay?: number;
  /**
   * Steps between two points of the history.
   *
   * @defaultValue a hundredth of `steps`, at least 1
   */
  readonly logEvery?: number;
  /**
   * Steps between two validations.
   *
   * @defaultValue a twentieth of `steps`, at least 1
   */
  readonly validateEvery?: number;
  /** Where checkpoints are kept, and where a run that was stopped continues from. */
  readonly checkpoints?: CheckpointStore;
  /**
   * Steps between two checkpoints: as many can be lost when the process is killed.
   *
   * @defaultValue a twentieth of `steps`, at least 1
   */
  readonly checkpointEvery?: number;
  /** Ends the run early, well: asked at every point of the history. */
  readonly stopWhen?: (point: TrainingPoint, history: readonly TrainingPoint[]) => boolean;
}

/** The options with every default filled in. */
export type Resolved = TrainOptions &
  Required<Pick<TrainOptions, 'logEvery' | 'validateEvery' | 'checkpointEvery'>>;
