import type { ImageCohort } from '../../data/cohort';
import { affineSpacing } from '../../data/images/affine';
import { imageRanges } from '../../data/cohort';
import type { ImageSet, Plane } from '../../data/images/image-set';
import { sliceAxes } from '../../data/images/image-set';
import type { Grid } from '../../data/images/volume';
import { sameGrid } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { advise, call } from '../../remedy';

/** Where slices are: the plane that they cut and the grid that they were cut from. */
export interface PixelGrid {
  readonly plane: Plane;
  readonly grid: Grid;
}

/** Pixels of one scan that are in its brain: where each is in the grid, and where among the numbers of the images. */
export interface BrainPixels {
  /** Their places in the grid, see {@link pixelName}. */
  readonly places: Int32Array;
  /** Their places in `images.data`. */
  readonly at: Int32Array;
}

/** Slices, rows and columns of a grid cut along a plane. */
export function gridSides({ plane, grid }: PixelGrid): readonly [number, number, number] {
  const [rows, columns] = sliceAxes[plane];
  const cut = 3 - rows - columns;
  return [grid.shape[cut], grid.shape[rows], grid.shape[columns]];
}

/** The name of a place: `s32r50c41` for slice 32, row 50, column 41. */
export function pixelName(place: number, [, rows, columns]: readonly [number, number, number]): string {
  const slice = Math.floor(place / (rows * columns));
  return `s${slice}r${Math.floor(place / columns) % rows}c${place % columns}`;
}

/** The place of a name; `NaN` where it names no pixel of the grid. */
export function placeNamed(name: string, [slices, rows, columns]: readonly [number, number, number]): number {
  const found = /^s(\d+)r(\d+)c(\d+)$/.exec(name);
  if (found === null) return NaN;
  const [slice, row, column] = found.slice(1).map(Number);
  const inside = slice < slices && row < rows && column < columns;
  return inside ? (slice * rows + row) * columns + column : NaN;
}

/**
 * The grid that all slices were cut from.
 *
 * @param expected - the grid that it must be, where there is one
 * @throws ConcordError `invalid-option` naming a scan on another grid, or slices of three channels; `too-little-data`
 * where there are no images.
 */
export function commonGrid({ images }: ImageCohort, expected?: PixelGrid): PixelGrid {
  const channels = images.shape[3];
  if (channels !== 1) {
    throw new ConcordError('invalid-option', `images of ${channels} channels: ComBat by pixels takes one`, {
      remedy: advise`cut the scans again with ${call('toImages')} and one channel`,
    });
  }
  const [first] = images.slices;
  const found = expected ?? first;
  if (found === undefined) throw new ConcordError('too-little-data', 'there are no images to learn from');
  const { plane, grid } = found;
  for (const slice of images.slices) {
    if (slice.plane === plane && sameGrid(slice.grid, grid)) continue;
    const other = expected === undefined ? `"${first.scan}"` : 'the scans that the model was fitted on';
    const what =
      slice.plane === plane
        ? `is on another grid (${describe(slice.grid)}) than ${other} (${describe(grid)})`
        : `has ${slice.plane} slices, ${other} ${plane} ones`;
    throw new ConcordError(
      'invalid-option',
      `scans that are not aligned: "${slice.scan}" ${what}; ComBat by pixels compares what is at the same place`,
      {
        where: { subject: slice.scan },
        remedy: advise`register all scans to one template first, with ${call('registrations.registerAffine')}, and cut them along one plane`,
      },
    );
  }
  return { plane, grid };
}

/** For every scan, its pixels in the brain: those in its mask, or all but 0 where there is none. */
export function brainPixels(
  cohort: ImageCohort,
  sides: readonly [number, number, number],
): readonly BrainPixels[] {
  return imageRanges(cohort).map((range) => pixelsOf(cohort.images, range, sides));
}

function pixelsOf(
  { data, mask, shape, slices }: ImageSet,
  [from, to]: readonly [number, number],
  [, rows, columns]: readonly [number, number, number],
): BrainPixels {
  const [, height, width] = shape;
  const inside = mask ?? data;
  let most = 0;
  for (let number = from * height * width; number < to * height * width; number++)
    if (inside[number] !== 0) most++;
  const places = new Int32Array(most);
  const at = new Int32Array(most);
  let count = 0;
  for (let image = from; image < to; image++) {
    const { index, offset } = slices[image];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const number = (image * height + row) * width + column;
        if (inside[number] === 0) continue;
        const up = row - offset[0];
        const along = column - offset[1];
        // Beyond the grid there is nothing but what fills an image up.
        if (up < 0 || along < 0 || up >= rows || along >= columns) continue;
        places[count] = (index * rows + up) * columns + along;
        at[count++] = number;
      }
    }
  }
  return { places: places.subarray(0, count), at: at.subarray(0, count) };
}

function describe({ shape, affine }: Grid): string {
  const short = (values: readonly number[]): string[] =>
    values.map((value) => String(Number(value.toFixed(2))));
  const origin = short([affine[3], affine[7], affine[11]]).join(', ');
  return `${shape.join(' × ')} voxels of ${short(affineSpacing(affine)).join(' × ')} mm from (${origin})`;
}
