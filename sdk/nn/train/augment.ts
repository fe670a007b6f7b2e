import type { SliceRecord } from '../../data/images/image-set';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import type { Placement } from './place-image';
import { isInPlace, placeImage } from './place-image';

/**
 * Random changes to images while a network trains, each drawn anew for every image of every batch. What is not named is
 * not done. Changes of place (`mirror`, `shift`, `rotation`, `zoom`) make a network indifferent to how a head is placed.
 * Changes of intensity (`gain`, `gamma`, `noise`) make it indifferent to just what scanners do to images: a network that
 * is to harmonize must learn those, and should be trained without; they are for probes and the like.
 */
export interface Augmentation {
  /**
   * The probability that an image is mirrored, from 0 to 1: left and right are exchanged. Only in axial and coronal
   * images, whose columns run from left to right.
   */
  readonly mirror?: number;
  /** The farthest that an image moves along rows and along columns, in pixels; uniform up to there both ways. */
  readonly shift?: number;
  /**
   * Round shifts to whole pixels, which moves pixels as they are; else they are interpolated linearly.
   *
   * @defaultValue `false`
   */
  readonly wholePixels?: boolean;
  /** The largest angle that an image turns about its center, in degrees; uniform up to there both ways. */
  readonly rotation?: number;
  /** The largest change of size: 0.1 is from 1/1.1 to 1.1 times as large, uniform in the logarithm. */
  readonly zoom?: number;
  /** The largest change of all intensities alike: 0.1 is from 1/1.1 to 1.1 times, uniform in the logarithm. */
  readonly gain?: number;
  /**
   * The largest change of contrast: 0.2 raises intensities to powers from 1/1.2 to 1.2, uniform in the logarithm, on a
   * scale on which the image reaches from 0 to 1; its lowest and highest intensity stay.
   */
  readonly gamma?: number;
  /** The standard deviation of normal noise added to each pixel, in units of intensity. */
  readonly noise?: number;
}

/** What happens to one image. */
interface Change extends Placement {
  readonly gain: number;
  readonly gamma: number;
}

/** The largest value that each option can have; the least is 0. */
const most: Readonly<Record<Exclude<keyof Augmentation, 'wholePixels'>, number>> = {
  mirror: 1,
  shift: Infinity,
  rotation: 180,
  zoom: 9,
  gain: 9,
  gamma: 9,
  noise: Infinity,
};

/**
 * Changes the images of a batch at random. The images passed stay as they are; all channels of an image move together.
 * What moves in from outside repeats the pixels at the edge.
 *
 * @param images - images × rows × columns × channels, channel fastest
 * @param options - the seed is the batch's; each image draws from a stream of its own, and each kind of change draws the
 * same whatever the others are
 */
export function augmentImages(
  images: Float32Array,
  shape: readonly [count: number, height: number, width: number, channels: number],
  options: { readonly augment: Augmentation; readonly seed: number },
): Float32Array {
  const { augment, seed } = options;
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  const result = new Float32Array(images.length);
  for (let i = 0; i < count; i++) {
    const random = makeRandom(deriveSeed(seed, i));
    const change = drawChange(augment, random);
    const from = images.subarray(i * size, (i + 1) * size);
    const to = result.subarray(i * size, (i + 1) * size);
    if (isInPlace(change)) to.set(from);
    else placeImage(from, to, { shape: [height, width, channels], placement: change });
    if (change.gamma !== 1) changeContrast(to, change.gamma);
    if (change.gain !== 1) for (let at = 0; at < size; at++) to[at] *= change.gain;
    if (augment.noise) for (let at = 0; at < size; at++) to[at] += augment.noise * random.normal();
  }
  return result;
}

/** Draws always the same number of times, so that one option more changes nothing about the others. */
function drawChange(augment: Augmentation, random: Random): Change {
  const { mirror = 0, shift = 0, wholePixels = false, rotation = 0 } = augment;
  const between = (limit: number): number => limit * (2 * random.uniform() - 1);
  const factor = (limit = 0): number => Math.exp(between(Math.log1p(limit)));
  const pixels = (): number => (wholePixels ? wholeShift(shift, random) : between(shift));
  return {
    mirrored: random.uniform() < mirror,
    down: pixels(),
    right: pixels(),
    angle: (between(rotation) * Math.PI) / 180,
    zoom: factor(augment.zoom),
    gain: factor(augment.gain),
    gamma: factor(augment.gamma),
  };
}

/** A whole number from −`shift` to `shift`, all alike probable. */
function wholeShift(shift: number, random: Random): number {
  const far = Math.floor(shift);
  return random.integer(2 * far + 1) - far;
}

function changeContrast(image: Float32Array, gamma: number): void {
  let low = Infinity;
  let high = -Infinity;
  for (const value of image) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  if (!(range > 0)) return;
  for (let at = 0; at < image.length; at++) image[at] = low + range * ((image[at] - low) / range) ** gamma;
}

/**
 * Checks an augmentation, and that the images allow it.
 *
 * @param slices - what the images show, where that is known
 * @throws ConcordError `invalid-option`.
 */
export function requireAugmentation(augment: Augmentation = {}, slices: readonly SliceRecord[] = []): void {
  for (const [option, limit] of Object.entries(most)) {
    const value = augment[option as keyof typeof most] ?? 0;
    if (value >= 0 && value <= limit && Number.isFinite(value)) continue;
    const allowed = limit === Infinity ? '0 or more is required' : `0 to ${limit} is allowed`;
    throw new ConcordError('invalid-option', `invalid augmentation: ${option} ${value} (${allowed})`);
  }
  if (!augment.mirror) return;
  const sagittal = slices.find(({ plane }) => plane === 'sagittal');
  if (sagittal === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid augmentation: mirror exchanges front and back in sagittal images, as those of scan "${sagittal.scan}" ` +
      '(leave it out, or cut axial or coronal images)',
  );
}
