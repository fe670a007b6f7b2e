import type { Affine } from '../../data/images/affine';
import { composeAffines } from '../../data/images/affine';
import { ConcordError } from '../../errors';
import type { ElastixParameters } from './elastix';

/** What the registration may be asked for, in elastix's terms. */
export interface StageOptions {
  /** How many times its finest smoothing each level has, from coarse to fine. */
  readonly smoothing: readonly number[];
  /** The distance in mm between the voxels of the images: what the optimizer may move them by at the finest level. */
  readonly spacing: number;
  /** Steps of the optimizer at each level. */
  readonly iterations: number;
  /** Points at which the images are compared in each step. */
  readonly samples: number;
  readonly seed: number;
}

/**
 * The parameter file of one stage: Mattes mutual information at random points, new ones at every step, by adaptive
 * stochastic gradient descent (Klein et al. 2009, International Journal of Computer Vision 81:227), over a pyramid of
 * smoothed images. Turns are about the origin, where the centers of both images are.
 */
export function elastixStage(transform: 'rigid' | 'affine', options: StageOptions): ElastixParameters {
  const { smoothing, spacing, iterations, samples, seed } = options;
  return {
    Registration: ['MultiResolutionRegistration'],
    NumberOfResolutions: [String(smoothing.length)],
    ImagePyramidSchedule: smoothing.flatMap((factor) => [String(factor), String(factor), String(factor)]),
    FixedImagePyramid: ['FixedSmoothingImagePyramid'],
    MovingImagePyramid: ['MovingSmoothingImagePyramid'],
    Metric: ['AdvancedMattesMutualInformation'],
    // Coarser histograms favor transforms that make one image's background smaller: by 0.2 % in scale with 32 bins on
    // real brains, by 0.04 % with 64 and smooth kernels.
    NumberOfHistogramBins: ['64'],
    FixedKernelBSplineOrder: ['3'],
    Interpolator: ['LinearInterpolator'],
    ImageSampler: ['RandomCoordinate'],
    NewSamplesEveryIteration: ['true'],
    NumberOfSpatialSamples: [String(samples)],
    RandomSeed: [String(seed)],
    CheckNumberOfSamples: ['true'],
    Optimizer: ['AdaptiveStochasticGradientDescent'],
    MaximumNumberOfIterations: [String(iterations)],
    MaximumStepLength: smoothing.map((factor) => String(factor * spacing)),
    AutomaticParameterEstimation: ['true'],
    NumberOfSamplesForExactGradient: ['4096'],
    Transform: [transform === 'rigid' ? 'EulerTransform' : 'AffineTransform'],
    AutomaticScalesEstimation: ['true'],
    AutomaticTransformInitialization: ['false'],
    CenterOfRotationPoint: ['0', '0', '0'],
    HowToCombineTransforms: ['Compose'],
    Resampler: ['DefaultResampler'],
    ResampleInterpolator: ['FinalLinearInterpolator'],
    WriteResultImage: ['false'],
  };
}

/**
 * The affine that transforms found by elastix make up, one after the other.
 *
 * @returns millimeters of the fixed image → millimeters of the moving one
 * @throws ConcordError `failed-step` when they are not finite or of another kind.
 */
export function affineOfStages(stages: readonly ElastixParameters[]): Affine {
  const identity: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return stages.reduce((before, stage) => composeAffines(affineOfStage(stage), before), identity);
}

function affineOfStage(stage: ElastixParameters): Affine {
  const kind = stage['Transform']?.[0];
  const values = (stage['TransformParameters'] ?? []).map(Number);
  const [x, y, z] = (stage['CenterOfRotationPoint'] ?? []).map(Number);
  const matrix = kind === 'EulerTransform' ? rotation(values) : values.slice(0, 9);
  const shift = values.slice(kind === 'EulerTransform' ? 3 : 9);
  if (matrix.length !== 9 || shift.length !== 3 || ![...values, x, y, z].every(Number.isFinite)) {
    throw new ConcordError('failed-step', 'registration failed: elastix gave no finite transform');
  }
  // y = M (x − center) + shift + center
  const offset = (row: number): number =>
    shift[row] + [x, y, z][row] - (matrix[3 * row] * x + matrix[3 * row + 1] * y + matrix[3 * row + 2] * z);
  return [
    ...[...matrix.slice(0, 3), offset(0)],
    ...[...matrix.slice(3, 6), offset(1)],
    ...[...matrix.slice(6, 9), offset(2)],
    ...[0, 0, 0, 1],
  ];
}

/** The rotation of ITK's Euler angles in radians: about y first, then x, then z. */
function rotation([x, y, z]: readonly number[]): number[] {
  const sx = Math.sin(x);
  const sy = Math.sin(y);
  const sz = Math.sin(z);
  const cx = Math.cos(x);
  const cy = Math.cos(y);
  const cz = Math.cos(z);
  return [
    ...[cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy],
    ...[sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy],
    ...[-cx * sy, sx, cx * cy],
  ];
}
