import { oneOf } from '../data/one-of';
import { requireCount } from '../data/require-count';
import type { RunOptions } from '../data/run-options';
import { requireTime } from '../diffusion/noise-schedule';
import type { DdaeModel, UnseenSite } from './ddae-model';

/** Options of `ddae.encode`. */
export interface EncodeOptions extends RunOptions {
  /** How many times the network is evaluated on the way from image to noise. @defaultValue 20 */
  readonly steps?: number;
  /** Whether the noise is traced back; without it there are only the codes. @defaultValue true */
  readonly stochastic?: boolean;
  /** How far the noise is traced back, t*. @defaultValue T, all the way */
  readonly until?: number;
  /** @defaultValue `'error'` */
  readonly unseen?: UnseenSite;
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** {@link EncodeOptions} with defaults filled in. */
export type EncodeSettings = Required<Omit<EncodeOptions, keyof RunOptions>> & Pick<RunOptions, 'signal'>;

/** Fills in the defaults and checks them. */
export function encodeSettings({ diffusion }: DdaeModel, options: EncodeOptions): EncodeSettings {
  const {
    steps = 20,
    stochastic = true,
    until = diffusion.times,
    unseen = 'error',
    batchSize = 32,
  } = options;
  oneOf('unseen', unseen, ['error', 'average', 'nearest']);
  requireCount('steps', steps);
  requireCount('batchSize', batchSize);
  requireTime(diffusion.times, until, 1);
  return { steps, stochastic, until, unseen, batchSize, signal: options.signal };
}
