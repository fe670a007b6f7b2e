/**
 * What networks are trained with: backends, sources of images larger than memory, checkpoints, a small autoencoder.
 *
 * @module
 */
export { openImages } from '../io/images/open-images';
export type { OpenImages } from '../io/images/open-images';
export { volumeSource } from '../preprocess/volume-source';
export type { VolumeSourceOptions } from '../preprocess/volume-source';
export type { IntensityRange } from '../nn/images/scan-intensity';
export type { GuidedOptions } from '../nn/images/guided-options';
export type { ImageGeometry } from '../nn/images/image-geometry';
export { backendReport } from '../nn/backend/use-backend';
export { formatBackend } from '../nn/backend/format-backend';
export { fitAutoencoder } from '../nn/autoencoder/fit-autoencoder';
export type { FitAutoencoderOptions } from '../nn/autoencoder/fit-autoencoder';
export { reconstructImages } from '../nn/autoencoder/reconstruct-images';
export type { ReconstructImagesOptions } from '../nn/autoencoder/reconstruct-images';
export type { AutoencoderArchitecture, AutoencoderModel } from '../nn/autoencoder/autoencoder-model';
export type { IntensityScale } from '../nn/autoencoder/intensity-scale';
export type { Augmentation } from '../nn/train/augment';
export { checkpointFolder } from '../io/networks/checkpoint-folder';
export type { CheckpointFolder, CheckpointFolderOptions } from '../io/networks/checkpoint-folder';
export type { Checkpoint, CheckpointStore, FoundCheckpoint } from '../data/networks/checkpoint';
export { imageSource } from '../data/images/memory-source';
export type { ImageSource } from '../data/images/image-source';
export type { CohortSource, SliceSource } from '../data/images/slice-source';
export type { Tree, WeightArray, WeightTable } from '../data/networks/weights';
