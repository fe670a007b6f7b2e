import type { Triple } from '../../data/images/affine';
import type { ImageSet, Plane, SliceRecord } from '../../data/images/image-set';
import { planeAxis } from '../../data/images/slice-positions';

/**
 * How the pixels of an image run through the array of a volume in RAS order. Rows run downwards and columns to the
 * right, as images are looked at, so that both may run against the axes of the volume.
 */
export interface SliceLayout {
  readonly height: number;
  readonly width: number;
  /** Where the upper left pixel of slice 0 is in the array. */
  readonly corner: number;
  /** Steps in the array from a row to the one below, from a column to the one on its right, and to the next slice. */
  readonly down: number;
  readonly right: number;
  readonly next: number;
  /** How many slices there are. */
  readonly count: number;
}

/** The layout of the slices of a volume in RAS order: see {@link ImageSet} for how they are looked at. */
export function sliceLayout(shape: Triple, plane: Plane): SliceLayout {
  const [nx, ny, nz] = shape;
  const area = nx * ny;
  const next = [1, nx, area][planeAxis(plane)];
  switch (plane) {
    case 'axial':
      return { height: ny, width: nx, corner: (ny - 1) * nx, down: -nx, right: 1, next, count: nz };
    case 'coronal':
      return { height: nz, width: nx, corner: (nz - 1) * area, down: -area, right: 1, next, count: ny };
    case 'sagittal':
      return {
        height: nz,
        width: ny,
        corner: (nz - 1) * area + (ny - 1) * nx,
        down: -area,
        right: -nx,
        next,
        count: nx,
      };
  }
}

/** The part of a slice that an image shows, in rows and columns of the image. */
export interface SliceWindow {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Where a slice that begins at `offset` is in an image. */
export function sliceWindow(
  layout: SliceLayout,
  shape: ImageSet['shape'],
  offset: SliceRecord['offset'],
): SliceWindow {
  const [, height, width] = shape;
  return {
    top: Math.max(0, offset[0]),
    bottom: Math.min(height, offset[0] + layout.height),
    left: Math.max(0, offset[1]),
    right: Math.min(width, offset[1] + layout.width),
  };
}

/**
 * The slice that a channel shows: its neighbors are in the channels before and behind it, the last one again at the
 * ends.
 */
export function channelSlice(layout: SliceLayout, index: number, channel: number, channels: number): number {
  return Math.min(Math.max(index + channel - (channels - 1) / 2, 0), layout.count - 1);
}
