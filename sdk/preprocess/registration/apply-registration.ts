import type { AffineRegistration } from '../../data/images/affine-registration';
import { invertAffine } from '../../data/images/affine';
import { oneOf } from '../../data/one-of';
import { provenanceStep } from '../../data/provenance';
import type { Volume, VolumeHeader } from '../../data/images/volume';
import { makeVolume } from '../../data/images/volume';
import type { Interpolation } from '../../math/images/interpolation';
import { backgroundValue } from '../background-value';
import { resampleMask, resampleVoxels } from '../resample-voxels';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link applyRegistration}. */
export interface ApplyRegistrationOptions {
  /**
   * `nearest` is for labels.
   *
   * @defaultValue `'linear'`
   */
  readonly interpolation?: Interpolation;
  /**
   * Bring a volume from the space of the fixed volume back to that of the moving one.
   *
   * @defaultValue `false`
   */
  readonly inverse?: boolean;
  /**
   * The intensity outside of the volume.
   *
   * @defaultValue the volume's background: the median of its corner voxels
   */
  readonly fill?: number;
}

/**
 * Brings a volume that is in the space of the moving volume, that one itself or another of the same session, onto the
 * grid of the fixed one. It is sampled once; where the grid is coarser it is smoothed first. The mask comes along, and
 * the header names the space of that grid.
 *
 * @throws ConcordError `invalid-option` when the interpolation is none of these.
 *
 * @example
 * ```ts
 * const found = await registrations.registerAffine(t1, template);
 * const other = registrations.apply(found, t2, { interpolation: 'cubic' });
 * ```
 */
export function applyRegistration(
  registration: AffineRegistration,
  volume: Volume,
  options: ApplyRegistrationOptions = {},
): Volume {
  requireCall('registrations.apply', { registration, volume, options });
  const { interpolation = 'linear', inverse = false } = options;
  oneOf('interpolation', interpolation, ['linear', 'cubic', 'nearest']);
  const fill = options.fill ?? backgroundValue(volume.data, volume.shape);
  const { matrix, fixedGrid, movingGrid } = registration;
  const grid = inverse ? movingGrid : fixedGrid;
  // From the place of a new voxel to where its intensity is found.
  const transform = inverse ? matrix : invertAffine(matrix);
  const data = resampleVoxels(volume, grid, { interpolation, antialias: true, fill, transform });
  const mask = resampleMask(volume, grid, transform);
  const step = provenanceStep('applyRegistration', { matrix, interpolation, inverse, fill });
  const space = inverse ? registration.spaces?.moving : registration.spaces?.fixed;
  return makeVolume(data, grid, {
    mask,
    header: volume.header && headerIn(space, volume.header),
    provenance: [...volume.provenance, step],
    issues: volume.issues,
  });
}

/** NIfTI's code of a space that is another image's, whichever that is. */
const aligned = 2;

/** The header with the code of another space, and without the quaternion's affine, which led to the old one. */
function headerIn(space: number | undefined, header: VolumeHeader): VolumeHeader {
  const { format, datatype, slope, intercept, frames, frame, description } = header;
  const code = space === undefined || space === 0 ? aligned : space;
  return {
    format,
    datatype,
    slope,
    intercept,
    sformCode: code,
    qformCode: code,
    frames,
    frame,
    description,
  };
}

/** The registration the other way round: of the fixed volume to the moving one. */
export function invertRegistration(registration: AffineRegistration): AffineRegistration {
  requireCall('registrations.invert', { registration });
  const { spaces } = registration;
  return {
    ...registration,
    matrix: invertAffine(registration.matrix),
    movingGrid: registration.fixedGrid,
    fixedGrid: registration.movingGrid,
    ...(spaces === undefined ? {} : { spaces: { moving: spaces.fixed, fixed: spaces.moving } }),
    provenance: [...registration.provenance, provenanceStep('invertRegistration', {})],
  };
}
