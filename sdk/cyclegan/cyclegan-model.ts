import type { Issue } from '../data/issue';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { Provenance } from '../data/provenance';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { LearnedInput } from '../nn/input/learned-input';

/** The sizes of the networks: with them and their weights they are complete. Plain JSON. */
export type CycleganArchitecture = {
  /** Rows, columns and channels of the images: one channel, or three neighboring slices. */
  readonly imageShape: readonly [rows: number, columns: number, channels: number];
  /** Channels of a generator at full resolution; twice as many at each halving. */
  readonly width: number;
  /** How often a generator halves the resolution. */
  readonly halvings: number;
  /** Residual blocks of a generator. */
  readonly blocks: number;
  /** Channels of a critic's layers; all but the last halve the resolution. */
  readonly criticWidths: readonly number[];
};

/** CycleGANs that have been fitted, one for each pair of sites. Nothing of them is on a backend. */
export interface CycleganModel {
  readonly kind: 'cyclegan';
  readonly architecture: CycleganArchitecture;
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  /** The site by whose way all others are translated; missing where every pair has its own generators. */
  readonly hub?: string;
  readonly geometry: ImageGeometry;
  /** What it learned from, the range of each site's intensities included. */
  readonly learned: LearnedInput;
  /** What it has learned: the trees `generators0`, `critics0` and so on, a number for each pair of sites in order. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
