import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { shortJson } from '../../data/short-json';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { sigmaOfFwhm } from '../../math/images/gaussian-filter';
import type { GuidedImage } from '../../math/images/guided-filter';
import { guidedFilter } from '../../math/images/guided-filter';
import type { GuidedOptions } from './guided-options';
import { pixelSizeOf } from './image-geometry';
import { isInside } from './inside';
import type { IntensityRange } from './scan-intensity';
import { toUnit } from './scan-intensity';

/**
 * Contrasts of a scan well below this, two hundredths of what is between its darkest and its brightest, −1 and 1, are noise: it is
 * followed as the scan is followed on the whole.
 */
const noise = 0.04;

/** Where more than this share of what was made is nothing that the scan shows, somebody is to know. */
const largeShare = 0.2;

/** Neighborhoods beyond this are whole brains. */
const widest = 100;

/** @throws ConcordError `invalid-option` for a neighborhood that is none. */
export function requireGuided(guided: unknown): void {
  if (guided === undefined || (typeof guided === 'number' && guided > 0 && guided <= widest)) return;
  throw new ConcordError(
    'invalid-option',
    `invalid guided: ${shortJson(guided)} is no width in mm, or beyond ${widest}`,
    { remedy: advise`set ${option('guided')} to a number above 0 and at most ${widest} mm, or leave it out` },
  );
}

/** What is noted of it, where it is asked for. */
export function guidedRecord({ guided }: GuidedOptions): GuidedOptions {
  return guided === undefined ? {} : { guided };
}

/** What the scans say of what was made of them. */
export interface GuidedValues {
  readonly values: Float32Array;
  /** Scans of which a large share of what was made was left out, or that have no pixels in the neighborhood of a pixel. */
  readonly issues: readonly Issue[];
}

/** What was made of the images of scans, on any scale. */
interface MadeOfScans {
  readonly values: Float32Array;
  /** The ranges that the scans have. */
  readonly ranges: readonly IntensityRange[];
  /** The participant's row of each image. */
  readonly rows: Int32Array;
}

/**
 * Guides what a network made by the scans that it was made of, each channel of each image by its own. Where a scan is flat, what was
 * made follows it as it does over the whole scan, so that what differs from it in scale only stays what it is.
 *
 * @param fwhm - full width at half maximum of the neighborhood, in mm
 */
export function guidedByScans(cohort: ImageCohort, made: MadeOfScans, fwhm: number): GuidedValues {
  const { images, participants } = cohort;
  const values = made.values.slice();
  const before = participants.ids.map(makeSums);
  for (const { row, image, guide, inside } of eachPlane(cohort, made)) {
    inside.forEach((own, pixel) => own === 1 && add(before[row], guide[pixel], image[pixel]));
  }
  const slopes = before.map(slopeOf);
  const left = participants.ids.map(() => 0);
  for (const { row, position, image, guide, inside, shape, at } of eachPlane(cohort, made)) {
    const [down, across] = pixelSizeOf(images.slices[position]);
    const sigma = [across, down].map((mm) => sigmaOfFwhm(fwhm) / mm);
    const guided = guidedFilter({ image, guide, inside, shape }, { sigma, noise, slope: slopes[row] });
    guided.forEach((value, pixel) => {
      if (inside[pixel] === 0) return;
      left[row] += (image[pixel] - value) ** 2;
      values[at(pixel)] = value;
    });
  }
  const issues = participants.ids.flatMap((id, row) => {
    const share = left[row] / before[row].ofImage;
    if (!(share > largeShare)) return [];
    const message = `${(100 * share).toFixed(0)} % of what was made of ${id} is nothing that its scan shows, and was left out`;
    return [makeIssue('not-in-scan', message, { subject: id })];
  });
  return { values, issues: [...tooNarrow(cohort, made, fwhm), ...issues] };
}

/**
 * Scans whose pixels are so large that each is alone in its neighborhood. At a width of half a pixel the pixels beside it weigh
 * 1.5e-5 of what it does.
 */
function tooNarrow(
  { images, participants }: ImageCohort,
  { rows }: MadeOfScans,
  fwhm: number,
): readonly Issue[] {
  return participants.ids.flatMap((id, row) => {
    const position = rows.indexOf(row);
    if (position === -1) return [];
    const sides = pixelSizeOf(images.slices[position]);
    if (fwhm >= Math.min(...sides) / 2) return [];
    const message = `guided within ${fwhm} mm, ${id} stays what was made of it: its pixels have ${sides.map((mm) => Number(mm.toPrecision(3))).join(' × ')} mm`;
    return [makeIssue('narrow-guide', message, { subject: id })];
  });
}

/** One channel of an image: whose, where it is, what was made, and what the scan has there. */
interface Plane extends GuidedImage {
  readonly row: number;
  readonly position: number;
  readonly inside: Uint8Array;
  /** Where a pixel is in the data. */
  readonly at: (pixel: number) => number;
}

function* eachPlane({ images }: ImageCohort, { values, ranges, rows }: MadeOfScans): Generator<Plane> {
  const [count, height, width, channels] = images.shape;
  const pixels = { length: height * width };
  for (let position = 0; position < count; position++) {
    const row = rows[position];
    for (let channel = 0; channel < channels; channel++) {
      const at = (pixel: number): number => (position * height * width + pixel) * channels + channel;
      const image = Float64Array.from(pixels, (_, pixel) => values[at(pixel)]);
      const guide = Float64Array.from(pixels, (_, pixel) => toUnit(images.data[at(pixel)], ranges[row]));
      const inside = Uint8Array.from(pixels, (_, pixel) => Number(isInside(images, at(pixel))));
      yield { row, position, image, guide, inside, shape: [width, height], at };
    }
  }
}

/** Means over the pixels of a scan so far, and sums of squares and products about them (Welford 1962). */
interface Sums {
  count: number;
  guideMean: number;
  imageMean: number;
  ofGuide: number;
  ofImage: number;
  ofBoth: number;
}

function makeSums(): Sums {
  return { count: 0, guideMean: 0, imageMean: 0, ofGuide: 0, ofImage: 0, ofBoth: 0 };
}

function add(sums: Sums, guide: number, image: number): void {
  sums.count++;
  const [guideOff, imageOff] = [guide - sums.guideMean, image - sums.imageMean];
  sums.guideMean += guideOff / sums.count;
  sums.imageMean += imageOff / sums.count;
  sums.ofGuide += guideOff * (guide - sums.guideMean);
  sums.ofImage += imageOff * (image - sums.imageMean);
  sums.ofBoth += guideOff * (image - sums.imageMean);
}

/** How what was made follows a scan on the whole; 0 where the scan is flat. */
function slopeOf({ ofGuide, ofBoth }: Sums): number {
  return ofGuide > 0 ? ofBoth / ofGuide : 0;
}
