import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { TrainingRecord } from '../../data/networks/training-record';
import type { Tree, WeightArray } from '../../data/networks/weights';
import type { LearnedInput } from '../input/learned-input';
import type { ImageGeometry } from '../images/image-geometry';

/** The sizes of an autoencoder: with them and its weights it is complete. Plain JSON. */
export type AutoencoderArchitecture = {
  /** Rows, columns and channels of the images. */
  readonly imageShape: readonly [height: number, width: number, channels: number];
  /** Channels after the first convolution; every halving of the image doubles them. */
  readonly width: number;
  /** How often the image is halved. */
  readonly levels: number;
  /** Channels of the code, which has the size of the last level. */
  readonly codeChannels: number;
};

/**
 * A convolutional autoencoder that has learned to reproduce the slices of a cohort through a narrow code. A plain value:
 * nothing of it lives on a backend.
 */
export interface AutoencoderModel {
  readonly kind: 'autoencoder';
  readonly architecture: AutoencoderArchitecture;
  /** What intensities are shifted and divided by before the network sees them: mean and SD of the training images. */
  readonly intensity: { readonly center: number; readonly spread: number };
  readonly geometry: ImageGeometry;
  /** What the scans that it learned from measured, by their BIDS suffix; empty where that is not known. */
  readonly suffix: string;
  /** More of what it learned from; missing in models of earlier versions. */
  readonly learned?: LearnedInput;
  /** What it has learned: arrays in a tree, as in `encoder.levels.0.conv.kernel`. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The ids of the participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  /** How the training cohort was made, and the fit. */
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
