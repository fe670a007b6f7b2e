import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import { makeImageSet } from '../../data/images/image-set';
import { imageSource } from '../../data/images/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { requireFiniteImages } from '../../data/images/slice-source';
import type { WeightArray } from '../../data/networks/weights';
import { requireFittingImages } from '../images/image-geometry';
import { rowsTensor, throughBatches, withWeights } from '../images/image-model';
import type { AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder } from './autoencoder-network';
import { restoreIntensities, scaleIntensities } from './intensity-scale';

/** Options of {@link reconstructImages}. */
export interface ReconstructImagesOptions extends RunOptions {
  /**
   * Images at a time.
   *
   * @defaultValue 32
   */
  readonly batchSize?: number;
}

/**
 * Passes images through the code of an autoencoder and back.
 *
 * @returns the cohort with what the network made of each image, in the intensities of the input
 * @throws ConcordError `invalid-option` when the images are of another size, contrast, plane or pixel size than the
 * model's; `invalid-voxels`; `malformed-model` when what it returns are not numbers; `aborted`.
 */
export async function reconstructImages(
  model: AutoencoderModel,
  cohort: ImageCohort,
  options: ReconstructImagesOptions = {},
): Promise<ImageCohort> {
  const { batchSize = 32 } = options;
  const { images } = cohort;
  const { architecture, intensity, geometry, suffix } = model;
  requireFittingImages({ shape: architecture.imageShape, geometry, suffixes: [suffix] }, cohort);
  const source = imageSource(images);
  requireFiniteImages(images.data, Int32Array.from(images.slices.keys()), source);
  const batches = {
    label: 'reconstructing',
    count: source.count,
    batchSize,
    scanOf: (position: number) => images.slices[position].scan,
  };
  return withWeights(model.weights as AutoencoderWeights<WeightArray>, async (weights) => {
    const reconstruct = async (positions: readonly number[]): Promise<Tensor> => {
      const scaled = scaleIntensities(await source.read(positions), intensity);
      return tidy(() =>
        decodeAutoencoder(weights, encodeAutoencoder(weights, rowsTensor(scaled, source.shape))),
      );
    };
    const { values } = await throughBatches(batches, reconstruct, options);
    const { mask, slices, shape } = images;
    const made = makeImageSet(restoreIntensities(values, intensity), shape, { slices, mask });
    return withImages(cohort, made, provenanceStep('reconstructImages', { batchSize }));
  });
}
