import { affineSpacing, nearestAxes } from '../../data/images/affine';
import type { ImageCohort } from '../../data/cohort';
import type { Plane, SliceRecord } from '../../data/images/image-set';
import { sliceAxes } from '../../data/images/image-set';
import { ConcordError } from '../../errors';
import { advise, call, either } from '../../remedy';

/** How slices are oriented and how large their pixels are. Plain JSON. */
export type ImageGeometry = {
  /** The plane the slices cut. */
  readonly plane: Plane;
  /** The size of a pixel in mm: rows, columns. */
  readonly pixelSize: readonly [rows: number, columns: number];
};

/** The size of the pixels of a slice in mm: rows, columns. */
export function pixelSizeOf({
  plane,
  grid,
}: Pick<SliceRecord, 'plane' | 'grid'>): readonly [rows: number, columns: number] {
  const axes = nearestAxes(grid.affine);
  const spacing = affineSpacing(grid.affine);
  const along = (world: number): number => spacing[axes.findIndex((axis) => axis.world === world)];
  const [rows, columns] = sliceAxes[plane];
  return [along(rows), along(columns)];
}

/**
 * The geometry that slices have in common.
 *
 * @throws ConcordError `too-little-data` when there are none; `invalid-option` naming a scan that differs.
 */
export function commonGeometry(slices: readonly SliceRecord[]): ImageGeometry {
  const [first] = slices;
  if (first === undefined) throw new ConcordError('too-little-data', 'there are no images to learn from');
  const { plane } = first;
  const pixelSize = pixelSizeOf(first);
  for (const slice of slices) {
    const found = pixelSizeOf(slice);
    if (slice.plane === plane && sameSize(found, pixelSize)) continue;
    throw new ConcordError(
      'invalid-option',
      `images of different kinds: "${first.scan}" has ${plane} slices with pixels of ${pixelSize.join(' × ')} mm, ` +
        `"${slice.scan}" ${slice.plane} slices with pixels of ${found.join(' × ')} mm (resample the scans to one spacing, ` +
        'and cut them along one plane)',
      { where: { subject: slice.scan } },
    );
  }
  return { plane, pixelSize };
}

/** What images a network was trained on. */
export interface TrainedImages {
  /** Rows, columns and channels. */
  readonly shape: readonly number[];
  readonly geometry: ImageGeometry;
  /** What the scans measured, by BIDS suffix; empty texts where that is not known. */
  readonly suffixes: readonly string[];
}

/** What to do with slices of another kind than a network learned from. */
const otherSlices = [
  either(
    advise`harmonize the scans themselves with ${call('harmonizeVolumes')}, which brings their slices there and back`,
    advise`resample the scans and cut them along that plane with ${call('toImages')}`,
    'train on slices of this kind',
  ),
];

/**
 * Checks that images have the form and the contrast of those that a network was trained on.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireFittingImages(
  { shape, geometry, suffixes }: TrainedImages,
  { images, suffixes: given }: Pick<ImageCohort, 'images' | 'suffixes'>,
): void {
  requireSuffixes(suffixes, given);
  const { plane, pixelSize } = geometry;
  const found = images.shape.slice(1);
  if (found.join() !== shape.join()) {
    throw new ConcordError(
      'invalid-option',
      `images of ${found.join(' × ')} do not fit the model, which was trained on ${shape.join(' × ')}`,
      { remedy: advise`rows × columns × channels; cut them to that size with ${call('toImages')}` },
    );
  }
  for (const slice of images.slices) {
    const size = pixelSizeOf(slice);
    if (slice.plane === plane && sameSize(size, pixelSize)) continue;
    throw new ConcordError(
      'invalid-option',
      `${slice.plane} slices with pixels of ${size.join(' × ')} mm do not fit the model, which was trained on ${plane} ` +
        `slices with pixels of ${pixelSize.join(' × ')} mm`,
      { where: { subject: slice.scan }, remedy: otherSlices },
    );
  }
}

/**
 * Checks that scans measured what those measured that a model learned from, as far as both are known.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireSuffixes(learned: readonly string[], given: readonly string[]): void {
  const known = [...new Set(learned)].filter((suffix) => suffix !== '').sort();
  const other = given.find((suffix) => suffix !== '' && !known.includes(suffix));
  if (other === undefined || known.length === 0) return;
  throw new ConcordError(
    'invalid-option',
    `${other} scans do not fit the model, which learned from ${known.join(' and ')} scans`,
  );
}

function sameSize(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a.every((side, i) => Math.abs(side - b[i]) <= 0.01 * side);
}
