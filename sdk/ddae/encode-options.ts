import type { RunOptions } from '../data/run-options';
import type { UnseenSite } from './ddae-model';

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
