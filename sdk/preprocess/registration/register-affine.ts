import type { Affine, Triple } from '../../data/images/affine';
import {
  affineDeterminant,
  composeAffines,
  invertAffine,
  makeAffine,
  transformPoint,
} from '../../data/images/affine';
import type { AffineRegistration } from '../../data/images/affine-registration';
import { oneOf } from '../../data/one-of';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { ElastixImage } from './elastix';
import { runElastix } from './elastix';
import type { StageOptions } from './elastix-parameters';
import { affineOfStages, elastixStage } from './elastix-parameters';
import { gridCenter } from '../resample';
import type { RegistrationImage } from './registration-image';
import { registrationImage } from './registration-image';
import { normalizedMutualInformation } from './registration-metric';
import { advise, either, option } from '../../remedy';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link registerAffine}. */
export interface RegisterAffineOptions {
  /**
   * `rigid` turns and shifts, as between scans of one person; `affine` scales and shears as well, as from a person to a
   * template.
   *
   * @defaultValue `'affine'`
   */
  readonly transform?: 'rigid' | 'affine';
  /**
   * Align brains: of a volume with a mask, what is outside of it is taken as 0. A volume without one is taken as it
   * is, which is right for a template that holds a brain only. `false` aligns whole heads.
   *
   * @defaultValue `true`
   */
  readonly useMasks?: boolean;
  /**
   * How the search starts: with the centers of mass over each other, however far apart the two are, or with both where
   * their headers place them.
   *
   * @defaultValue `'centers'`
   */
  readonly start?: 'centers' | 'header';
  /**
   * Voxels finer than so many mm are sampled as coarsely, in copies that are only used for the search.
   *
   * @defaultValue `2`
   */
  readonly spacing?: number;
  /**
   * Levels of smoothing.
   *
   * @defaultValue `3`
   */
  readonly resolutions?: number;
  /**
   * Steps at each level.
   *
   * @defaultValue `256`
   */
  readonly iterations?: number;
  /**
   * Points at which the volumes are compared in each step.
   *
   * @defaultValue `2048`
   */
  readonly samples?: number;
  /**
   * The seed of the random choice of these points.
   *
   * @defaultValue `1`
   */
  readonly seed?: number;
}

/** Less mutual information than this and the two have nothing to do with each other. */
const leastMetric = 1.01;

/**
 * Finds the rigid or affine transform that lays one volume over another, whatever their orientations, grids and
 * contrasts: by mutual information with elastix, first rigid, then affine. The two may be far apart, but not be turned
 * against each other by much more than 30°. Where no transform is better than the start, the start is the result. The
 * same volumes and options give the same bits.
 *
 * @param moving - the volume to be moved
 * @param fixed - the volume to align it with, for example a template
 * @throws ConcordError `invalid-option`; `failed-step` when a volume is empty, or no transform was found that makes
 * them alike; `missing-package` when elastix is not installed; `aborted` when canceled.
 */
export async function registerAffine(
  moving: Volume,
  fixed: Volume,
  options: RegisterAffineOptions = {},
  run: RunOptions = {},
): Promise<AffineRegistration> {
  requireCall('registrations.registerAffine', { moving, fixed, options, run });
  const filled = withDefaults(options);
  const { transform, useMasks, spacing, start } = filled;
  const report = progressReporter('registering', 4, run);
  await breathe(run.signal);
  const still = registrationImage(fixed, { name: 'fixed', spacing, useMask: useMasks });
  report(1);
  await breathe(run.signal);
  const moved = registrationImage(moving, { name: 'moving', spacing, useMask: useMasks });
  report(2);
  // Both are shifted so that these points become the origin, about which elastix turns.
  const stillCenter = start === 'centers' ? still.center : gridCenter(still);
  const movedCenter = start === 'centers' ? moved.center : stillCenter;
  const kinds = transform === 'rigid' ? (['rigid'] as const) : (['rigid', 'affine'] as const);
  const stages = await runElastix(elastixImage(still, stillCenter), elastixImage(moved, movedCenter), {
    stages: kinds.map((kind, stage) => elastixStage(kind, stageOptions(filled, stage === kinds.length - 1))),
    signal: run.signal,
  });
  report(3);
  const begun = shift(stillCenter, movedCenter);
  const ended = betweenCenters(affineOfStages(stages), stillCenter, movedCenter);
  const before = normalizedMutualInformation(still, moved, begun);
  const after = normalizedMutualInformation(still, moved, ended);
  requireSuccess(ended, Math.max(before, after));
  report(4);
  const { seed, ...rest } = filled;
  return {
    kind: 'affine-registration',
    transform,
    // Where the two were aligned already, a search at random points can only do worse.
    matrix: invertAffine(after > before ? ended : begun),
    movingGrid: { shape: moving.shape, affine: moving.affine },
    fixedGrid: { shape: fixed.shape, affine: fixed.affine },
    spaces: { moving: spaceOf(moving), fixed: spaceOf(fixed) },
    metric: { name: 'normalized mutual information', before, after: Math.max(before, after) },
    provenance: [provenanceStep('registerAffine', rest, seed)],
  };
}

/** The space that a volume's affine leads to, by NIfTI's codes. */
function spaceOf({ header }: Volume): number {
  return header?.sformCode || header?.qformCode || 0;
}

function withDefaults(options: RegisterAffineOptions): Required<RegisterAffineOptions> {
  const { transform = 'affine', useMasks = true, start = 'centers', spacing = 2 } = options;
  const { resolutions = 3, iterations = 256, samples = 2048, seed = 1 } = options;
  oneOf('transform', transform, ['rigid', 'affine']);
  oneOf('start', start, ['centers', 'header']);
  for (const [name, value] of Object.entries({ spacing, resolutions, iterations, samples })) {
    if (!(value > 0 && Number.isFinite(value)) || (name !== 'spacing' && !Number.isInteger(value))) {
      throw new ConcordError(
        'invalid-option',
        `invalid ${name}: ${value} (a positive ${name === 'spacing' ? '' : 'whole '}number is required)`,
      );
    }
  }
  return { transform, useMasks, start, spacing, resolutions, iterations, samples, seed };
}

/** The first of two stages need not be exact: half as many steps, and the finest level is left to the second. */
function stageOptions(options: Required<RegisterAffineOptions>, last: boolean): StageOptions {
  const { resolutions, iterations, samples, seed, spacing } = options;
  const smoothing = Array.from({ length: resolutions }, (_, level) => 2 ** (resolutions - 1 - level));
  if (last) return { smoothing, spacing, iterations, samples, seed };
  const coarse = resolutions === 1 ? smoothing : smoothing.slice(0, -1);
  return { smoothing: coarse, spacing, iterations: Math.ceil(iterations / 2), samples, seed };
}

/** Elastix calls its space LPS; as it asks nothing of the body, it is given RAS as it is, and returns RAS. */
function elastixImage(image: RegistrationImage, center: Triple): ElastixImage {
  const [x, y, z] = transformPoint(image.affine, [0, 0, 0]);
  return { ...image, origin: [x - center[0], y - center[1], z - center[2]] };
}

function shift(from: Triple, to: Triple): Affine {
  return makeAffine([1, 1, 1], [to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

/** The transform about the origin, done about the centers instead. */
function betweenCenters(transform: Affine, from: Triple, to: Triple): Affine {
  return composeAffines(shift([0, 0, 0], to), composeAffines(transform, shift(from, [0, 0, 0])));
}

function requireSuccess(toMoving: Affine, metric: number): void {
  const growth = Math.cbrt(Math.abs(affineDeterminant(toMoving)));
  const reason =
    metric < leastMetric
      ? `the volumes stay unrelated (normalized mutual information ${metric.toFixed(3)})`
      : growth < 0.5 || growth > 2
        ? `one volume would be ${growth.toFixed(2)} times as large as the other`
        : undefined;
  if (reason === undefined) return;
  throw new ConcordError('failed-step', `registration failed: ${reason}`, {
    remedy: advise`look at both: do they show the same part of the body, both as whole heads or both as brains? then try ${either(option('transform', 'rigid'), option('start', 'header'), advise`to raise ${option('iterations')}`)}`,
  });
}
