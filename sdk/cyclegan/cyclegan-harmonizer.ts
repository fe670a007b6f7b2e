import { requireCall } from '../data/calls/require-call';
import { requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import { siteHarmonizer } from '../data/site-harmonizer';
import type { ApplyCycleganOptions } from './apply-cyclegan';
import type { CycleganModel } from './cyclegan-model';
import type { FitCycleganOptions } from './fit-cyclegan';

/** Options of {@link cycleganHarmonizer}. */
export interface CycleganHarmonizerOptions {
  readonly fit?: FitCycleganOptions;
  /** How to run; the site is said to `apply`. */
  readonly apply?: Omit<ApplyCycleganOptions, 'site'>;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: CycleganModel;
}

/**
 * CycleGANs as a {@link Harmonizer}, for audits and comparisons. They have no average: `apply` must be given the target.
 *
 * @example
 * ```ts
 * const method = baselines.cycleganHarmonizer({ fit: { steps: 5000 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'Siemens' });
 * ```
 */
export function cycleganHarmonizer(
  options: CycleganHarmonizerOptions = {},
): Harmonizer<CycleganModel, 'images'> {
  requireNoTarget(options?.apply, 'site');
  requireCall('baselines.cycleganHarmonizer', { options });
  const { fit = {}, apply = {}, model } = options;
  // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for TensorFlow.js.
  return siteHarmonizer(
    {
      name: 'CycleGAN',
      maker: { verb: 'baselines.cycleganHarmonizer', modelType: 'CycleganModel' },
      fit: async (cohort, run) => {
        const { fitCyclegan } = await import('./fit-cyclegan.js');
        return fitCyclegan(cohort, { ...fit, ...run });
      },
      apply: async (given, cohort, run) => {
        const { applyCyclegan } = await import('./apply-cyclegan.js');
        return applyCyclegan(given, cohort, { ...apply, ...run });
      },
    },
    model,
  );
}
