import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { blendAll } from '../ops/blend';

/**
 * Moves running averages of the parameters by one step: decay·average + (1 − decay)·parameter, an exponential
 * moving average. What generates images from the average does so better than from the last parameters (Yazıcı et al.
 * 2019, "The unusual effectiveness of averaging in GAN training").
 *
 * @param average - the averages so far; they stay as they are. Begin with the parameters themselves.
 * @param params - in the same order
 * @param decay - 0 (no memory) to 1 (nothing changes any longer)
 * @returns new averages; the caller disposes them
 * @throws ConcordError `invalid-option` for a decay outside 0 … 1 or lists of different length.
 */
export function emaStep(average: readonly Tensor[], params: readonly Tensor[], decay: number): Tensor[] {
  if (!(decay >= 0 && decay <= 1)) {
    throw new ConcordError('invalid-option', `invalid decay: ${decay} (0 to 1)`);
  }
  if (average.length !== params.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid averages: ${average.length} for ${params.length} parameters (one for each is required)`,
    );
  }
  return tidy(() => blendAll(average, params, 1 - decay));
}

/**
 * The decay to use at a step so that the first, random, parameters are soon forgotten:
 * min(decay, (1 + step) / (10 + step)).
 *
 * @param step - averaging steps done so far, from 0
 */
export function warmUpDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
