import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { tensor } from '@tensorflow/tfjs-core';
import type { ImageRepresentation } from '../../data/images/image-representation';
import { requireCount } from '../../data/require-count';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter, throwIfAborted } from '../../data/run-options';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { advise } from '../../remedy';
import { ensureBackend } from '../backend/use-backend';
import type { TensorsOf } from '../parameters';
import { disposeTree, toTensors } from '../parameters';
import type { Batches } from './batches';
import { numbersOf } from './numbers-of';

/** Puts weights on the backend for as long as `use` takes, and takes them off it whatever happens. */
export async function withWeights<Weights extends Tree<WeightArray>, Result>(
  weights: Weights,
  use: (tensors: TensorsOf<Weights>) => Promise<Result>,
): Promise<Result> {
  await ensureBackend();
  const tensors = toTensors(weights);
  try {
    return await use(tensors);
  } finally {
    disposeTree(tensors);
  }
}

/**
 * Does some work for a few images at a time, in order. Between batches the event loop runs, and progress is reported.
 *
 * @param work - called with the positions of the images of a batch, from 0
 * @throws ConcordError `invalid-option` for a batch size that is none; `aborted`.
 */
export async function eachBatch(
  { label, count, batchSize }: Batches,
  work: (positions: readonly number[]) => Promise<void>,
  run: RunOptions,
): Promise<void> {
  requireCount('batchSize', batchSize);
  const report = progressReporter(label, count, run);
  for (let from = 0; from < count; from += batchSize) {
    await breathe(run.signal);
    const to = Math.min(count, from + batchSize);
    await work(Array.from({ length: to - from }, (_, i) => from + i));
    report(to);
  }
  // Whoever canceled during the last batch gets nothing of it either.
  throwIfAborted(run.signal);
}

/**
 * Takes images through a network, a few at a time, and puts what it returns one after the other.
 *
 * @param compute - makes a tensor of the images at some positions, one row each; it is disposed here
 * @returns the rows of all images; without any images none, of a shape that is not known
 * @throws ConcordError `invalid-option` for a batch size that is none; `malformed-model` when a value is not finite;
 * `aborted`.
 */
export async function throughBatches(
  batches: Batches,
  compute: (positions: readonly number[]) => Promise<Tensor>,
  run: RunOptions,
): Promise<ImageRepresentation> {
  const { count } = batches;
  let values = new Float32Array();
  let shape: readonly number[] = [];
  const work = async (positions: readonly number[]): Promise<void> => {
    const made = await compute(positions);
    try {
      const size = made.size / positions.length;
      if (values.length === 0) {
        values = new Float32Array(count * size);
        shape = made.shape.slice(1);
      }
      values.set(await finiteNumbersOf(made, positions, batches), positions[0] * size);
    } finally {
      made.dispose();
    }
  };
  await eachBatch(batches, work, run);
  return { values, shape: [count, ...shape] };
}

/**
 * The numbers that a network returns for the images at some positions.
 *
 * @throws ConcordError `malformed-model` naming the scan when one is not finite.
 */
export async function finiteNumbersOf(
  made: Tensor,
  positions: readonly number[],
  { scanOf }: Pick<Batches, 'scanOf'>,
): Promise<Float32Array> {
  const values = await numbersOf(made);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  const position = positions[Math.floor((at * positions.length) / values.length)];
  const subject = scanOf?.(position);
  const whose = subject === undefined ? `image ${position}` : `the scan "${subject}"`;
  throw new ConcordError('malformed-model', `the model returns values that are not numbers for ${whose}`, {
    where: subject === undefined ? {} : { subject },
    remedy: advise`its weights may be damaged: train it again; or the scan has intensities far from all others`,
  });
}

/** How many numbers there are in an array of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Values as a tensor with one row of the given shape for each image, as in `[N, H, W, C]`. */
export function rowsTensor<Rows extends Tensor>(values: Float32Array, rowShape: readonly number[]): Rows {
  return tensor<Rank>(values, [values.length / sizeOf(rowShape), ...rowShape]) as Rows;
}
