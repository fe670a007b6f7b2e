import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import { makeImageSet } from '../../data/images/image-set';
import type { ImageSource } from '../../data/images/image-source';
import type { Issue } from '../../data/issue';
import { imageSource } from '../../data/images/memory-source';
import type { ProvenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { TrainedImages } from './image-geometry';
import { requireFittingImages } from './image-geometry';
import type { Batches } from './batches';
import { rowsOfSlices } from './image-samples';
import type { IntensityRange } from './scan-intensity';
import { fromUnit, measureScanRanges, scaledSource } from './scan-intensity';

/** The images of a cohort as a network that was trained before sees them: how many, whose, and scaled. */
export interface GivenImages extends Required<Pick<Batches, 'count' | 'scanOf'>> {
  /** Reads them scaled to −1 … 1. */
  readonly source: ImageSource;
  /** The participant's row of each image. */
  readonly rows: Int32Array;
  /** The intensities of each participant's scan. */
  readonly ranges: readonly IntensityRange[];
}

/**
 * Scales the images of a cohort as those that a network was trained on.
 *
 * @throws ConcordError `invalid-option` when they are of another size, contrast, plane or pixel size; `invalid-voxels`.
 */
export async function givenImages(
  trained: TrainedImages,
  cohort: ImageCohort,
  run: RunOptions,
): Promise<GivenImages> {
  requireFittingImages(trained, cohort);
  const source = imageSource(cohort);
  const ranges = await measureScanRanges(source, { signal: run.signal });
  return {
    source: scaledSource(source, ranges),
    rows: rowsOfSlices(source),
    ranges,
    count: source.count,
    scanOf: (position) => source.slices[position].scan,
  };
}

/** What a network made of the images of a cohort, one after the other, still between −1 and 1. */
export interface MadeValues {
  readonly values: Float32Array;
  /** The intensities to give each participant's images in. */
  readonly ranges: readonly IntensityRange[];
}

/** Puts what a network made in the place of images: only inside the brain mask (without one: where they are not 0). */
export function withMadeImages(
  cohort: ImageCohort,
  { values, ranges }: MadeValues,
  { step, issues }: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): ImageCohort {
  const { images, participants } = cohort;
  const { data, mask, shape, slices } = images;
  const channels = shape[3];
  const size = shape[1] * shape[2] * channels;
  const rows = rowsOfSlices({ participants, slices });
  const out = data.slice();
  rows.forEach((row, image) => {
    for (let at = image * size; at < (image + 1) * size; at++) {
      // The mask is that of the middle channel; its neighbors are known by what they show.
      const inside =
        mask === undefined || channels > 1 ? data[at] !== 0 : mask[Math.floor(at / channels)] !== 0;
      if (inside) out[at] = fromUnit(values[at], ranges[row]);
    }
  });
  const kept = mask === undefined ? {} : { mask };
  return withImages(cohort, makeImageSet(out, shape, { slices, ...kept }), step, issues);
}
