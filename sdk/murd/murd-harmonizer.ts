import type { ImageCohort } from '../data/cohort';
import { requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import { siteHarmonizer } from '../data/site-harmonizer';
import type { FitMurdOptions } from './fit-murd';
import type { GuidedOptions } from '../nn/images/guided-options';
import type { DetailOptions } from '../nn/styles/detail-options';
import type { MurdModel } from './murd-model';
import type { TranslateRunOptions } from './translate';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link murdHarmonizer}. */
export interface MurdHarmonizerOptions {
  readonly fit?: FitMurdOptions;
  /** How to translate; the site whose style images shall have is given to `apply`. */
  readonly apply?: TranslateRunOptions &
    DetailOptions &
    GuidedOptions & {
      /** Draws one of the styles that a site can have. @defaultValue the one in their middle */
      readonly styleSeed?: number;
    };
  /**
   * Scans whose style all images shall have: `reference` is then the only target.
   *
   * @defaultValue none: the targets are the sites
   */
  readonly reference?: ImageCohort;
  /** The site whose head of the style encoder reads the reference, see `murd.translate`. */
  readonly head?: string;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: MurdModel;
}

/**
 * MURD as a {@link Harmonizer}, for audits and comparisons. It has no average: where the model knows several sites,
 * `apply` must be given the target.
 *
 * @example
 * ```ts
 * const method = murdHarmonizer({ fit: { steps: 5000 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'Siemens' });
 * ```
 */
export function murdHarmonizer(options: MurdHarmonizerOptions = {}): Harmonizer<MurdModel, 'images'> {
  for (const old of ['site', 'reference']) requireNoTarget(options?.apply, old);
  requireCall('murdHarmonizer', { options });
  const { fit = {}, apply = {}, reference, head, model } = options;
  const { styleSeed, ...how } = apply;
  // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for TensorFlow.js.
  return siteHarmonizer(
    {
      name: 'MURD',
      maker: { verb: 'murdHarmonizer', modelType: 'MurdModel' },
      targets: reference === undefined ? undefined : ['reference'],
      fit: async (cohort, run) => {
        const { fitMurd } = await import('./fit-murd.js');
        return fitMurd(cohort, { ...fit, ...run });
      },
      apply: async (given, cohort, { site, ...run }) => {
        const style = reference === undefined ? { site, styleSeed } : { reference, head };
        const { translate } = await import('./translate.js');
        return translate(given, cohort, { ...style, ...how, ...run });
      },
    },
    model,
  );
}
