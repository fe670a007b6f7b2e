import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../data/weights';
import type { ImageCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { ConcordError } from '../errors';
import { ensureBackend } from '../nn/backend/use-backend';
import type { GivenImages } from '../nn/images/given-images';
import { givenImages, requireSuffix } from '../nn/images/given-images';
import { numbersOf } from '../nn/images/numbers-of';
import { batchesOf } from '../nn/images/positions';
import { disposeTree, toTensors } from '../nn/parameters';
import { describeIntensities, strangeness } from './domains';
import type { MurdModel } from './murd-model';
import type { MurdTensors, MurdWeights } from './murd-network';

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
  await ensureBackend();
  const weights = toTensors(model.weights as MurdWeights<WeightArray>) as MurdTensors;
  try {
    return await use({ model, weights });
  } finally {
    disposeTree(weights);
  }
}

/** Images as a model sees them, with what is odd about them. */
export interface MurdImages extends GivenImages {
  readonly issues: readonly Issue[];
}

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
  const { architecture, geometry, domains } = model;
  const suffixes = [...new Set(domains.map(({ suffix }) => suffix))];
  if (suffixes.length === 1) requireSuffix(suffixes[0], cohort.suffixes);
  const given = await givenImages({ shape: architecture.imageShape, geometry }, cohort, run);
  return { ...given, issues: strangeScans(model, cohort, given) };
}

/** A scan further from every domain than this many times what was seen in training is said to be strange. */
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
      'any scan that it learnt from)';
    return [makeIssue('unlike-training', message, { subject: id })];
  });
}

/** Images of a model as a tensor, `[N, H, W, channels]`. */
export function imagesTensor({ model }: OpenMurd, values: Float32Array): Tensor4D {
  const { imageShape } = model.architecture;
  const size = imageShape.reduce((product, side) => product * side, 1);
  return tensor4d(values, [values.length / size, ...imageShape]);
}

/** Styles as a tensor, `[N, style size]`. */
export function stylesTensor({ model }: OpenMurd, values: Float32Array): Tensor2D {
  const { styleSize } = model.architecture;
  return tensor2d(values, [values.length / styleSize, styleSize]);
}

/** Takes images through the networks batch by batch and puts the answers one after the other. */
export async function throughBatches(
  { source, count, batchSize }: { source: GivenImages['source']; count: number; batchSize: number },
  compute: (images: Float32Array, positions: readonly number[]) => Tensor2D | Tensor4D,
  run: { readonly signal?: AbortSignal; readonly report?: (done: number) => void },
): Promise<{ readonly values: Float32Array; readonly shape: readonly number[] }> {
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new ConcordError('invalid-option', `invalid batchSize: ${batchSize} (a whole number above 0)`);
  }
  let values = new Float32Array();
  let shape: readonly number[] = [];
  for (const positions of batchesOf(count, batchSize)) {
    await breathe(run.signal);
    const answer = compute(await source.read(positions), positions);
    try {
      const size = answer.size / positions.length;
      if (shape.length === 0) {
        values = new Float32Array(count * size);
        shape = answer.shape.slice(1);
      }
      values.set(await numbersOf(answer), positions[0] * size);
    } finally {
      answer.dispose();
    }
    run.report?.(positions[0] + positions.length);
  }
  return { values, shape: [count, ...shape] };
}
