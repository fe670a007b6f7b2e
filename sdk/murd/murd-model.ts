import type { KnownImages } from '../nn/images/given-images';
import type { Issue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { LearnedInput } from '../nn/input/learned-input';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { IntensityRange } from '../nn/images/scan-intensity';

/** The sizes of the networks: with them and their weights they are complete. Plain JSON. */
export type MurdArchitecture = {
  /** Rows, columns and channels of the images: one channel, or three neighboring slices. */
  readonly imageShape: readonly [rows: number, columns: number, channels: number];
  /** Channels of the content at full resolution; twice as many at each halving. */
  readonly width: number;
  /** How often the content encoder halves the resolution. */
  readonly halvings: number;
  /** Residual blocks of the content encoder. */
  readonly contentBlocks: number;
  /** The standard deviation of the noise that content is given while training. */
  readonly contentNoise: number;
  /** Residual blocks of the generator, before the resolution grows again. */
  readonly generatorBlocks: number;
  /** Channels of the style encoder at its first resolution; twice as many with each block. */
  readonly styleWidth: number;
  /** Blocks of the style encoder, each halves the resolution. */
  readonly styleBlocks: number;
  /** The length of a style. */
  readonly styleSize: number;
  /** The length of what the style generator makes styles of. */
  readonly latentSize: number;
  /** Channels of the style generator's hidden layers, and how many there are. */
  readonly latentWidth: number;
  readonly latentLayers: number;
  /** Channels of the discriminator's layers; all but the last halve the resolution. */
  readonly criticWidths: readonly number[];
  /**
   * How a style reaches the generator: `adain` gives every normalization its scale and shift; `concatenate` repeats it
   * over all positions as channels beside the content, as the released code does. What follows then is a convolution
   * and an instance norm, which takes anything that is the same everywhere out again: such a style says nothing. It is
   * there to be shown.
   */
  readonly styleInput: 'adain' | 'concatenate';
};

/** A site's scans of one contrast: what has a style of its own. Plain JSON. */
export type MurdDomain = {
  readonly site: string;
  /** What the scans measured, by their BIDS suffix; empty where that is not known. */
  readonly suffix: string;
  /** The mean range of intensities of its scans: results are given in it. */
  readonly range: IntensityRange;
  /**
   * Quantiles of scaled intensities in the brain, mean over the scans: by them scans of another contrast are
   * recognized.
   */
  readonly quantiles: readonly number[];
};

/** A multi-site unsupervised representation disentangler that has been fitted. Nothing of it lives on a backend. */
export interface MurdModel {
  readonly kind: 'murd';
  readonly architecture: MurdArchitecture;
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  /** What has a head in the networks, in order: the sites, or each site's contrasts. */
  readonly domains: readonly MurdDomain[];
  readonly geometry: ImageGeometry;
  /** What it learned from; missing in models of earlier versions. */
  readonly learned?: LearnedInput;
  /** The largest distance of a training scan's quantiles from those of its domain, as mean absolute difference. */
  readonly farthest: number;
  /** What it has learned: the trees `content`, `style`, `styles`, `generator` and `critic`. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/** What images a model was trained on. */
export function trainedImages({ architecture, geometry, domains, learned }: MurdModel): KnownImages {
  return { shape: architecture.imageShape, geometry, suffixes: domains.map(({ suffix }) => suffix), learned };
}
