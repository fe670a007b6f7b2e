import { digestOf } from './data/digest';
import type { Contrast } from './data/images/contrast';
import { contrastOfAll } from './data/images/contrast';
import type { Volume } from './data/images/volume';
import type { RunOptions } from './data/run-options';
import type { FcmNormalizeOptions } from './intensity/fcm-normalize';
import { fcmNormalize } from './intensity/fcm-normalize';
import { applyHistogramMatching } from './intensity/histogram-matching';
import type { HistogramMatchingModel } from './intensity/histogram-matching-model';
import type { KdeNormalizeOptions } from './intensity/kde-normalize';
import { kdeNormalize } from './intensity/kde-normalize';
import type { ExpectedWhite } from './intensity/doubted-white-matter';
import {
  doubtWhiteMatter,
  whiteOnCurve,
  whiteOfPercentiles,
  whiteOfZScores,
} from './intensity/doubted-white-matter';
import { applyNyul } from './intensity/nyul';
import type { NyulModel } from './intensity/nyul-model';
import type { PercentileScaleOptions } from './intensity/percentile-scale';
import { percentileScale } from './intensity/percentile-scale';
import type { WhiteStripeOptions } from './intensity/white-stripe';
import { whiteStripe } from './intensity/white-stripe';
import type { ZScoreOptions } from './intensity/z-score';
import { zScore } from './intensity/z-score';
import type { ApplyMaskOptions } from './preprocess/apply-mask';
import { applyMask } from './preprocess/apply-mask';
import type { BiasFieldOptions } from './preprocess/bias-field/bias-field-options';
import type { BrainMaskOptions } from './preprocess/brain-mask';
import { brainMask } from './preprocess/brain-mask';
import { correctBias } from './preprocess/correct-bias';
import { doubtEvenness } from './preprocess/doubted-evenness';
import type { CropPadOptions, CropToMaskOptions } from './preprocess/crop-pad';
import { cropPad, cropToMask } from './preprocess/crop-pad';
import type { FieldOfViewOptions } from './preprocess/field-of-view';
import { robustFieldOfView } from './preprocess/field-of-view';
import type { VolumeStep } from './preprocess/preprocess';
import type { RegisterOptions } from './preprocess/registration/register';
import { register } from './preprocess/registration/register';
import type { ReorientOptions } from './preprocess/reorient';
import { reorient } from './preprocess/reorient';
import type { ResampleOptions } from './preprocess/resample';
import { resample } from './preprocess/resample';
import { nonZeroMask } from './math/images/non-zero-mask';
import { requireCall } from './data/calls/require-call';

/** The steps of a pipeline, each made from the options of the function of the same name. */
export interface Steps {
  /** Turns the axes, to RAS by default. */
  reorient(options?: ReorientOptions): VolumeStep;
  /** Samples on another grid or spacing. */
  resample(options: ResampleOptions): VolumeStep;
  /** Crops and pads to a shape. */
  cropPad(options: CropPadOptions): VolumeStep;
  /** Crops to the brain mask and a margin. */
  cropToMask(options?: CropToMaskOptions): VolumeStep;
  /** Cuts off the neck. */
  robustFieldOfView(options?: FieldOfViewOptions): VolumeStep;
  /** Finds the brain; intensities stay. */
  brainMask(options?: BrainMaskOptions): VolumeStep;
  /** Takes the voxels that are not 0 as the mask. */
  nonZeroMask(): VolumeStep;
  /** Sets what is outside the mask to one value. */
  applyMask(options?: ApplyMaskOptions): VolumeStep;
  /** Divides by the bias field (N4). */
  correctBias(options?: BiasFieldOptions): VolumeStep;
  /** Aligns the scan with a template and samples it on the template's grid. */
  register(options: RegisterOptions): VolumeStep;
  /** Brings the mask to mean 0 and standard deviation 1. */
  zScore(options?: ZScoreOptions): VolumeStep;
  /** Scales two percentiles to 0 and 1. */
  percentileScale(options?: PercentileScaleOptions): VolumeStep;
  /** Normalizes by the mean and spread of normal-appearing white matter. */
  whiteStripe(options?: WhiteStripeOptions): VolumeStep;
  /** Scales the white-matter peak to 1. */
  kdeNormalize(options?: KdeNormalizeOptions): VolumeStep;
  /** Scales the mean of one tissue to 1. */
  fcmNormalize(options?: FcmNormalizeOptions): VolumeStep;
  /** Normalizes by the landmarks that a Nyúl model learned from a cohort. */
  applyNyul(model: NyulModel): VolumeStep;
  /** Matches to the histogram that a model learned. */
  applyHistogramMatching(model: HistogramMatchingModel): VolumeStep;
}

/**
 * Steps for {@link preprocess}: what a methods section lists, in its order.
 *
 * @example
 * ```ts
 * const slices = await toImages(
 *   preprocess(cohort, [
 *     steps.reorient(),
 *     steps.brainMask(),
 *     steps.correctBias(),
 *     steps.register({ to: template }),
 *     steps.zScore(),
 *   ]),
 *   { plane: 'axial', at: { count: 5 }, size: 128 },
 * );
 * ```
 */
export const steps: Steps = {
  reorient: (options = {}) => stepOf('reorient', options, reorient),
  resample: (options) => stepOf('resample', options, resample),
  cropPad: (options) => stepOf('cropPad', options, cropPad),
  cropToMask: (options = {}) => stepOf('cropToMask', options, cropToMask),
  robustFieldOfView: (options = {}) => stepOf('robustFieldOfView', options, robustFieldOfView),
  brainMask: (options = {}) => suffixedStepOf('brainMask', options, byContrast(brainMask)),
  nonZeroMask: () => madeStep('nonZeroMask', {}, nonZeroMask),
  applyMask: (options = {}) => stepOf('applyMask', options, applyMask),
  correctBias: (options = {}) =>
    suffixedStepOf('correctBias', options, async (volume, own, { run, suffix }) =>
      doubtEvenness(volume, await correctBias(volume, own, run), suffix),
    ),
  register: (options) => stepOf('register', options, register),
  zScore: (options = {}) =>
    suffixedStepOf(
      'zScore',
      options,
      doubted(zScore, () => whiteOfZScores),
    ),
  percentileScale: (options = {}) =>
    suffixedStepOf('percentileScale', options, doubted(percentileScale, whiteOfPercentiles)),
  whiteStripe: (options = {}) => suffixedStepOf('whiteStripe', options, byContrast(whiteStripe)),
  kdeNormalize: (options = {}) => suffixedStepOf('kdeNormalize', options, byContrast(kdeNormalize)),
  fcmNormalize: (options = {}) => suffixedStepOf('fcmNormalize', options, byContrast(fcmNormalize)),
  applyNyul: (model) => {
    requireCall('steps.applyNyul', { model });
    const shares = model.percentiles.map((percentile) => percentile / 100);
    const expected = whiteOnCurve(model.standard, shares);
    const verb = doubted(
      (volume) => applyNyul(model, volume),
      () => expected,
    );
    return madeStep('applyNyul', model, verb);
  },
  applyHistogramMatching: (model) => {
    requireCall('steps.applyHistogramMatching', { model });
    const shares = model.quantiles.map((_, level) => level / (model.quantiles.length - 1));
    const expected = whiteOnCurve(model.quantiles, shares);
    const verb = doubted(
      (volume) => applyHistogramMatching(model, volume),
      () => expected,
    );
    return madeStep('applyHistogramMatching', model, verb);
  },
};

type Verb<Options> = (volume: Volume, options: Options, run?: RunOptions) => Volume | Promise<Volume>;

/** A verb that is told what the scan measured, by its suffix. */
type SuffixedVerb<Options> = (
  volume: Volume,
  options: Options,
  how: { readonly run?: RunOptions; readonly suffix: string },
) => Volume | Promise<Volume>;

/** A verb that looks for a tissue: in the contrast that the suffix of the scan says, unless it is told one. */
function byContrast<Options extends { readonly contrast?: Contrast }>(
  verb: Verb<Options>,
): SuffixedVerb<Options> {
  return (volume, options, { run, suffix }) => {
    const contrast = options.contrast ?? contrastOfAll([suffix]);
    return verb(volume, contrast === undefined ? options : { ...options, contrast }, run);
  };
}

/** A verb that takes the whole mask for brain: where white matter comes to elsewhere than in other brains, it says so. */
function doubted<Options>(
  verb: (volume: Volume, options: Options) => Volume,
  expect: (options: Options) => ExpectedWhite | undefined,
): SuffixedVerb<Options> {
  return (volume, options, { suffix }) => {
    const after = verb(volume, options);
    const expected = expect(options);
    return expected === undefined ? after : doubtWhiteMatter(volume, after, { suffix, expected });
  };
}

/** The steps that take options. */
type StepName = Exclude<keyof Steps, 'nonZeroMask' | 'applyNyul' | 'applyHistogramMatching'>;

function stepOf<Options extends object>(name: StepName, options: Options, verb: Verb<Options>): VolumeStep {
  return suffixedStepOf(name, options, (volume, own, { run }) => verb(volume, own, run));
}

function suffixedStepOf<Options extends object>(
  name: StepName,
  options: Options,
  verb: SuffixedVerb<Options>,
): VolumeStep {
  requireCall(`steps.${name}`, { options });
  return madeStep(name, options, verb);
}

function madeStep<Options extends object>(
  name: keyof Steps,
  options: Options,
  verb: SuffixedVerb<Options>,
): VolumeStep {
  const summary = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, inBrief(value)]));
  return {
    name,
    options: summary,
    run: (volume, run, suffix = '') => verb(volume, options, { run, suffix }),
  };
}

/** An option as provenance keeps it: a volume by its grid and a digest of its voxels. */
function inBrief(value: unknown): unknown {
  if (isVoxels(value)) return { sha256: digestOf(value) };
  if (typeof value !== 'object' || value === null || !('affine' in value && 'shape' in value)) return value;
  const { shape, affine } = value;
  return 'data' in value && isVoxels(value.data)
    ? { shape, affine, sha256: digestOf(value.data) }
    : { shape, affine };
}

function isVoxels(value: unknown): value is Float32Array | Uint8Array {
  return value instanceof Float32Array || value instanceof Uint8Array;
}
