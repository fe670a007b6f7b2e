import { requireCount } from '../data/require-count';
import { ConcordError } from '../errors';
import { requireSeed } from '../nn/train/require-seed';
import { advise, option } from '../remedy';
import { targetShares } from './ddae-target';
import type { DdaeModel } from './ddae-model';
import type { RunOptions } from '../data/run-options';
import type { DdaeTarget } from './ddae-target';

/** Options of `ddae.decode`. */
export interface DecodeOptions extends RunOptions {
  /** How many times the network is evaluated on the way from noise to image. @defaultValue 20 */
  readonly steps?: number;
  /**
   * What to harmonize the images to: a site that the model knows, `average`, or a mix.
   * @defaultValue each image's site
   */
  readonly target?: DdaeTarget;
  /**
   * The share of the traced noise that is kept, from 1, all of it, to 0, only the codes; the rest is drawn anew, so that
   * together it is as much: keep·x_T + √(1 − keep²)·ε.
   *
   * @defaultValue 1, where the noise was traced back
   */
  readonly keep?: number;
  /** Draws new noise. @defaultValue 0 */
  readonly seed?: number;
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** {@link DecodeOptions} with defaults filled in. */
export interface DecodeSettings extends Pick<RunOptions, 'signal'> {
  readonly steps: number;
  readonly target: DdaeTarget | undefined;
  readonly keep: number;
  readonly seed: number;
  readonly batchSize: number;
}

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`; `unknown-site`.
 */
export function decodeSettings(model: DdaeModel, options: DecodeOptions, traced: boolean): DecodeSettings {
  const { steps = 20, target, keep = traced ? 1 : 0, seed = 0, batchSize = 32, signal } = options;
  requireSeed(seed);
  requireCount('steps', steps);
  requireCount('batchSize', batchSize);
  if (!(keep >= 0 && keep <= 1)) {
    throw new ConcordError('invalid-option', `invalid keep: ${keep} (0 to 1)`);
  }
  if (keep > 0 && !traced) {
    throw new ConcordError('invalid-option', `invalid keep: ${keep}`, {
      remedy: advise`these codes hold no noise to keep: encode with ${option('stochastic', true)}`,
    });
  }
  if (target !== undefined) targetShares(model, target);
  return { steps, target, keep, seed, batchSize, signal };
}
