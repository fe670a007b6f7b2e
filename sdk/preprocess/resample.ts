import type { Triple } from '../data/images/affine';
import { affineSpacing, composeAffines, transformPoint } from '../data/images/affine';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { Grid, Volume } from '../data/images/volume';
import { withVolume } from '../data/images/volume';
import { ConcordError } from '../errors';
import type { Interpolation } from '../math/images/interpolation';
import { backgroundValue } from './background-value';
import { resampleMask, resampleVoxels } from './resample-voxels';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link resample}. */
export interface ResampleOptions {
  /**
   * The distance in mm between voxels wanted: one number for all axes of the grid or one for each. The axes keep their
   * directions, and the center of the field of view stays where it is; its extent is kept to within half a voxel.
   */
  readonly spacing?: number | Triple;
  /** The grid wanted, or a volume that has it, instead of a spacing. Both are taken to be in the same space. */
  readonly grid?: Grid | Volume;
  /**
   * `cubic` is interpolation by cubic B-splines: sharper than linear, and it can overshoot at edges. `nearest` is for
   * labels.
   *
   * @defaultValue `'linear'`
   */
  readonly interpolation?: Interpolation;
  /**
   * Smooth first, along axes that become coarser, so that a new voxel stands for all that it covers: by the Gaussian
   * that makes up the difference of the two voxels' widths, full width at half maximum √(new² − old²) (Cardoso et al.
   * 2015, "Scale factor point spread function matching", MICCAI). Not for `nearest`.
   *
   * @defaultValue `true`
   */
  readonly antialias?: boolean;
  /**
   * The intensity outside of the volume.
   *
   * @defaultValue the volume's background: the median of its corner voxels
   */
  readonly fill?: number;
}

/**
 * Samples a volume on another grid. The mask comes along: a voxel is inside where more than half of it was.
 *
 * @throws ConcordError `invalid-option` when neither or both of spacing and grid are given, or a spacing is not
 * positive, or the volume would have more voxels than fit into memory.
 */
export function resample(volume: Volume, options: ResampleOptions): Volume {
  requireCall('volumes.resample', { volume, options });
  const { interpolation = 'linear', antialias = true } = options;
  oneOf('interpolation', interpolation, ['linear', 'cubic', 'nearest']);
  const fill = options.fill ?? backgroundValue(volume.data, volume.shape);
  const grid = targetGrid(volume, options);
  const data = resampleVoxels(volume, grid, { interpolation, antialias, fill });
  const mask = resampleMask(volume, grid);
  const target = options.spacing === undefined ? { grid } : { spacing: options.spacing };
  const step = provenanceStep('resample', { ...target, interpolation, antialias, fill });
  return withVolume(volume, { data, ...grid, ...(mask === undefined ? {} : { mask }) }, step);
}

function targetGrid(volume: Volume, { spacing, grid }: ResampleOptions): Grid {
  if (grid !== undefined && spacing === undefined) return { shape: grid.shape, affine: grid.affine };
  if (grid !== undefined || spacing === undefined) {
    throw new ConcordError(
      'invalid-option',
      'invalid options of resample: one of spacing and grid is required',
    );
  }
  return respace(volume, typeof spacing === 'number' ? [spacing, spacing, spacing] : spacing);
}

/** So many voxels of 4 bytes are 2 GiB. */
const mostVoxels = 2 ** 29;

/**
 * The grid with another spacing, the same directions, the same center, and the same extent to within half a voxel.
 *
 * @throws ConcordError `invalid-option` when a spacing is not a positive number, or makes for more than 2²⁹ voxels.
 */
export function respace(grid: Grid, spacing: Triple): Grid {
  if (spacing.length !== 3 || !spacing.every((step) => step > 0 && Number.isFinite(step))) {
    throw new ConcordError(
      'invalid-option',
      `invalid spacing: ${spacing.join(', ')} (millimeters above 0 are required, one number or three)`,
    );
  }
  const old = affineSpacing(grid.affine);
  const size = (axis: number): number =>
    Math.max(1, Math.round((grid.shape[axis] * old[axis]) / spacing[axis]));
  const shape: Triple = [size(0), size(1), size(2)];
  if (!(shape[0] * shape[1] * shape[2] <= mostVoxels)) {
    throw new ConcordError(
      'invalid-option',
      `invalid spacing: ${spacing.join(', ')} would make ${shape.join(' × ')} voxels (at most 2^29 fit into a volume: ` +
        'give millimeters, or crop first)',
    );
  }
  const ratio = spacing.map((step, axis) => step / old[axis]);
  // The center of both grids is at (size − 1) / 2 in their own voxels.
  const shift = ratio.map((r, axis) => (grid.shape[axis] - 1) / 2 - (r * (shape[axis] - 1)) / 2);
  const toOld = [
    ...[ratio[0], 0, 0, shift[0]],
    ...[0, ratio[1], 0, shift[1]],
    ...[0, 0, ratio[2], shift[2]],
    ...[0, 0, 0, 1],
  ];
  return { shape, affine: composeAffines(grid.affine, toOld) };
}

/** Where the center of a grid is in RAS mm. */
export function gridCenter({ shape, affine }: Grid): Triple {
  return transformPoint(affine, [(shape[0] - 1) / 2, (shape[1] - 1) / 2, (shape[2] - 1) / 2]);
}
