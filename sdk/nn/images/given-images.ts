import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import { makeImageSet } from '../../data/images/image-set';
import type { ImageSource } from '../../data/images/image-source';
import type { Issue } from '../../data/issue';
import { imageSource } from '../../data/images/memory-source';
import type { ProvenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { backendIssues } from '../backend/use-backend';
import type { LearnedInput } from '../input/learned-input';
import { takeIn } from '../input/take-in';
import type { TrainedImages } from './image-geometry';
import { requireFittingImages } from './image-geometry';
import type { Batches } from './batches';
import { rowsOfSlices } from './image-samples';
import type { IntensityRange } from './scan-intensity';
import { guidedByScans } from './guided-by-scan';
import type { GuidedOptions } from './guided-options';
import { isInside } from './inside';
import { unlikeMade } from './unlike-made';
import { fromUnit, measureScanRanges, toUnit } from './scan-intensity';

/** The images of a cohort as a network that was trained before sees them: how many, whose, and scaled. */
export interface GivenImages extends Required<Pick<Batches, 'count' | 'scanOf'>> {
  /** Reads them scaled to −1 … 1. */
  readonly source: ImageSource;
  /** The participant's row of each image. */
  readonly rows: Int32Array;
  /** The range of intensities of each participant's scan. */
  readonly ranges: readonly IntensityRange[];
  /**
   * The images with too little brain for what the network learned, and the share of each that is to be left as it was.
   */
  readonly left: ReadonlyMap<number, number>;
  /** What was noticed: scans that were brought to what the network learned from, and what it did not learn from. */
  readonly issues: readonly Issue[];
}

/** What images a network was trained on, with what else is known of them. */
export interface KnownImages extends TrainedImages {
  /** Missing in models of earlier versions. */
  readonly learned?: LearnedInput;
}

/**
 * Scales the images of a cohort as those that a network was trained on. Scans whose intensities have another scale are
 * brought to it, with an issue; those that are unlike what it learned from are refused.
 *
 * @throws ConcordError `invalid-option` when they are of another size, contrast, plane or pixel size; `invalid-voxels`
 * when pixels are not finite, or a scan is unlike what the network learned from.
 */
export async function givenImages(
  trained: KnownImages,
  cohort: ImageCohort,
  run: RunOptions,
): Promise<GivenImages> {
  requireFittingImages(trained, cohort);
  const source = imageSource(cohort);
  const measured = await measureScanRanges(source, { signal: run.signal });
  const { ranges, left, issues } = await takeIn(trained.learned, { cohort, ranges: measured }, run);
  const rows = rowsOfSlices(source);
  return {
    source: unitSource(cohort, { ranges, rows, learned: trained.learned }),
    rows,
    ranges,
    left,
    issues,
    count: source.count,
    scanOf: (position) => source.slices[position].scan,
  };
}

/** Reads images between −1 and 1, what is not brain as the background that the network learned. */
function unitSource(
  cohort: ImageCohort,
  {
    ranges,
    rows,
    learned,
  }: {
    readonly ranges: readonly IntensityRange[];
    readonly rows: Int32Array;
    readonly learned: LearnedInput | undefined;
  },
): ImageSource {
  const source = imageSource(cohort);
  const { images } = cohort;
  const [, height, width, channels] = images.shape;
  const size = height * width * channels;
  return {
    ...source,
    read: async (positions) => {
      const data = await source.read(positions);
      Array.from(positions).forEach((position, i) => {
        const range = ranges[rows[position]];
        for (let at = 0; at < size; at++) {
          const value = data[i * size + at];
          const outside = learned?.masked === true && !isInside(images, position * size + at);
          data[i * size + at] = outside ? learned.background : toUnit(value, range);
        }
      });
      return data;
    },
  };
}

/**
 * What a network made of the images of a cohort, one after the other, still between −1 and 1, and whether the scans are to guide it;
 * they do so before anything of them is left as it was.
 */
export interface MadeImages extends GuidedOptions {
  readonly values: Float32Array;
  /** The intensities to give each participant's images in. */
  readonly ranges: readonly IntensityRange[];
  /** The intensities that they had. */
  readonly from: readonly IntensityRange[];
  /** Images that keep a share of what they show, on the scale of the others. @defaultValue none */
  readonly left?: ReadonlyMap<number, number>;
}

/**
 * Puts what a network made in the place of images: only inside the brain mask (without one: where they are not 0). What
 * is outside is brought to the same scale; a background that is 0 stays so.
 *
 * What has little to do with its scan gets an issue of code `made-unlike-scan`.
 *
 * @param made - with `guided`, what was made is brought to what the scans show
 */
export function withMadeImages(
  cohort: ImageCohort,
  { values, ranges, from, left, guided }: MadeImages,
  { step, issues }: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): ImageCohort {
  const { images, participants } = cohort;
  const { data, mask, shape, slices } = images;
  const size = shape[1] * shape[2] * shape[3];
  const rows = rowsOfSlices({ participants, slices });
  const shown =
    guided === undefined
      ? { values, issues: [] }
      : guidedByScans(cohort, { values, ranges: from, rows }, guided);
  const out = data.slice();
  rows.forEach((row, image) => {
    const change = { from: from[row], to: ranges[row] };
    const share = left?.get(image) ?? 0;
    for (let at = image * size; at < (image + 1) * size; at++) {
      const own = changedOutside(data[at], change);
      const made = fromUnit(shown.values[at], ranges[row]);
      out[at] = isInside(images, at) ? made + share * (own - made) : own;
    }
  });
  const kept = mask === undefined ? {} : { mask };
  const made = makeImageSet(out, shape, { slices, ...kept });
  changes.set(
    made,
    from.map((own, row) => ({ from: own, to: ranges[row] })),
  );
  return withImages(cohort, made, step, [
    ...backendIssues(),
    ...issues,
    ...shown.issues,
    ...unlikeMade(cohort, out),
  ]);
}

/** How the scale of a scan's intensities was changed. */
export interface ScaleChange {
  readonly from: IntensityRange;
  readonly to: IntensityRange;
}

/** What happened to images that were just made: whoever puts them back into a scan changes the rest of it alike. */
const changes = new WeakMap<ImageSet, readonly ScaleChange[]>();

/**
 * How the scale of each scan's intensities was changed when these very images were made; `undefined` where it was not.
 */
export function scaleChanges(images: ImageSet): readonly ScaleChange[] | undefined {
  return changes.get(images);
}

/** An intensity outside of the brain on the scale of what was made inside; 0, where nothing was measured, stays 0. */
export function changedOutside(value: number, { from, to }: ScaleChange): number {
  return value === 0 ? 0 : fromUnit(toUnit(value, from), to);
}
