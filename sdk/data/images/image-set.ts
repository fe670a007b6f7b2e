import { ConcordError } from '../../errors';
import type { Grid } from './volume';
import { requireCall } from '../calls/require-call';

/** The planes in which a volume is cut. */
export type Plane = 'axial' | 'coronal' | 'sagittal';

/** The world axes, x 0, y 1 and z 2, along which the rows and the columns of slices follow each other. */
export const sliceAxes: Readonly<Record<Plane, readonly [rows: number, columns: number]>> = {
  axial: [1, 0],
  coronal: [2, 0],
  sagittal: [2, 1],
};

/**
 * Two-dimensional images of one size. They are oriented as they are looked at, in the neurological convention: in axial and
 * coronal images the person's left is on the left; in axial images the front is up, in coronal and sagittal ones the
 * top of the head is up; in sagittal images the front is on the left.
 */
export interface ImageSet {
  readonly kind: 'images';
  /** Image, row (from the top), column (from the left), channel: channel fastest. */
  readonly data: Float32Array;
  /** Images, rows, columns, channels. One channel is a slice; three are a slice between its two neighbors. */
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  /** Where the brain is, images × rows × columns, for the slice in the middle channel. */
  readonly mask?: Uint8Array;
  /** What each image shows. */
  readonly slices: readonly SliceRecord[];
}

/** What an image shows and how it goes back to where it came from. */
export interface SliceRecord {
  /** The id of the scan. */
  readonly scan: string;
  readonly plane: Plane;
  /** The number of the slice in the grid, along the axis that the plane cuts, from 0. */
  readonly index: number;
  /** Where the slice is in RAS space along the axis that the plane cuts, in mm, at the center of the grid. */
  readonly position: number;
  /** The row and the column of the image at which the slice begins; negative where the slice is cropped. */
  readonly offset: readonly [row: number, column: number];
  /** The grid of the volume it was cut from, in RAS order. */
  readonly grid: Grid;
}

/**
 * Makes an {@link ImageSet} and checks its sizes. The arrays are not copied.
 *
 * @throws ConcordError `invalid-option` when sizes do not fit.
 *
 * @example
 * ```ts
 * const { data, shape, slices, mask } = cohort.images;
 * const halved = makeImageSet(data.map((value) => value / 2), shape, { slices, mask });
 * ```
 */
export function makeImageSet(
  data: Float32Array,
  shape: ImageSet['shape'],
  record: { readonly slices: readonly SliceRecord[]; readonly mask?: Uint8Array },
): ImageSet {
  requireCall('makeImageSet', { data, shape, record });
  const [count, height, width, channels] = shape;
  const { slices, mask } = record;
  const fits = data.length === count * height * width * channels && slices.length === count;
  if (!fits || (mask !== undefined && mask.length !== count * height * width)) {
    throw new ConcordError(
      'invalid-option',
      `invalid image set: ${data.length} numbers, ${slices.length} slice records and ` +
        `${mask?.length ?? 'no'} mask values for a shape of ${shape.join(' × ')}`,
    );
  }
  return { kind: 'images', data, shape, slices, ...(mask === undefined ? {} : { mask }) };
}

/**
 * The images at `positions`, in that order, copied.
 *
 * @throws ConcordError `invalid-option` when one is not there.
 *
 * @example
 * ```ts
 * const first = takeImages(cohort.images, [0, 1, 2]);
 * ```
 */
export function takeImages(images: ImageSet, positions: ArrayLike<number>): ImageSet {
  requireCall('takeImages', { images, positions });
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  const data = new Float32Array(positions.length * size);
  const mask = images.mask === undefined ? undefined : new Uint8Array(positions.length * height * width);
  const slices = Array.from(positions, (position, i) => {
    if (!(Number.isInteger(position) && position >= 0 && position < count)) {
      throw new ConcordError('invalid-option', `invalid image: ${position} (0 to ${count - 1} exist)`);
    }
    data.set(images.data.subarray(position * size, (position + 1) * size), i * size);
    const area = height * width;
    if (images.mask) mask?.set(images.mask.subarray(position * area, (position + 1) * area), i * area);
    return images.slices[position];
  });
  return makeImageSet(data, [slices.length, height, width, channels], {
    slices,
    mask,
  });
}
