import type { Triple } from '../../data/images/affine';
import { makeAffine } from '../../data/images/affine';
import type { Plane, SliceRecord } from '../../data/images/image-set';
import type { Grid } from '../../data/images/volume';
import { ConcordError } from '../../errors';

/** Where slices are. */
export interface SliceGeometry {
  /** The grid of the volume of which the slices are all there is, in RAS order. */
  readonly grid: Grid;
  /** The grid of each image: column, row from the top, one slice. */
  readonly images: readonly Grid[];
  /** Where each slice is along the axis it cuts, in mm. */
  readonly positions: readonly number[];
}

/** Options about slices. */
export interface SliceOptions {
  /** How many slices of each scan. @defaultValue 5 */
  readonly slices?: number;
  /** Rows and columns of an image. @defaultValue 128 */
  readonly size?: number;
  /** Size of a pixel in mm. @defaultValue 1.5 */
  readonly pixelSize?: number;
  /** @defaultValue `'axial'` */
  readonly plane?: Plane;
  /**
   * Position of the first slice along the axis it cuts, in mm from the anterior commissure.
   * @defaultValue 0 axial, −60 coronal, −44 sagittal
   */
  readonly first?: number;
  /** From slice to slice, in mm. @defaultValue 11 axial, 20 coronal, 22 sagittal */
  readonly step?: number;
}

/** For each plane: the axis it cuts, the axes of columns and rows with their directions, and defaults in mm. */
const planes = {
  axial: { axis: 2, column: [0, 1], row: [1, -1], first: 0, step: 11 },
  coronal: { axis: 1, column: [0, 1], row: [2, -1], first: -60, step: 20 },
  sagittal: { axis: 0, column: [1, -1], row: [2, -1], first: -44, step: 22 },
} as const;

/** The middle of the images, in mm. */
const middle: Triple = [0, -16, 2];

/**
 * Lays out slices.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 */
export function sliceGeometry(options: SliceOptions): SliceGeometry {
  const { slices = 5, size = 128, pixelSize = 1.5, plane = 'axial' } = options;
  const { axis, column, row, first: firstOfPlane, step: stepOfPlane } = planes[plane];
  const { first = firstOfPlane, step = stepOfPlane } = options;
  check('slices', slices, Number.isInteger(slices) && slices >= 1);
  check('size', size, Number.isInteger(size) && size >= 2);
  check('pixelSize', pixelSize, pixelSize > 0.1 && pixelSize < 50);
  check('first', first, Number.isFinite(first));
  check('step', step, step > 0 && Number.isFinite(step));
  const shape = [0, 1, 2].map((a) => (a === axis ? slices : size)) as unknown as Triple;
  const spacing = [0, 1, 2].map((a) => (a === axis ? step : pixelSize)) as unknown as Triple;
  const half = 0.5 * (size - 1) * pixelSize;
  const origin = middle.map((center, a) => (a === axis ? first : center - half)) as unknown as Triple;
  const positions = Array.from({ length: slices }, (_, index) => first + index * step);
  const images = positions.map((position) => {
    const affine: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    affine[4 * column[0]] = column[1] * pixelSize;
    affine[4 * row[0] + 1] = row[1] * pixelSize;
    affine[4 * axis + 2] = step;
    affine[4 * column[0] + 3] = middle[column[0]] - column[1] * half;
    affine[4 * row[0] + 3] = middle[row[0]] - row[1] * half;
    affine[4 * axis + 3] = position;
    return { shape: [size, size, 1] as Triple, affine: affine };
  });
  return { grid: { shape, affine: makeAffine(spacing, origin) }, images, positions };
}

/** The records of the slices of one scan. */
export function sliceRecords(scan: string, plane: Plane, geometry: SliceGeometry): SliceRecord[] {
  return geometry.positions.map((position, index) => {
    return { scan, plane, index, position, offset: [0, 0], grid: geometry.grid };
  });
}

function check(name: string, value: number, valid: boolean): void {
  if (!valid) throw new ConcordError('invalid-option', `invalid ${name}: ${value}`);
}
