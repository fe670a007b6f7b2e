import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import { makeImageSet } from '../../data/images/image-set';

/** Mean and standard deviation of intensities. */
export interface IntensityMoments {
  readonly mean: number;
  readonly spread: number;
}

/** Mean and standard deviation of images in their mask; of flat ones the latter is taken as 1. */
export function intensityMoments(
  images: ImageSet,
  [from, to]: readonly [from: number, to: number] = [0, images.shape[0]],
): IntensityMoments {
  let count = 0;
  let sum = 0;
  let squares = 0;
  eachInside(images, [from, to], (value) => {
    count++;
    sum += value;
  });
  const mean = sum / count;
  eachInside(images, [from, to], (value) => (squares += (value - mean) ** 2));
  return { mean, spread: Math.sqrt(squares / count) || 1 };
}

/**
 * The cohort with every scan at mean 0 and standard deviation 1 in its mask, and 0 outside: what is left of a scan when
 * brightness and contrast do not count.
 */
export function standardizedScans(cohort: ImageCohort): ImageCohort {
  const { images } = cohort;
  const scaled = new Float32Array(images.data.length);
  for (const range of imageRanges(cohort)) scaleInto(scaled, images, range, intensityMoments(images, range));
  return withData(cohort, scaled);
}

/** The cohort with one mean and standard deviation taken out of all of its images, and 0 outside the mask. */
export function scaledBy(cohort: ImageCohort, moments: IntensityMoments): ImageCohort {
  const { images } = cohort;
  const scaled = new Float32Array(images.data.length);
  scaleInto(scaled, images, [0, images.shape[0]], moments);
  return withData(cohort, scaled);
}

function withData(cohort: ImageCohort, data: Float32Array): ImageCohort {
  const { shape, slices, mask } = cohort.images;
  return { ...cohort, images: makeImageSet(data, shape, { slices, mask }) };
}

function scaleInto(
  into: Float32Array,
  images: ImageSet,
  range: readonly [from: number, to: number],
  { mean, spread }: IntensityMoments,
): void {
  eachInside(images, range, (value, at) => (into[at] = (value - mean) / spread));
}

/** Visits the numbers of some images that are in the mask, in every channel. */
function eachInside(
  { data, mask, shape }: ImageSet,
  [from, to]: readonly [from: number, to: number],
  visit: (value: number, at: number) => void,
): void {
  const [, height, width, channels] = shape;
  const size = height * width * channels;
  for (let at = from * size; at < to * size; at++) {
    if (mask === undefined || mask[Math.floor(at / channels)] !== 0) visit(data[at], at);
  }
}
