import type { Issue } from '../data/issue';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { Provenance } from '../data/provenance';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { LearnedInput } from '../nn/input/learned-input';

/** The sizes of the networks: with them and their weights they are complete. Plain JSON. */
export type CvaeArchitecture = {
  /** Rows, columns and channels of the images: one channel, or three neighboring slices. */
  readonly imageShape: readonly [rows: number, columns: number, channels: number];
  /** Channels at full resolution; twice as many at each halving. */
  readonly width: number;
  /** How often the encoder halves the resolution. */
  readonly halvings: number;
  /** Channels of the code, which keeps the places of the image at the lowest resolution. */
  readonly codeChannels: number;
  /** Channels of the adversary's layers; all but the last halve the resolution. */
  readonly adversaryWidths: readonly number[];
};

/** How well the site can be read from codes afterwards. Plain JSON. */
export type CodeProbe = {
  /** The mean over sites of the share of persons whose site is named, by others: 1 / sites is chance. */
  readonly balancedAccuracy: number;
  readonly chance: number;
  /** The scans that it was measured on. */
  readonly scans: number;
};

/** A conditional variational autoencoder that has been fitted. Nothing of it is on a backend. */
export interface CvaeModel {
  readonly kind: 'cvae';
  readonly architecture: CvaeArchitecture;
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  readonly geometry: ImageGeometry;
  /** What it learned from, the range of each site's intensities included. */
  readonly learned: LearnedInput;
  /** What the site can still be told by. */
  readonly codeProbe: CodeProbe;
  /** What it has learned: the trees `encoder`, `decoder` and `adversary`. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
