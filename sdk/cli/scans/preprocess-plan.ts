import type { Contrast } from '../../data/images/contrast';
import { contrastOfAll } from '../../data/images/contrast';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { SlicePositions } from '../../data/images/slice-positions';
import type { VolumeStep } from '../../preprocess/preprocess';
import { steps } from '../../steps';
import type { FittedNormalization, NormalizeMethod, PreprocessFlags } from './preprocess-flags';

/**
 * The steps that the flags ask for, in the order in which each has what it needs: the mask before the bias field,
 * which is estimated in the brain; intensities last, when voxels are where they will stay.
 */
export function preprocessPlan(flags: PreprocessFlags, template?: Volume): readonly VolumeStep[] {
  const { fieldOfView, mask, bias, spacing, transform, strip, normalize } = flags;
  return [
    steps.reorient(),
    ...(fieldOfView ? [unmasked(steps.robustFieldOfView())] : []),
    ...(mask ? [unmasked(steps.brainMask({ contrast: flags.contrast }))] : []),
    ...(bias ? [steps.correctBias()] : []),
    ...(spacing === undefined ? [] : [steps.resample({ spacing })]),
    ...(template === undefined ? [] : [steps.register({ to: template, transform })]),
    ...normalization(normalize, flags),
    ...(strip ? [steps.applyMask()] : []),
  ];
}

/**
 * Refuses flags of which only one can be followed.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireOneOfEach({ spacing, template, count, every }: PreprocessFlags): void {
  if (spacing !== undefined && template !== undefined) {
    throw new ConcordError(
      'invalid-option',
      'invalid options: --spacing and --template (the result has the grid of the template: resample that instead)',
    );
  }
  if (count !== undefined && every !== undefined) {
    throw new ConcordError('invalid-option', 'invalid options: --count and --every (one of them is allowed)');
  }
}

/** The normalization that is fitted on all scans, where the flags ask for one. */
export function fittedNormalization({ normalize }: PreprocessFlags): FittedNormalization | undefined {
  return normalize === 'nyul' || normalize === 'histogram-matching' ? normalize : undefined;
}

/** Which slices the flags ask for. */
export function slicesPlan({ count, every }: PreprocessFlags): SlicePositions | undefined {
  if (count !== undefined) return { count };
  return every === undefined ? undefined : { every };
}

/** A step for scans that come without a mask: where there is a mask, the brain has been found already. */
function unmasked(step: VolumeStep): VolumeStep {
  return { ...step, run: (volume, run) => (volume.mask === undefined ? step.run(volume, run) : volume) };
}

function normalization(method: NormalizeMethod, flags: PreprocessFlags): readonly VolumeStep[] {
  switch (method) {
    case 'z-score':
      return [steps.zScore()];
    case 'percentile':
      return [steps.percentileScale()];
    case 'white-stripe':
      return [steps.whiteStripe({ contrast: knownContrast(flags) })];
    case 'kde-mode':
      return [steps.kdeNormalize({ contrast: knownContrast(flags) })];
    case 'fcm':
      return [steps.fcmNormalize({ contrast: knownContrast(flags) })];
    case 'nyul':
    case 'histogram-matching':
    case 'none':
      return [];
  }
}

/** As the step would find it of each scan, but before any is opened. */
function knownContrast({ contrast, suffix }: PreprocessFlags): Contrast | undefined {
  return contrast ?? contrastOfAll([suffix]);
}
