import type { Triple } from '../data/affine';
import { affineSpacing, nearestAxes, transformPoint } from '../data/affine';
import type { ImageSet, Plane } from '../data/image-set';
import type { Volume } from '../data/volume';

/** A two-dimensional cut as it is looked at: rows from the top, columns from the left. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly mask?: Uint8Array;
  /** Millimetres from one column to the next, and from one row to the next. */
  readonly pixel: readonly [number, number];
  /** The directions at its left, right, upper and lower edge, a letter each of L, R, P, A, I, S. */
  readonly edges: string;
  /** Where it lies in RAS space along the axis that its plane cuts, in mm, at the centre of the grid. */
  readonly position: number;
  readonly plane: Plane;
}

/** The world axis (0 x, 1 y, 2 z) that a plane cuts, and those of its columns and rows with their directions. */
const planes: Readonly<
  Record<
    Plane,
    { readonly cuts: number; readonly columns: [number, 1 | -1]; readonly rows: [number, 1 | -1] }
  >
> = {
  axial: { cuts: 2, columns: [0, 1], rows: [1, -1] },
  coronal: { cuts: 1, columns: [0, 1], rows: [2, -1] },
  sagittal: { cuts: 0, columns: [1, -1], rows: [2, -1] },
};

/** The neurological convention, as in an image set: the person's left on the left, the front on the left of a profile. */
const edges: Readonly<Record<Plane, string>> = { axial: 'LRAP', coronal: 'LRSI', sagittal: 'APSI' };

/** How many slices a volume has in a plane. */
export function sliceCount(volume: Volume, plane: Plane): number {
  return volume.shape[gridAxis(volume, planes[plane].cuts)];
}

/** Where slice `index` of a volume lies along the axis that the plane cuts, in mm, at the centre of the grid. */
export function slicePosition(volume: Volume, plane: Plane, index: number): number {
  const { cuts } = planes[plane];
  const axis = gridAxis(volume, cuts);
  const point = volume.shape.map((size) => (size - 1) / 2);
  point[axis] = nearestAxes(volume.affine)[axis].sign > 0 ? index : volume.shape[axis] - 1 - index;
  return transformPoint(volume.affine, [point[0], point[1], point[2]])[cuts];
}

/**
 * Cuts one slice along the grid of a volume, whichever way its axes run: nothing is interpolated, so an oblique grid
 * is cut along its own axes.
 *
 * @param index - from 0, to the right, to the front or upwards
 */
export function volumePanel(volume: Volume, plane: Plane, index: number): Panel {
  const { cuts, columns, rows } = planes[plane];
  const [x, y] = [columns, rows].map(([world, direction]) => gridWalk(volume, world, direction));
  const across = gridWalk(volume, cuts, 1);
  const start = across.start + index * across.stride + x.start + y.start;
  const values = new Float32Array(x.size * y.size);
  const mask = volume.mask === undefined ? undefined : new Uint8Array(values.length);
  for (let row = 0, at = 0; row < y.size; row++) {
    for (let column = 0; column < x.size; column++, at++) {
      const voxel = start + row * y.stride + column * x.stride;
      values[at] = volume.data[voxel];
      if (mask !== undefined && volume.mask !== undefined) mask[at] = volume.mask[voxel];
    }
  }
  return {
    width: x.size,
    height: y.size,
    values,
    ...(mask === undefined ? {} : { mask }),
    pixel: [x.spacing, y.spacing],
    edges: edges[plane],
    position: slicePosition(volume, plane, index),
    plane,
  };
}

/** One image of a set; of several channels the middle one. */
export function imagePanel(images: ImageSet, image: number): Panel {
  const [, height, width, channels] = images.shape;
  const { plane, position, grid } = images.slices[image];
  const area = width * height;
  const values = new Float32Array(area);
  const first = image * area * channels + Math.floor(channels / 2);
  for (let at = 0; at < area; at++) values[at] = images.data[first + at * channels];
  const spacing = affineSpacing(grid.affine);
  const { columns, rows } = planes[plane];
  return {
    width,
    height,
    values,
    ...(images.mask === undefined ? {} : { mask: images.mask.slice(image * area, (image + 1) * area) }),
    pixel: [spacing[columns[0]], spacing[rows[0]]],
    edges: edges[plane],
    position,
    plane,
  };
}

/** How to walk a volume's data along a world axis: where to begin, how far to the next voxel, how many there are. */
interface Walk {
  readonly start: number;
  readonly stride: number;
  readonly size: number;
  readonly spacing: number;
}

function gridWalk(volume: Volume, world: number, direction: 1 | -1): Walk {
  const axis = gridAxis(volume, world);
  const size = volume.shape[axis];
  const step = strides(volume.shape)[axis];
  const along = nearestAxes(volume.affine)[axis].sign === direction;
  return {
    start: along ? 0 : (size - 1) * step,
    stride: along ? step : -step,
    size,
    spacing: volume.spacing[axis],
  };
}

function gridAxis(volume: Volume, world: number): number {
  return nearestAxes(volume.affine).findIndex((axis) => axis.world === world);
}

function strides([nx, ny]: Triple): Triple {
  return [1, nx, nx * ny];
}
