import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import { makeImageSet } from '../../data/images/image-set';
import { sameGrid } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { placeOfSlice } from '../images/image-source';

/** Below this many pixels in all slices together there is no brain to look at. */
const fewestPixels = 100;

/**
 * Where scans are compared, images × rows × columns: each in its own mask (where a cohort has none, in what is not 0), or
 * all in what is inside every scan's.
 *
 * @throws ConcordError `different-grids` when a common mask is wanted of scans on different grids or with different
 * slices; `too-little-data` when scans have too little in common.
 */
export function comparedMask(cohort: ImageCohort, which: 'each' | 'common'): Uint8Array {
  const { data, shape, mask } = cohort.images;
  const channels = shape[3];
  const middle = channels >> 1;
  const own =
    mask ??
    Uint8Array.from({ length: data.length / channels }, (_, pixel) =>
      Number(data[pixel * channels + middle] !== 0),
    );
  return which === 'each' ? own : commonMask(cohort, own);
}

function commonMask(cohort: ImageCohort, own: Uint8Array): Uint8Array {
  requireOneGrid(cohort);
  const [, height, width] = cohort.images.shape;
  const ranges = imageRanges(cohort);
  const size = (ranges[0][1] - ranges[0][0]) * height * width;
  const common = own.slice(0, size);
  for (let pixel = size; pixel < own.length; pixel++) common[pixel % size] &= Number(own[pixel] !== 0);
  const inside = common.reduce((sum, value) => sum + value, 0);
  if (inside < fewestPixels) {
    throw new ConcordError(
      'too-little-data',
      `the masks of all scans have ${inside} pixels in common (${fewestPixels} at least are required)`,
      { remedy: advise`align the scans first, or compare each in its own with ${option('mask', 'each')}` },
    );
  }
  return own.map((_, pixel) => common[pixel % size]);
}

function requireOneGrid(cohort: ImageCohort): void {
  const { slices } = cohort.images;
  const ranges = imageRanges(cohort);
  const [start, end] = ranges[0];
  ranges.forEach(([from, to], row) => {
    const same =
      to - from === end - start &&
      Array.from({ length: end - start }, (_, i) => [slices[start + i], slices[from + i]]).every(
        ([first, own]) => placeOfSlice(first) === placeOfSlice(own) && sameGrid(first.grid, own.grid),
      );
    if (same) return;
    const [first, id] = [0, row].map((at) => cohort.participants.ids[at]);
    throw new ConcordError(
      'different-grids',
      `a common mask requires all scans on one grid, with the same slices: ${id} differs from ${first}`,
      {
        where: { subject: id },
        remedy: advise`align and resample the scans first, or compare each in its own with ${option('mask', 'each')}`,
      },
    );
  });
}

/** The images in a mask: 0 outside of it, in every channel. */
export function inMask(cohort: ImageCohort, mask: Uint8Array): ImageCohort {
  const { data, shape, slices } = cohort.images;
  const masked = data.map((value, at) => (mask[Math.floor(at / shape[3])] === 0 ? 0 : value));
  return { ...cohort, images: makeImageSet(masked, shape, { slices, mask }) };
}

/**
 * Other scans where those of a cohort are compared, all in one mask: what is outside of it, or in slices that the cohort does not
 * have, is no part of them. Else the brain that a mask cuts off would count as if a method had lost it.
 *
 * @param compared - the cohort in its common mask, see {@link inMask}
 */
export function inMaskOf(compared: ImageCohort, others: ImageCohort): ImageCohort {
  const { slices, shape, mask } = compared.images;
  const size = shape[1] * shape[2];
  const [, height, width] = others.images.shape;
  if (mask === undefined || height !== shape[1] || width !== shape[2]) return others;
  const own = comparedMask(others, 'each');
  const [from, to] = imageRanges(compared)[0];
  const imageOf = new Map(slices.slice(from, to).map((slice, i) => [placeOfSlice(slice), from + i]));
  const both = new Uint8Array(own.length);
  others.images.slices.forEach((slice, image) => {
    const same = imageOf.get(placeOfSlice(slice));
    if (same === undefined || !sameGrid(slices[same].grid, slice.grid)) return;
    for (let pixel = 0; pixel < size; pixel++) {
      const inside = mask[same * size + pixel] !== 0 && own[image * size + pixel] !== 0;
      both[image * size + pixel] = Number(inside);
    }
  });
  return inMask(others, both);
}

/** The masks as images: what a network sees that sees nothing else. */
export function maskImages(cohort: ImageCohort, mask: Uint8Array): ImageCohort {
  const { shape, slices } = cohort.images;
  const [count, height, width] = shape;
  return {
    ...cohort,
    images: makeImageSet(Float32Array.from(mask), [count, height, width, 1], { slices, mask }),
  };
}
