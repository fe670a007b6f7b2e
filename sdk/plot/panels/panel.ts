import { affineSpacing } from '../../data/images/affine';
import type { ImageSet, Plane } from '../../data/images/image-set';
import { planeAxis, slicePosition } from '../../data/images/slice-positions';
import type { Turning } from '../../data/images/turning';
import { turning } from '../../data/images/turning';
import type { Volume } from '../../data/images/volume';

/** A two-dimensional cut as it is looked at: rows from the top, columns from the left. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly mask?: Uint8Array;
  /** Millimeters from one column to the next, and from one row to the next. */
  readonly pixel: readonly [number, number];
  /** The directions at its left, right, upper and lower edge, a letter each of L, R, P, A, I, S. */
  readonly edges: string;
  /** Where it is in RAS space along the axis that its plane cuts, in mm, at the center of the grid. */
  readonly position: number;
  readonly plane: Plane;
}

/** The world axes (0 x, 1 y, 2 z) of the columns and rows of a plane, with their directions. */
const planes: Readonly<
  Record<Plane, { readonly columns: [number, 1 | -1]; readonly rows: [number, 1 | -1] }>
> = {
  axial: { columns: [0, 1], rows: [1, -1] },
  coronal: { columns: [0, 1], rows: [2, -1] },
  sagittal: { columns: [1, -1], rows: [2, -1] },
};

/** The neurological convention, as in an image set: the person's left on the left, the front on the left of a profile. */
const edges: Readonly<Record<Plane, string>> = { axial: 'LRAP', coronal: 'LRSI', sagittal: 'APSI' };

/**
 * Cuts one slice along the grid of a volume, whichever way its axes run: nothing is interpolated, so an oblique grid
 * is cut along its own axes.
 *
 * @param index - from 0, to the right, to the front or upwards
 */
export function volumePanel(volume: Volume, plane: Plane, index: number): Panel {
  const { columns, rows } = planes[plane];
  const turn = turning(volume, 'RAS');
  const [x, y] = [columns, rows].map(([world, direction]) => walk(turn, world, direction));
  const start = turn.start + index * turn.strides[planeAxis(plane)] + x.start + y.start;
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
    position: slicePosition(turn.grid, plane, index),
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

function walk({ grid, strides }: Turning, world: number, direction: 1 | -1): Walk {
  const size = grid.shape[world];
  const step = strides[world];
  const spacing = affineSpacing(grid.affine)[world];
  return direction === 1
    ? { start: 0, stride: step, size, spacing }
    : { start: (size - 1) * step, stride: -step, size, spacing };
}
