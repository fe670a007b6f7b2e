import type { AffineRegistration } from '../data/affine-registration';
import { invertAffine } from '../data/affine';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/volume';
import { withVolume } from '../data/volume';
import type { Interpolation } from '../math/interpolation';
import { backgroundValue } from './background-value';
import { resampleMask, resampleVoxels } from './resample-voxels';

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
 * Brings a volume that lies in the space of the moving volume, that one itself or another of the same session, onto the
 * grid of the fixed one. It is sampled once; where the grid is coarser it is smoothed first. The mask comes along.
 */
export function applyRegistration(
  volume: Volume,
  registration: AffineRegistration,
  options: ApplyRegistrationOptions = {},
): Volume {
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
  return withVolume(
    volume,
    { data, shape: grid.shape, affine: grid.affine, ...(mask === undefined ? {} : { mask }) },
    step,
  );
}

/** The registration the other way round: of the fixed volume to the moving one. */
export function invertRegistration(registration: AffineRegistration): AffineRegistration {
  return {
    ...registration,
    matrix: invertAffine(registration.matrix),
    movingGrid: registration.fixedGrid,
    fixedGrid: registration.movingGrid,
    provenance: [...registration.provenance, provenanceStep('invertRegistration', {})],
  };
}
