import type { Issue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { NoiseScheduleKind } from '../diffusion/noise-schedule';
import type { Prediction } from '../diffusion/noise-schedule';
import type { LearnedInput } from '../nn/input/learned-input';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { IntensityRange } from '../nn/images/scan-intensity';
import type { KnownVariable } from './samples/known-variables';

/** The sizes of the networks: with them and their weights they are complete. Plain JSON. */
export type DdaeArchitecture = {
  /** Rows, columns and channels of the images; length and channels of sequences of vertices. */
  readonly sampleShape: readonly number[];
  /** Side of the squares of pixels that are joined into one position at the entry; 1 joins none. */
  readonly patch: number;
  /**
   * Channels that say where along a sequence a position is; brains of images show it by themselves.
   *
   * @defaultValue 0
   */
  readonly places?: number;
  /** Channels at the first resolution. */
  readonly width: number;
  /** Channels at each resolution, as multiples of `width`; each is half as fine as the one before. */
  readonly multipliers: readonly number[];
  /** Residual blocks at each resolution on the way down; one more on the way up. */
  readonly blocks: number;
  /** Resolutions (rows after patching) at which positions attend to each other. */
  readonly attentionAt: readonly number[];
  readonly heads: number;
  /** Groups of channels that are normalized together. */
  readonly groups: number;
  /** Whether the resolution changes inside residual blocks of their own, or by plain averaging and repeating. */
  readonly resampleInBlocks: boolean;
  /** The length of the code of what is not known, z_υ. */
  readonly unknownSize: number;
  /** The length of the code of the known variables, z_κ. */
  readonly knownSize: number;
  /** The standard deviation of z_κ around what the known variables say, σ. */
  readonly knownSpread: number;
};

/** How noise comes in and what the network predicts of it. Plain JSON. */
export type DdaeDiffusion = {
  readonly schedule: NoiseScheduleKind;
  /** T. */
  readonly times: number;
  readonly prediction: Prediction;
};

/** How values are scaled for the network, images. Plain JSON. */
export type ImageScale = ImageGeometry & {
  readonly kind: 'images';
  /** What the scans measured, by their BIDS suffix; empty where that is not known. */
  readonly suffix: string;
  /** The mean range of intensities of the scans of each site: results are given in it. */
  readonly siteRanges: readonly IntensityRange[];
};

/** How values are scaled for the network, vertices. Plain JSON. */
export type VertexScale = {
  readonly kind: 'features';
  readonly features: readonly string[];
  /** The feature at each place of the sequence. */
  readonly order: readonly number[];
  /** Mean of each feature in the training cohort, and the standard deviation around it, of all together. */
  readonly means: readonly number[];
  readonly spread: number;
};

/** A disentangled diffusion autoencoder that has been fitted. A plain value: nothing of it lives on a backend. */
export interface DdaeModel {
  readonly kind: 'ddae';
  readonly architecture: DdaeArchitecture;
  readonly diffusion: DdaeDiffusion;
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  /** The known variables besides the site. */
  readonly known: readonly KnownVariable[];
  readonly scale: ImageScale | VertexScale;
  /** What it learned from; missing in models of earlier versions, and of features. */
  readonly learned?: LearnedInput;
  /** What it has learned: the trees `semantic`, `known` and `denoiser`. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  /** How the training cohort was made, and the fit. */
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/**
 * How the site is kept out of z_υ.
 *
 * - `none`: not at all.
 * - `kernel`: a normalized Hilbert–Schmidt criterion between codes and sites is added to the loss: 0 when independent.
 * - `adversarial`: a critic learns to name the site from the code, and the encoder to confuse it.
 */
export type Independence = 'none' | 'kernel' | 'adversarial';

/**
 * What scans of a site that the model was not fitted on are encoded with: nothing (`error`), the mean of all sites'
 * (`average`), or for each scan the known site under which the network predicts it best (`nearest`).
 */
export type UnseenSite = 'error' | 'average' | 'nearest';
