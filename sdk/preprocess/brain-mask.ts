import type { Contrast } from '../data/images/contrast';
import { contrasts } from '../data/images/contrast';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import type { Volume } from '../data/images/volume';
import { withVolume } from '../data/images/volume';
import { ConcordError } from '../errors';
import { brainInHead } from './brain-mask/brain-in-head';
import { maskDoubts } from './brain-mask/check-mask';
import { findHead } from './brain-mask/find-head';
import { robustRange } from './brain-mask/robust-range';
import { strippedBrain } from './brain-mask/stripped-brain';
import { fromWorkingGrid, toWorkingGrid } from './brain-mask/working-grid';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link brainMask}. */
export interface BrainMaskOptions {
  /**
   * How the image is weighted. The method is made and measured for `'T1w'`; for the others it is best effort: the surface
   * is found, but not refined by its tissue.
   *
   * @defaultValue `'T1w'`
   */
  readonly contrast?: Contrast;
  /**
   * How dark, against the brightest tissue nearby, the edge of the brain may be, between 0 and 1: raise it when the
   * mask reaches too far, lower it when brain is missing.
   *
   * @defaultValue 0.4
   */
  readonly fraction?: number;
}

/** Edge of a voxel, in mm, on which the brain is looked for. */
const workingSpacing = 2;
/** Which share of a voxel must be brain: a little below a half, so that the thin layer of fluid around it is in. */
const edgeShare = 0.42;

/**
 * Finds the brain in a head: a surface grows from the middle of the head to the edge of the brain (Smith 2002, "Fast
 * robust automated brain extraction", Human Brain Mapping 17:143), then what hangs on the brain by thin bridges is cut
 * off and the fluid in its furrows is kept. The mask holds the brain with its ventricles and the fluid between the
 * folds, down to about where the skull ends. An image whose skull was stripped before gets a mask of all that is left.
 *
 * The intensities stay as they are; {@link applyMask} takes away what is outside.
 *
 * @param volume - of any orientation, voxel size, field of view and unit of intensity; its affine must say which way
 * is up
 * @returns the volume with `mask`, on its own grid; with a `doubtful-mask` issue where the mask is not like a brain
 * @throws ConcordError `failed-step` when no brain is found; `invalid-option`; `aborted` when canceled.
 *
 * @example
 * ```ts
 * const masked = await volumes.brainMask(await readVolume('sub-01_T1w.nii.gz'));
 * ```
 */
export async function brainMask(
  volume: Volume,
  options: BrainMaskOptions = {},
  run: RunOptions = {},
): Promise<Volume> {
  requireCall('volumes.brainMask', { volume, options, run });
  const { contrast = 'T1w', fraction = 0.4 } = options;
  oneOf('contrast', contrast, contrasts);
  if (!(fraction > 0 && fraction < 1)) {
    throw new ConcordError('invalid-option', `invalid fraction: ${fraction} (between 0 and 1)`);
  }
  const image = robustRange(toWorkingGrid(volume, workingSpacing));
  const head = findHead(image);
  let mask = strippedBrain(volume, image, head.brain);
  if (mask === undefined) {
    const found = await brainInHead(image, head, { contrast, fraction, run });
    const shares = fromWorkingGrid(found.data, found, volume);
    mask = new Uint8Array(shares.length);
    for (let i = 0; i < mask.length; i++) mask[i] = shares[i] > edgeShare ? 1 : 0;
  }
  return withVolume(
    volume,
    { mask, issues: maskDoubts(volume, mask) },
    provenanceStep('brainMask', { contrast, fraction }),
  );
}
