import type { Issue } from '../issue';
import type { JsonObject } from '../json';
import type { WeightTable } from './weights';

/** Everything that a training run needs to continue as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** What is not an array: options, history, the best metric so far. Numbers are finite. */
  readonly state: JsonObject;
  /** The networks, their averages, what the optimizers remember. */
  readonly arrays: WeightTable;
}

/** A checkpoint that was kept. */
export interface FoundCheckpoint extends Checkpoint {
  /** Newer checkpoints that were passed over because they are damaged. */
  readonly issues?: readonly Issue[];
}

/** Where a training run keeps its checkpoints. A store that one run alone can reach needs no `open` and `close`. */
export interface CheckpointStore {
  /** The place, for messages. */
  readonly name: string;
  /**
   * Takes the place for one run, before it asks for the newest checkpoint; the run frees it with `close`.
   *
   * @throws ConcordError `in-use` when another run has it; `invalid-option` when it holds other things.
   */
  open?(): Promise<void>;
  /**
   * The newest whole checkpoint, or `undefined` when there is none. Anybody may ask, also while a run has the place.
   *
   * @throws ConcordError `malformed-model` when there are checkpoints and none can be read.
   */
  latest(): Promise<FoundCheckpoint | undefined>;
  /**
   * Keeps a checkpoint, whole or not at all; older ones may go then. Opens the store when it is not.
   *
   * @throws ConcordError `in-use` when another run has the place, or took it over; `unwritable-file`; `invalid-option`
   * when a later step is there, or the state holds numbers that are not finite.
   */
  save(checkpoint: Checkpoint): Promise<void>;
  /** Frees the place when the run is over, however it ended. Harmless when it is not open. */
  close?(): Promise<void>;
}
