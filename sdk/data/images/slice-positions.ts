import { ConcordError } from '../../errors';
import { nearestAxes, transformPoint } from './affine';
import type { Plane } from './image-set';
import { maskBox } from './mask-box';
import { turning } from './turning';
import type { Grid, Volume } from './volume';

/** Which slices are wanted. Slices are numbered from 0 at the left, the back or the bottom. */
export type SlicePositions =
  /** By their numbers. */
  | { readonly indices: readonly number[] }
  /** Those nearest to places in RAS space along the axis that the plane cuts. */
  | { readonly millimeters: readonly number[] }
  /**
   * This many, evenly spread over a part of the brain: `from` and `to` are fractions of the extent of the mask, or of
   * the whole grid where there is none. One alone is in the middle of that part. Default: from 0.25 to 0.75.
   */
  | { readonly count: number; readonly from?: number; readonly to?: number }
  /** One at each multiple of this many mm in RAS space, as far as the mask reaches, or the grid where there is none. */
  | { readonly every: number };

/** The axis of a grid in RAS order that a plane cuts. */
export function planeAxis(plane: Plane): 0 | 1 | 2 {
  return plane === 'sagittal' ? 0 : plane === 'coronal' ? 1 : 2;
}

/** Where a slice of a grid in RAS order is in RAS space along the axis that its plane cuts, in mm, at the center of the grid. */
export function slicePosition({ shape, affine }: Grid, plane: Plane, index: number): number {
  const axis = planeAxis(plane);
  const at = (other: number): number => (other === axis ? index : (shape[other] - 1) / 2);
  return transformPoint(affine, [at(0), at(1), at(2)])[axis];
}

/** Options of {@link chooseSlices}. */
export interface ChooseSlicesOptions {
  /** @defaultValue all slices */
  readonly at?: SlicePositions;
  /**
   * Whether fewer slices will do where `count` different ones do not fit.
   *
   * @defaultValue `false`
   */
  readonly fewer?: boolean;
}

/**
 * The numbers of the slices wanted of a volume of any orientation: the one rule by which slices are cut and shown.
 *
 * @throws ConcordError `invalid-option` when a slice is not there, or none is wanted; `failed-step` when the slices depend
 * on a mask that is empty.
 */
export function chooseSlices(
  volume: Volume,
  plane: Plane,
  options: ChooseSlicesOptions = {},
): readonly number[] {
  const { at, fewer = false } = options;
  const { grid } = turning(volume, 'RAS');
  const count = grid.shape[planeAxis(plane)];
  if (at === undefined) return Array.from({ length: count }, (_, index) => index);
  const indices = wanted(grid, plane, {
    at,
    fewer,
    extent: () => (volume.mask === undefined ? [0, count - 1] : maskExtent(volume, volume.mask, plane)),
  });
  if (indices.length === 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid slices: ${JSON.stringify(at)} selects none of the ${count} ${plane} slices`,
    );
  }
  for (const index of indices) {
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      throw new ConcordError(
        'invalid-option',
        `invalid slice: ${index} (${plane} slices 0 to ${count - 1} exist)`,
      );
    }
  }
  return indices;
}

/** The first and the last slice of a part of a volume. */
type Extent = readonly [first: number, last: number];

function wanted(
  grid: Grid,
  plane: Plane,
  choice: { readonly at: SlicePositions; readonly fewer: boolean; readonly extent: () => Extent },
): readonly number[] {
  const { at, fewer, extent } = choice;
  if ('indices' in at) return at.indices;
  if ('millimeters' in at) return nearest(grid, plane, at.millimeters);
  if ('every' in at) return multiples(grid, plane, at.every, extent());
  return 'count' in at ? spread(at, extent(), fewer) : [];
}

/** The first and the last slice with brain in it, counted in RAS order. */
function maskExtent({ shape, affine }: Grid, mask: Uint8Array, plane: Plane): Extent {
  const box = maskBox(mask, shape);
  const axes = nearestAxes(affine);
  const axis = axes.findIndex(({ world }) => world === planeAxis(plane));
  const first = box.from[axis];
  const last = box.to[axis] - 1;
  return axes[axis].sign > 0 ? [first, last] : [shape[axis] - 1 - last, shape[axis] - 1 - first];
}

function nearest(grid: Grid, plane: Plane, millimeters: readonly number[]): number[] {
  const count = grid.shape[planeAxis(plane)];
  const first = slicePosition(grid, plane, 0);
  const step = slicePosition(grid, plane, 1) - first;
  return millimeters.map((position) => {
    const index = Math.round((position - first) / step);
    if (index >= 0 && index < count) return index;
    const last = first + step * (count - 1);
    throw new ConcordError(
      'invalid-option',
      `invalid slice position: ${position} mm (${plane} slices reach from ${first.toFixed(1)} to ${last.toFixed(1)} mm)`,
    );
  });
}

function multiples(grid: Grid, plane: Plane, every: number, extent: Extent): number[] {
  if (!(every > 0 && Number.isFinite(every))) {
    throw new ConcordError(
      'invalid-option',
      `invalid distance of slices: ${every} (mm above 0 are required)`,
    );
  }
  const low = slicePosition(grid, plane, extent[0]);
  const high = slicePosition(grid, plane, extent[1]);
  const indices = new Set<number>();
  for (let m = Math.ceil(low / every - 1e-9); m * every <= high + 1e-9; m++) {
    indices.add(nearest(grid, plane, [m * every])[0]);
  }
  return [...indices];
}

function spread(
  at: { readonly count: number; readonly from?: number; readonly to?: number },
  [first, last]: Extent,
  fewer: boolean,
): number[] {
  const { count, from = 0.25, to = 0.75 } = at;
  if (!(Number.isInteger(count) && count > 0) || !(from >= 0 && from <= to && to <= 1)) {
    throw new ConcordError(
      'invalid-option',
      `invalid slices: ${count} from ${from} to ${to} (a positive whole number, and fractions with 0 ≤ from ≤ to ≤ 1)`,
    );
  }
  const part = (i: number): number =>
    count === 1 ? (from + to) / 2 : from + (i * (to - from)) / (count - 1);
  const places = Array.from({ length: count }, (_, i) => Math.round(first + part(i) * (last - first)));
  const indices = [...new Set(places)];
  if (indices.length < count && !fewer) {
    throw new ConcordError(
      'invalid-option',
      `invalid slices: ${count} different ones do not fit between ${from} and ${to} of slices ${first} to ${last}`,
    );
  }
  return indices;
}
