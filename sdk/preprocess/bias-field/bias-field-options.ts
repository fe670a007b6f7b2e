import type { Triple } from '../../data/images/affine';
import type { Grid } from '../../data/images/volume';
import { affineSpacing } from '../../data/images/affine';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** Options of {@link correctBias} and {@link biasField}. */
export interface BiasFieldOptions {
  /**
   * Which voxels the field is estimated from, on the volume's grid: those that are not 0.
   * @defaultValue the volume's mask; without one, the voxels above Otsu's threshold
   */
  readonly mask?: Uint8Array;
  /**
   * The field is estimated from every n-th voxel along each axis, n being this, and evaluated at all of them.
   * @defaultValue what comes nearest to a grid of 4 mm and leaves 16 voxels along an axis that has them
   */
  readonly shrinkFactor?: number | Triple;
  /**
   * How often the knot distance of the field is halved, plus one.
   * @defaultValue the length of `maxIterations` where it is a list, else 4
   */
  readonly fittingLevels?: number;
  /** Iterations at most, at every level or at each of them. @defaultValue 50 */
  readonly maxIterations?: number | readonly number[];
  /**
   * A level ends when the coefficient of variation of the ratio of two successive fields falls to this.
   * @defaultValue 0.001
   */
  readonly convergenceThreshold?: number;
  /** Full width at half maximum of the log field's assumed Gaussian distribution. @defaultValue 0.15 */
  readonly fwhm?: number;
  /** The noise term of the Wiener deconvolution. @defaultValue 0.01 */
  readonly wienerNoise?: number;
  /** Bins of the histogram of log intensities. @defaultValue 200 */
  readonly histogramBins?: number;
  /**
   * Knot distance of the first level in mm, or nearly: the image is split into whole intervals.
   * @defaultValue one interval over the whole image along each axis
   */
  readonly splineDistance?: number;
}

/** The options with defaults filled in, without the mask. */
export interface BiasFieldSettings {
  readonly shrinkFactor: Triple;
  readonly maxIterations: readonly number[];
  readonly convergenceThreshold: number;
  readonly fwhm: number;
  readonly wienerNoise: number;
  readonly histogramBins: number;
  readonly splineDistance?: number;
  /** Intervals between knots at the first level. */
  readonly mesh: Triple;
}

/** Levels beyond this have more control points than a smooth field can use, and than memory holds. */
const mostIntervals = 256;

/**
 * Fills in the defaults for a volume's grid.
 *
 * @throws ConcordError `invalid-option` on a value outside what is allowed.
 */
export function biasFieldSettings(grid: Grid, options: BiasFieldOptions): BiasFieldSettings {
  const { convergenceThreshold = 0.001, fwhm = 0.15, wienerNoise = 0.01, histogramBins = 200 } = options;
  requireNumber('convergenceThreshold', convergenceThreshold, convergenceThreshold >= 0, 'zero or more');
  requireNumber('fwhm', fwhm, fwhm > 0 && fwhm <= 2, 'above 0, up to 2');
  requireNumber('wienerNoise', wienerNoise, wienerNoise > 0, 'above 0');
  const wholeBins = Number.isInteger(histogramBins) && histogramBins >= 16 && histogramBins <= 4096;
  requireNumber('histogramBins', histogramBins, wholeBins, 'a whole number from 16 to 4096');
  const maxIterations = iterationsPerLevel(options);
  const mesh = firstMesh(grid, options.splineDistance);
  const finest = Math.max(...mesh) * 2 ** (maxIterations.length - 1);
  if (finest > mostIntervals) {
    throw new ConcordError(
      'invalid-option',
      `invalid fitting levels: the last would have ${finest} intervals along an axis`,
      {
        remedy: advise`at most ${mostIntervals}; lower ${option('fittingLevels')} or raise ${option('splineDistance')}`,
      },
    );
  }
  return {
    shrinkFactor: shrinkFactors(grid, options.shrinkFactor),
    maxIterations,
    convergenceThreshold,
    fwhm,
    wienerNoise,
    histogramBins,
    ...(options.splineDistance === undefined ? {} : { splineDistance: options.splineDistance }),
    mesh,
  };
}

function requireNumber(name: string, value: number, allowed: boolean, what: string): void {
  if (!(allowed && Number.isFinite(value))) {
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${what})`);
  }
}

function iterationsPerLevel({ maxIterations = 50, fittingLevels }: BiasFieldOptions): readonly number[] {
  const given = typeof maxIterations === 'number' ? undefined : maxIterations;
  const levels = fittingLevels ?? given?.length ?? 4;
  requireNumber('fittingLevels', levels, Number.isInteger(levels) && levels >= 1, 'a whole number from 1 on');
  if (given !== undefined && given.length !== levels) {
    throw new ConcordError(
      'invalid-option',
      `invalid maxIterations: ${given.length} numbers for ${levels} fitting levels (one each is required)`,
    );
  }
  const each = given ?? new Array<number>(levels).fill(maxIterations as number);
  for (const count of each) {
    requireNumber('maxIterations', count, Number.isInteger(count) && count >= 1, 'a whole number from 1 on');
  }
  return [...each];
}

function shrinkFactors({ shape, affine }: Grid, given?: number | Triple): Triple {
  const spacing = affineSpacing(affine);
  const along = (axis: number): number => {
    if (given === undefined) {
      const wanted = Math.min(Math.round(4 / spacing[axis]), Math.floor(shape[axis] / 16));
      return Math.max(1, wanted);
    }
    const factor = typeof given === 'number' ? given : given[axis];
    requireNumber(
      'shrinkFactor',
      factor,
      Number.isInteger(factor) && factor >= 1,
      'a whole number from 1 on',
    );
    return Math.min(factor, shape[axis]);
  };
  return [along(0), along(1), along(2)];
}

function firstMesh({ shape, affine }: Grid, splineDistance?: number): Triple {
  if (splineDistance === undefined) return [1, 1, 1];
  requireNumber('splineDistance', splineDistance, splineDistance > 0, 'millimeters above 0');
  const spacing = affineSpacing(affine);
  const along = (axis: number): number =>
    Math.max(1, Math.round(((shape[axis] - 1) * spacing[axis]) / splineDistance));
  return [along(0), along(1), along(2)];
}
