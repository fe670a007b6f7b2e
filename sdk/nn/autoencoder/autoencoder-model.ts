import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { TrainingRecord } from '../../data/training-record';
import type { WeightArray } from '../../data/weights';
import type { AutoencoderArchitecture, AutoencoderWeights } from './autoencoder-network';

/**
 * A convolutional autoencoder that has learnt to reproduce the slices of a cohort through a narrow code. A plain value:
 * nothing of it lives on a backend.
 */
export interface AutoencoderModel {
  readonly kind: 'autoencoder';
  readonly architecture: AutoencoderArchitecture;
  /** What intensities are shifted and divided by before the network sees them: mean and SD of the training images. */
  readonly intensity: { readonly center: number; readonly spread: number };
  readonly weights: AutoencoderWeights<WeightArray>;
  readonly training: TrainingRecord;
  /** The ids of the participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  /** How the training cohort was made, and the fit. */
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
