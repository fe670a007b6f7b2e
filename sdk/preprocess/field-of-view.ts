import type { Triple } from '../data/images/affine';
import { nearestAxes } from '../data/images/affine';
import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/images/volume';
import { withVolume } from '../data/images/volume';
import { ConcordError } from '../errors';
import { otsuThreshold } from '../math/images/otsu-threshold';
import { cutBox } from './crop-pad';
import { advise, call, either } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link robustFieldOfView}. */
export interface FieldOfViewOptions {
  /**
   * What is kept below the top of the head, in mm.
   *
   * @defaultValue `170`
   */
  readonly height?: number;
  /**
   * What is kept above it, in mm.
   *
   * @defaultValue `10`
   */
  readonly above?: number;
}

/** A slice with at least so much tissue, in mm², belongs to the head: a disc of 36 mm across. */
const headArea = 1000;

/**
 * Cuts off the neck, and the air above the head: finds the top of the head and keeps `height` mm below it. Whatever
 * the orientation of the grid, the cut is made across the axis that runs nearest to bottom–top; a volume that does not
 * reach so far stays as it is. The head is what is brighter than Otsu's threshold, its top the first slice from above
 * that begins 10 mm of slices with at least 10 cm² of it.
 *
 * @throws ConcordError `invalid-option` when a length is not positive; `failed-step` when no head is found.
 */
export function robustFieldOfView(volume: Volume, options: FieldOfViewOptions = {}): Volume {
  requireCall('volumes.robustFieldOfView', { volume, options });
  const { height = 170, above = 10 } = options;
  if (!(height > 0) || !(above >= 0)) {
    throw new ConcordError(
      'invalid-option',
      `invalid field of view: ${height} mm below and ${above} mm above the top of the head (a positive height is required)`,
    );
  }
  const axes = nearestAxes(volume.affine);
  const axis = axes.findIndex(({ world }) => world === 2);
  const upwards = axes[axis].sign > 0;
  const spacing = volume.spacing[axis];
  const areas = headAreas(volume, axis);
  const fromTop = upwards ? Array.from(areas).reverse() : Array.from(areas);
  const top = topOfHead(fromTop, spacing);
  const first = Math.max(0, top - Math.round(above / spacing));
  const last = Math.min(fromTop.length, top + Math.round(height / spacing));
  const start = [0, 0, 0];
  start[axis] = upwards ? fromTop.length - last : first;
  const shape = volume.shape.map((size, a) => (a === axis ? last - first : size)) as unknown as Triple;
  const step = provenanceStep('robustFieldOfView', { height, above });
  return withVolume(volume, cutBox(volume, [start[0], start[1], start[2]], { shape, fill: 0 }), step);
}

/** How many mm² of each slice across an axis are brighter than the threshold between air and tissue. */
function headAreas(volume: Volume, axis: number): Float64Array {
  const { data, shape, spacing } = volume;
  const threshold = otsuThreshold(data);
  const voxelArea = (spacing[0] * spacing[1] * spacing[2]) / spacing[axis];
  const areas = new Float64Array(shape[axis]);
  const [nx, ny, nz] = shape;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (data[at] > threshold) areas[axis === 0 ? i : axis === 1 ? j : k] += voxelArea;
      }
    }
  }
  return areas;
}

function topOfHead(areas: readonly number[], spacing: number): number {
  const run = Math.max(1, Math.round(10 / spacing));
  for (let at = 0; at + run <= areas.length; at++) {
    if (areas.slice(at, at + run).every((area) => area >= headArea)) return at;
  }
  throw new ConcordError(
    'failed-step',
    'no head was found: nowhere do 10 mm of slices have 10 cm² above the threshold between air and tissue',
    {
      remedy: [
        either(
          'look at the volume',
          advise`cut it with ${call('volumes.cropPad')} instead`,
          advise`go without ${call('volumes.robustFieldOfView')}`,
        ),
      ],
    },
  );
}
