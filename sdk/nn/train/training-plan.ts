import type { JsonObject } from '../../data/json';
import type { Tree, WeightArray, WeightTable } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { AdamOptions } from '../optimize/adam';
import type { Schedule } from '../optimize/schedule';
import type { Loss } from '../optimize/value-and-gradients';
import type { TensorsOf } from '../parameters';

/** How an update changes its networks. */
export interface OptimizerOptions extends Omit<AdamOptions, 'learningRate'> {
  /** A constant, or how it changes over the steps. */
  readonly learningRate: number | Schedule;
  /**
   * The largest norm of all gradients together; longer ones are shortened to it.
   *
   * @defaultValue gradients stay as they are
   */
  readonly clipNorm?: number;
  /**
   * Factors on the learning rate for branches of the networks by path, as `{ styleGenerator: 0.01 }`.
   *
   * @defaultValue 1 for all
   */
  readonly multipliers?: Readonly<Record<string, number>>;
}

/** One change of some networks within a training step. Adversarial training alternates several. */
export interface Update<Networks extends Tree<WeightArray>, Batch> {
  /** Names the update in records and messages. */
  readonly name: string;
  /** The networks it changes; the others are used as they are. */
  readonly trains: readonly (keyof Networks & string)[];
  readonly optimizer: OptimizerOptions;
  /**
   * Builds the loss. It runs within `tf.tidy` and must draw every random number from `random`, which is the same for
   * the same seed, step and update.
   */
  readonly loss: (networks: TensorsOf<Networks>, batch: Batch, random: Random) => Loss;
}

/** What a run remembers beside its weights from step to step: a part of its checkpoints. */
export interface RunMemory {
  /** All of it, as arrays by path. */
  arrays(): Promise<WeightTable>;
  /**
   * Continues with what {@link RunMemory.arrays} returned.
   *
   * @throws ConcordError `malformed-model` for other arrays.
   */
  restore(arrays: WeightTable): void;
  /** Called when the run ends, however it does. */
  dispose(): void;
}

/** What to train, on what, towards what. */
export interface TrainingPlan<Networks extends Tree<WeightArray>, Batch> {
  /** What is trained, in a few words, for progress bars and messages. */
  readonly label: string;
  /** The networks by name with their initial weights. */
  readonly networks: Networks;
  /** The updates of one step, in order. */
  readonly updates: readonly Update<Networks, Batch>[];
  /** Draws the batch of a step: a pure function of the step, so that a resumed run draws the same. */
  readonly batch: (step: number) => Promise<Batch>;
  /** Judges the networks (their running averages where there are any) on data held out: lower is better. */
  readonly validate?: (networks: TensorsOf<Networks>) => Promise<number>;
  /** What else the run remembers, for example images made earlier. @defaultValue nothing */
  readonly memory?: RunMemory;
  /** What sets this run apart from others: a run is resumed only from checkpoints that carry the same. */
  readonly fingerprint: JsonObject;
}
