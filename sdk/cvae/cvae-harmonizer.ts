import type { Harmonizer } from '../data/harmonizer';
import { siteHarmonizer } from '../data/site-harmonizer';
import { requireNoTarget } from '../data/harmonize-to';
import type { ApplyCvaeOptions } from './apply-cvae';
import type { CvaeModel } from './cvae-model';
import type { FitCvaeOptions } from './fit-cvae';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link cvaeHarmonizer}. */
export interface CvaeHarmonizerOptions {
  readonly fit?: FitCvaeOptions;
  /** How to run; the site is said to `apply`. */
  readonly apply?: Omit<ApplyCvaeOptions, 'site'>;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: CvaeModel;
}

/**
 * A conditional variational autoencoder as a {@link Harmonizer}, for audits and comparisons. It has no average: `apply` must
 * be given the target.
 *
 * @example
 * ```ts
 * const method = baselines.cvaeHarmonizer({ fit: { steps: 5000 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'Siemens' });
 * ```
 */
export function cvaeHarmonizer(options: CvaeHarmonizerOptions = {}): Harmonizer<CvaeModel, 'images'> {
  requireNoTarget(options?.apply, 'site');
  requireCall('baselines.cvaeHarmonizer', { options });
  const { fit = {}, apply = {}, model } = options;
  // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for TensorFlow.js.
  return siteHarmonizer(
    {
      name: 'cVAE',
      maker: { verb: 'baselines.cvaeHarmonizer', modelType: 'CvaeModel' },
      fit: async (cohort, run) => {
        const { fitCvae } = await import('./fit-cvae.js');
        return fitCvae(cohort, { ...fit, ...run });
      },
      apply: async (given, cohort, run) => {
        const { applyCvae } = await import('./apply-cvae.js');
        return applyCvae(given, cohort, { ...apply, ...run });
      },
    },
    model,
  );
}
