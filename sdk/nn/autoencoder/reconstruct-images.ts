import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import { makeImageSet } from '../../data/image-set';
import { imageSource } from '../../data/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { requireFiniteImages } from '../../data/slice-source';
import type { WeightArray } from '../../data/weights';
import { ConcordError } from '../../errors';
import { ensureBackend } from '../backend/use-backend';
import { disposeTree, toTensors } from '../parameters';
import type { AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder } from './autoencoder-network';
import { restoreIntensities, scaleIntensities } from './intensity-scale';
import { advise, call } from '../../remedy';

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
 * @throws ConcordError `invalid-option` when the images have another size than the model's; `invalid-voxels`;
 * `malformed-model` when what it answers are not numbers; `aborted`.
 */
export async function reconstructImages(
  model: AutoencoderModel,
  cohort: ImageCohort,
  options: ReconstructImagesOptions = {},
): Promise<ImageCohort> {
  const { batchSize = 32 } = options;
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new ConcordError('invalid-option', `invalid batchSize: ${batchSize} (a whole number above 0)`);
  }
  const { images } = cohort;
  const { architecture, intensity } = model;
  requireImageShape(images.shape.slice(1), architecture.imageShape);
  requireFiniteImages(images.data, Int32Array.from(images.slices.keys()), imageSource(images));
  await ensureBackend();
  const [count, ...shape] = images.shape;
  const size = images.data.length / count;
  const data = new Float32Array(images.data.length);
  const report = progressReporter('reconstructing', count, options);
  const weights = toTensors(model.weights as AutoencoderWeights<WeightArray>);
  try {
    for (let from = 0; from < count; from += batchSize) {
      await breathe(options.signal);
      const part = images.data.subarray(from * size, Math.min(count, from + batchSize) * size);
      const output = tidy(() => {
        const input = tensor4d(scaleIntensities(part, intensity), [part.length / size, ...shape]);
        return decodeAutoencoder(weights, encodeAutoencoder(weights, input));
      });
      try {
        data.set(restoreIntensities((await output.data()) as Float32Array, intensity), from * size);
      } finally {
        output.dispose();
      }
      report(Math.min(count, from + batchSize));
    }
  } finally {
    disposeTree(weights);
  }
  if (data.some((value) => !Number.isFinite(value))) {
    throw new ConcordError(
      'malformed-model',
      'the model answers values that are not numbers (train it again)',
    );
  }
  const { mask, slices } = images;
  const made = makeImageSet(data, images.shape, { slices, ...(mask === undefined ? {} : { mask }) });
  return withImages(cohort, made, provenanceStep('reconstructImages', { batchSize }));
}

function requireImageShape(found: readonly number[], wanted: readonly number[]): void {
  if (found.join() === wanted.join()) return;
  throw new ConcordError(
    'invalid-option',
    `images of ${found.join(' × ')} do not fit the model, which was trained on ${wanted.join(' × ')}`,
    { remedy: advise`rows × columns × channels; cut them to that size with ${call('toImages')}` },
  );
}
