import type { RunOptions } from '../data/run-options';
import type { DdaeTarget } from './ddae-target';

/** Options of `ddae.decode`. */
export interface DecodeOptions extends RunOptions {
  /** How many times the network is evaluated on the way from noise to image. @defaultValue 20 */
  readonly steps?: number;
  /** What to harmonize the images to: a site that the model knows, `average`, or a mix. @defaultValue each image's site */
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
