import type { ImageSource } from '../../data/images/image-source';
import { listNames } from '../../data/list-names';
import { requireCount } from '../../data/require-count';
import type { CohortSource } from '../../data/images/slice-source';
import { imageSites, requireFiniteImages } from '../../data/images/slice-source';
import { ConcordError } from '../../errors';
import { deriveSeed } from '../../math/random';
import { takePositions } from '../images/positions';
import type { Augmentation } from './augment';
import { augmentImages, requireAugmentation } from './augment';
import type { DrawOptions } from './draw-positions';
import { drawPositions } from './draw-positions';

/** Options of {@link imageBatches}. */
export interface ImageBatchesOptions {
  /** Images in a batch. */
  readonly batchSize: number;
  readonly seed: number;
  /**
   * Random changes to each image.
   *
   * @defaultValue none
   */
  readonly augment?: Augmentation;
  /**
   * Draw as many images of each site, or of each label where one is given per image, whatever their numbers are: images
   * of small sites come more often.
   *
   * @defaultValue every image comes once per epoch
   */
  readonly balance?: 'sites' | readonly string[];
  /**
   * From how many scans images are drawn at a time; the scans follow in random order. For sources that open a scan to
   * read its images.
   *
   * @defaultValue what the source can hold, else all
   */
  readonly scansAtOnce?: number;
  /**
   * How many draw from the source at the same time, and share what it can hold.
   *
   * @defaultValue 1
   */
  readonly sharedBy?: number;
  /**
   * The positions of the images to draw from, where some are held out.
   *
   * @defaultValue all
   */
  readonly among?: readonly number[];
}

/** Images to train on. */
export interface ImageBatch {
  /** Which images of the source these are. */
  readonly positions: Int32Array;
  /** Images × rows × columns × channels, channel fastest; the caller's own. */
  readonly images: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
}

/** The batches of a training run by its steps, which are numbered from 1: the same batch whenever it is asked for. */
export type ImageBatches = (step: number) => Promise<ImageBatch>;

/** The stream of random numbers that augmentation has beside the one that draws. */
const augmenting = -2;

/**
 * Makes a function that gives the batches of a training run. It is a pure function of step and seed, so a resumed run
 * continues with the batches it would have had. Each epoch shuffles all images anew; every batch is full: one that holds
 * the end of an epoch also holds the beginning of the next (and a batch larger than the source holds images twice).
 *
 * @throws ConcordError `invalid-option`; `too-little-data` when the source is empty. A batch rejects with
 * `invalid-voxels` naming scan and slice when a pixel is not finite, and with whatever reading throws.
 */
export function imageBatches(
  source: ImageSource & Partial<CohortSource>,
  { among, ...options }: ImageBatchesOptions,
): ImageBatches {
  if (among === undefined) return batchesOfAll(source, options);
  const labels = labelsOf(source, options.balance);
  const balance = labels === undefined ? undefined : among.map((position) => labels[position]);
  const draw = batchesOfAll(takePositions(source, among), { ...options, balance });
  return async (step) => {
    const { positions, ...batch } = await draw(step);
    return { ...batch, positions: positions.map((at) => among[at]) };
  };
}

function batchesOfAll(
  source: ImageSource & Partial<CohortSource>,
  options: Omit<ImageBatchesOptions, 'among'>,
): ImageBatches {
  const { seed, batchSize, augment } = options;
  requireCount('batchSize', batchSize);
  if (source.count === 0) throw new ConcordError('too-little-data', 'there are no images to train on');
  requireAugmentation(augment, source.slices);
  const draw = drawPositions(source.count, drawOptions(source, options));
  const [height, width, channels] = source.shape;
  return async (step) => {
    requireCount('step', step);
    const positions = draw(step - 1);
    const images = await source.read(positions);
    requireFiniteImages(images, positions, source);
    const shape = [batchSize, height, width, channels] as const;
    if (augment === undefined) return { positions, images, shape };
    const imageSeed = deriveSeed(deriveSeed(seed, augmenting), step);
    return { positions, images: augmentImages(images, shape, { augment, seed: imageSeed }), shape };
  };
}

function drawOptions(
  source: Partial<CohortSource>,
  options: Omit<ImageBatchesOptions, 'among'>,
): DrawOptions {
  const { batchSize, seed } = options;
  const labels = labelsOf(source, options.balance);
  const share = Math.max(1, Math.floor((source.scansAtOnce ?? Infinity) / (options.sharedBy ?? 1)));
  const scans = options.scansAtOnce ?? share;
  if (scans === Infinity) return { batchSize, seed, labels };
  requireCount('scansAtOnce', scans);
  if (source.slices === undefined) {
    throw new ConcordError(
      'invalid-option',
      'invalid scansAtOnce: this source does not know the scans of its images (leave it out)',
    );
  }
  return { batchSize, seed, labels, window: { scanOf: source.slices.map(({ scan }) => scan), scans } };
}

function labelsOf(
  source: Partial<CohortSource>,
  balance: ImageBatchesOptions['balance'],
): readonly string[] | undefined {
  if (balance === undefined) return undefined;
  if (typeof balance !== 'string') {
    if (balance.length === source.count) return balance;
    throw new ConcordError(
      'invalid-option',
      `invalid balance: ${balance.length} labels (${listNames(balance, 3)}) for ${source.count} images (one each is required)`,
    );
  }
  const { slices, participants } = source;
  if (slices !== undefined && participants !== undefined) return imageSites({ slices, participants });
  throw new ConcordError(
    'invalid-option',
    'invalid balance: this source does not know the sites of its images (give a label per image instead)',
  );
}
