import { ConcordError } from '../errors';
import type { ImageCohort } from '../data/cohort';
import { imageRanges, withImages } from '../data/cohort';
import type { ImageSet, Plane } from '../data/images/image-set';
import { makeImageSet } from '../data/images/image-set';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { unlikeSlices } from '../math/images/unlike-scans';
import { breathe, progressReporter, throwIfAborted } from '../data/run-options';
import type { IntensityMap } from './intensity-map';
import type { LearnedMap } from './normalize-volume';
import type { RegionSettings } from './region';
import { mapRegion, requireUsable } from './region';
import { advise, option } from '../remedy';

/** The options of {@link normalizeImages} besides how to learn. */
export interface ImageStep {
  readonly name: string;
  readonly region: RegionSettings;
  readonly options: Readonly<Record<string, unknown>>;
  readonly run: RunOptions;
}

/**
 * Takes the images of a cohort through the maps learned from them: one map per scan, from all of its slices together, so
 * that slices of one brain keep their relation. A scan from which nothing can be learned stays as it is, with an issue
 * of code `scan-not-normalized`.
 */
export async function normalizeImages(
  cohort: ImageCohort,
  step: ImageStep,
  learn: (values: Float64Array) => LearnedMap,
): Promise<ImageCohort> {
  const { images, participants } = cohort;
  const { name, region, options, run } = step;
  const data = new Float32Array(images.data);
  const issues: Issue[] = [];
  const ranges = imageRanges(cohort);
  const report = progressReporter(name, ranges.length, run);
  for (const [row, range] of ranges.entries()) {
    await breathe(run.signal);
    const subject = participants.ids[row];
    const learned = tryToLearn(() => learn(imageValues(images, range, region)));
    if (learned instanceof ConcordError) {
      issues.push(
        makeIssue('scan-not-normalized', `${subject}: ${learned.problem}`, { subject }, learned.remedy),
      );
    } else {
      data.set(mapImages(images, range, { map: learned.map, region }), range[0] * imageSize(images));
      issues.push(...learned.issues.map((issue) => ({ ...issue, where: { ...issue.where, subject } })));
    }
    report(row + 1);
  }
  throwIfAborted(run.signal);
  const { mask, slices } = images;
  const mapped = makeImageSet(data, images.shape, { slices, mask });
  return withImages(cohort, mapped, provenanceStep(name, { ...region, ...options }), [
    ...issues,
    ...unlikeSlices(cohort),
  ]);
}

/**
 * The intensities of one scan's slices to learn from: of each slice itself, not of the neighbors in other channels.
 *
 * @throws ConcordError `missing-value` when a mask is needed and missing; otherwise as `regionValues`.
 */
export function imageValues(
  images: ImageSet,
  [from, to]: readonly [number, number],
  { region }: RegionSettings,
): Float64Array {
  const [, height, width, channels] = images.shape;
  const middle = channels >> 1;
  const area = height * width;
  if (region === 'mask' && images.mask === undefined) {
    throw new ConcordError('missing-value', 'missing mask: the images have none', {
      remedy: advise`supply one, or learn from ${option('region', 'non-zero')}`,
    });
  }
  const values = new Float64Array((to - from) * area);
  let count = 0;
  for (let pixel = from * area; pixel < to * area; pixel++) {
    const value = images.data[pixel * channels + middle];
    if (region === 'mask' ? images.mask?.[pixel] !== 0 : value !== 0) values[count++] = value;
  }
  const taken = values.slice(0, count);
  requireUsable(taken, region);
  return taken;
}

function tryToLearn(learn: () => LearnedMap): LearnedMap | ConcordError {
  try {
    return learn();
  } catch (error) {
    if (error instanceof ConcordError) return error;
    throw error;
  }
}

function imageSize({ shape: [, height, width, channels] }: ImageSet): number {
  return height * width * channels;
}

function mapImages(
  images: ImageSet,
  [from, to]: readonly [number, number],
  { map, region }: { readonly map: IntensityMap; readonly region: RegionSettings },
): Float32Array {
  const size = imageSize(images);
  const data = images.data.subarray(from * size, to * size);
  const inside = region.region === 'mask' ? insideChannels(images, from, to) : undefined;
  return mapRegion(data, map, { inside, outside: region.outside });
}

/**
 * The mask with a value per number of the images. That of a neighboring slice is the mask of the image that shows it in
 * the middle; where there is none it is unknown, and what is not 0 is inside.
 */
function insideChannels(images: ImageSet, from: number, to: number): Uint8Array | undefined {
  const { mask, data } = images;
  const [, height, width, channels] = images.shape;
  const first = from * height * width;
  const last = to * height * width;
  if (mask === undefined || channels === 1) return mask?.subarray(first, last);
  const inside = new Uint8Array((last - first) * channels);
  const area = height * width;
  for (let image = from; image < to; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const shown = imageOfChannel(images, { image, channel, from, to });
      const start = image * area * channels + channel;
      for (let pixel = 0, at = start; pixel < area; pixel++, at += channels) {
        const isIn = shown === undefined ? Number(data[at] !== 0) : mask[shown * area + pixel];
        inside[at - first * channels] = isIn;
      }
    }
  }
  return inside;
}

/** The image of the same scan that shows in its middle channel, in the same place, the slice of another one's channel. */
function imageOfChannel(
  { slices, shape }: ImageSet,
  where: { readonly image: number; readonly channel: number; readonly from: number; readonly to: number },
): number | undefined {
  const { image, channel, from, to } = where;
  const { plane, index, offset, grid } = slices[image];
  // Beyond the ends of a volume its last slice is repeated.
  const last = grid.shape[planeAxes[plane]] - 1;
  const wanted = Math.min(Math.max(index + channel - (shape[3] >> 1), 0), last);
  if (wanted === index) return image;
  for (let other = from; other < to; other++) {
    const slice = slices[other];
    const samePlace = slice.offset[0] === offset[0] && slice.offset[1] === offset[1];
    if (slice.plane === plane && slice.index === wanted && samePlace) return other;
  }
  return undefined;
}

/** The axis of a grid in RAS order that a plane cuts. */
const planeAxes: Readonly<Record<Plane, number>> = { sagittal: 0, coronal: 1, axial: 2 };
