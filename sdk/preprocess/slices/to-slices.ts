import type { ImageSet, Plane, SliceRecord } from '../../data/images/image-set';
import { makeImageSet } from '../../data/images/image-set';
import { oneOf } from '../../data/one-of';
import type { Volume } from '../../data/images/volume';
import { requireMask } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { backgroundValue } from '../background-value';
import { maskBox } from '../../data/images/mask-box';
import { reorient } from '../reorient';
import type { SliceLayout } from './slice-layout';
import { channelSlice, sliceLayout, sliceWindow } from './slice-layout';
import type { SlicePositions } from '../../data/images/slice-positions';
import { chooseSlices, slicePosition } from '../../data/images/slice-positions';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link toSlices}. */
export interface ToSlicesOptions {
  /**
   * The id of the scan, kept in the record of every slice.
   *
   * @defaultValue `''`
   */
  readonly scan?: string;
  /**
   * The plane in which the volume is cut.
   *
   * @defaultValue `'axial'`
   */
  readonly plane?: Plane;
  /**
   * Which slices, by number, by millimeters, or spread over the brain.
   *
   * @defaultValue all
   */
  readonly at?: SlicePositions;
  /**
   * 1: the slice; 3: the slice between its two neighbors (2.5D).
   *
   * @defaultValue `1`
   */
  readonly channels?: 1 | 3;
  /**
   * The size of the images, one number or rows and columns: slices are padded and cropped to it, centered.
   *
   * @defaultValue the size of the slices
   */
  readonly size?: number | readonly [height: number, width: number];
  /**
   * What is in the middle of images of another size: the center of the grid, or that of the box around the mask.
   *
   * @defaultValue `'grid'`
   */
  readonly center?: 'grid' | 'mask';
  /**
   * The intensity of what is padded.
   *
   * @defaultValue the volume's background: the median of its corner voxels
   */
  readonly fill?: number;
}

/**
 * Cuts a volume of any orientation into slices that are oriented as they are looked at (see {@link ImageSet}).
 * Intensities are copied as they are: whatever scale they have, they have as a volume, never per slice.
 *
 * @throws ConcordError `invalid-option` when a slice asked for is not there or the size is not positive; `missing-value`
 * when the mask is wanted as the center and there is none; `failed-step` when the slices depend on a mask that is empty.
 */
export function toSlices(volume: Volume, options: ToSlicesOptions = {}): ImageSet {
  requireCall('volumes.toSlices', { volume, options });
  requireSliceOptions(options);
  const { scan = '', plane = 'axial', channels = 1, center = 'grid' } = options;
  const source = reorient(volume);
  const grid = { shape: source.shape, affine: source.affine };
  const layout = sliceLayout(grid.shape, plane);
  const [height, width] = imageSize(options.size, layout);
  const [row, column] = center === 'grid' ? [layout.height, layout.width] : twiceCenter(source, plane);
  const offset = [Math.floor((height - row) / 2), Math.floor((width - column) / 2)] as const;
  const slices = chooseSlices(source, plane, { at: options.at }).map((index): SliceRecord => {
    return { scan, plane, index, position: slicePosition(grid, plane, index), offset, grid };
  });
  const shape = [slices.length, height, width, channels] as const;
  const fill = options.fill ?? backgroundValue(source.data, source.shape);
  const data = new Float32Array(slices.length * height * width * channels).fill(fill);
  for (let channel = 0; channel < channels; channel++) {
    cutSlices(source.data, data, { shape, slices, layout, channel });
  }
  if (source.mask === undefined) return makeImageSet(data, shape, { slices });
  const mask = new Uint8Array(slices.length * height * width);
  cutSlices(source.mask, mask, { shape: [slices.length, height, width, 1], slices, layout, channel: 0 });
  return makeImageSet(data, shape, { slices, mask });
}

/**
 * What can be said of the options before there is a volume: through a cohort, that is no matter of its scans.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireSliceOptions({
  plane = 'axial',
  channels = 1,
  center = 'grid',
  size,
}: Pick<ToSlicesOptions, 'plane' | 'channels' | 'center' | 'size'>): void {
  oneOf('plane', plane, ['axial', 'coronal', 'sagittal']);
  oneOf('channels', String(channels), ['1', '3']);
  oneOf('center', center, ['grid', 'mask']);
  if (size !== undefined) wantedSize(size);
}

/** Twice the row and the column of the center of the brain in the slices: for a mask that is everywhere, their size. */
function twiceCenter(source: Volume, plane: Plane): readonly [row: number, column: number] {
  const { from, to } = maskBox(requireMask(source, 'cutting around the mask'), source.shape);
  // Rows run downwards and sagittal columns to the back, against the axes; other columns run along x.
  const along = (axis: 0 | 1 | 2): number => from[axis] + to[axis];
  const against = (axis: 0 | 1 | 2): number => 2 * source.shape[axis] - along(axis);
  switch (plane) {
    case 'axial':
      return [against(1), along(0)];
    case 'coronal':
      return [against(2), along(0)];
    case 'sagittal':
      return [against(2), against(1)];
  }
}

function imageSize(size: ToSlicesOptions['size'], layout: SliceLayout): readonly [number, number] {
  return size === undefined ? [layout.height, layout.width] : wantedSize(size);
}

function wantedSize(size: number | readonly [number, number]): readonly [number, number] {
  const wanted = typeof size === 'number' ? ([size, size] as const) : size;
  if (
    !Array.isArray(wanted) ||
    wanted.length !== 2 ||
    !wanted.every((side) => Number.isInteger(side) && side > 0)
  ) {
    throw new ConcordError(
      'invalid-option',
      `invalid size: ${Array.isArray(wanted) ? wanted.join(' × ') : JSON.stringify(wanted)} (one or two positive whole numbers are required)`,
    );
  }
  return wanted;
}

/** Copies the voxels of slices into one channel of their images. */
function cutSlices(
  voxels: Float32Array | Uint8Array,
  images: Float32Array | Uint8Array,
  cut: {
    readonly shape: ImageSet['shape'];
    readonly slices: readonly SliceRecord[];
    readonly layout: SliceLayout;
    readonly channel: number;
  },
): void {
  const { shape, slices, layout, channel } = cut;
  const [, height, width, channels] = shape;
  for (const [image, { index, offset }] of slices.entries()) {
    const slice = layout.corner + channelSlice(layout, index, channel, channels) * layout.next;
    const window = sliceWindow(layout, shape, offset);
    for (let row = window.top; row < window.bottom; row++) {
      let from = slice + (row - offset[0]) * layout.down + (window.left - offset[1]) * layout.right;
      let to = ((image * height + row) * width + window.left) * channels + channel;
      for (let column = window.left; column < window.right; column++) {
        images[to] = voxels[from];
        from += layout.right;
        to += channels;
      }
    }
  }
}
