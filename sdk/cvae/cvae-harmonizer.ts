import type { Harmonizer } from '../data/harmonizer';
import { chosenTarget, requireNoTarget } from '../data/harmonize-to';
import type { ApplyCvaeOptions } from './apply-cvae';
import type { CvaeModel } from './cvae-model';
import type { FitCvaeOptions } from './fit-cvae';
import { requireCall } from '../data/calls/require-call';
import { checkedHarmonizer } from '../data/calls/checked-harmonizer';

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
 * const method = cvaeHarmonizer({ fit: { steps: 5000 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'Siemens' });
 * ```
 */
export function cvaeHarmonizer(options: CvaeHarmonizerOptions = {}): Harmonizer<CvaeModel, 'images'> {
  requireNoTarget(options?.apply, 'site');
  requireCall('cvaeHarmonizer', { options });
  const { fit = {}, apply = {}, model: fitted } = options;
  const targets = ({ sites }: CvaeModel): readonly string[] => sites;
  const method: Harmonizer<CvaeModel, 'images'> = {
    name: 'cVAE',
    kind: 'images',
    // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for TensorFlow.js.
    fit: async (cohort, run = {}) => {
      if (fitted !== undefined) return fitted;
      const { fitCvae } = await import('./fit-cvae.js');
      return fitCvae(cohort, { ...fit, ...run });
    },
    apply: async (model, cohort, { target, ...run } = {}) => {
      const site = chosenTarget(targets(model), target);
      const { applyCvae } = await import('./apply-cvae.js');
      return applyCvae(model, cohort, { ...apply, ...run, site });
    },
    targets,
  };
  return checkedHarmonizer(method, { verb: 'cvaeHarmonizer', modelType: 'CvaeModel' });
}
