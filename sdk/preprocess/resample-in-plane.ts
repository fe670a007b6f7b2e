import type { Triple } from '../data/images/affine';
import { nearestAxes } from '../data/images/affine';
import type { Plane } from '../data/images/image-set';
import { sliceAxes } from '../data/images/image-set';
import type { Volume } from '../data/images/volume';
import { resample } from './resample';

/** The plane in which slices are cut, and the size of their pixels. */
export interface SliceGrid {
  readonly plane: Plane;
  /** In mm: of rows, downwards, and of columns. */
  readonly pixelSize: readonly [rows: number, columns: number];
}

/**
 * Gives the slices of a volume pixels of a size; how far apart the slices are stays as it is. A volume whose pixels have
 * that size, to a hundredth, comes back as it is.
 *
 * @throws ConcordError `invalid-option` when a size is not positive.
 */
export function resampleInPlane(volume: Volume, { plane, pixelSize }: SliceGrid): Volume {
  const axes = nearestAxes(volume.affine);
  const wanted = volume.spacing.map((own, axis) => {
    const at = sliceAxes[plane].indexOf(axes[axis].world);
    return at < 0 ? own : pixelSize[at];
  });
  const same = wanted.every((size, axis) => Math.abs(size - volume.spacing[axis]) <= 0.01 * size);
  return same ? volume : resample(volume, { spacing: wanted as unknown as Triple });
}
