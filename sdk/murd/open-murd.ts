import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import type { WeightArray } from '../data/networks/weights';
import type { GivenImages } from '../nn/images/given-images';
import { givenImages } from '../nn/images/given-images';
import { withWeights } from '../nn/images/image-model';
import { describeIntensities, strangeness } from './domains';
import type { MurdModel } from './murd-model';
import { trainedImages } from './murd-model';
import { contentEncoder } from './network/content-encoder';
import { generator } from './network/generator';
import type { MurdTensors, MurdWeights } from './network/murd-network';

/** A model on the backend. */
export interface OpenMurd {
  readonly model: MurdModel;
  readonly weights: MurdTensors;
}

/** Puts a model on the backend for as long as `use` takes. */
export async function withOpenMurd<Result>(
  model: MurdModel,
  use: (open: OpenMurd) => Promise<Result>,
): Promise<Result> {
  return withWeights(model.weights as MurdWeights<WeightArray>, (weights) =>
    use({ model, weights: weights }),
  );
}

/** Makes images again: their content in styles. */
export function remade({ weights }: OpenMurd, images: Tensor4D, styles: Tensor2D): Tensor4D {
  return generator(weights.generator, contentEncoder(weights.content, images), styles);
}

/** Images as a model sees them, with what is odd about them. */
export type MurdImages = GivenImages;

/**
 * Scales images for a model.
 *
 * @throws ConcordError `invalid-option` when they do not fit it; `invalid-voxels`.
 */
export async function murdImages(
  model: MurdModel,
  cohort: ImageCohort,
  run: RunOptions,
): Promise<MurdImages> {
  const given = await givenImages(trainedImages(model), cohort, run);
  if (model.learned !== undefined) return given;
  return { ...given, issues: [...given.issues, ...strangeScans(model, cohort, given)] };
}

/** A scan farther from every domain than this many times the largest distance in training is reported as strange. */
const farOff = 3;

function strangeScans(model: MurdModel, cohort: ImageCohort, { rows, ranges }: GivenImages): Issue[] {
  const { images, participants } = cohort;
  const size = images.data.length / rows.length;
  return participants.ids.flatMap((id, row) => {
    const its = Array.from(rows.keys()).filter((image) => rows[image] === row);
    const pixels = new Float32Array(its.length * size);
    its.forEach((image, i) => pixels.set(images.data.subarray(image * size, (image + 1) * size), i * size));
    const times = strangeness(model, describeIntensities(pixels, ranges[row]));
    if (times <= farOff) return [];
    const message =
      `the intensities of "${id}" are unlike those of every site of the model (${times.toFixed(1)} times as far off as ` +
      'any scan that it learned from)';
    return [makeIssue('unlike-training', message, { subject: id })];
  });
}
