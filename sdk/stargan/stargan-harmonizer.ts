import { requireCall } from '../data/calls/require-call';
import type { ImageCohort } from '../data/cohort';
import { requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import { siteHarmonizer } from '../data/site-harmonizer';
import type { StarganRunOptions } from './apply-stargan';
import type { FitStarganOptions } from './fit-stargan';
import type { StarganModel } from './stargan-model';
import { domainsOf, starganTitles } from './stargan-model';

/** Options of {@link starganHarmonizer}. */
export interface StarganHarmonizerOptions {
  /** How to fit: `domains` decides between a StarGAN v2 and a style-encoding GAN. */
  readonly fit?: FitStarganOptions;
  /** How to run; the site whose style images are to have is given to `apply`. */
  readonly apply?: StarganRunOptions & {
    /** Draws one of the styles that a site can have; StarGAN v2 only. @defaultValue the mean of its scans */
    readonly styleSeed?: number;
  };
  /**
   * Scans whose style all images are to have: `reference` is then the only target.
   *
   * @defaultValue none: the targets are the sites
   */
  readonly reference?: ImageCohort;
  /** The site whose head of the style encoder reads the reference, see `baselines.applyStargan`. */
  readonly head?: string;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: StarganModel;
}

/**
 * StarGAN v2, or with one domain a style-encoding GAN, as a {@link Harmonizer}, for audits and comparisons. It has no average:
 * where the model knows several sites, `apply` must be given the target.
 *
 * @example
 * ```ts
 * const method = baselines.starganHarmonizer({ fit: { domains: 'one', steps: 5000 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'Siemens' });
 * ```
 */
export function starganHarmonizer(
  options: StarganHarmonizerOptions = {},
): Harmonizer<StarganModel, 'images'> {
  for (const old of ['site', 'reference']) requireNoTarget(options?.apply, old);
  requireCall('baselines.starganHarmonizer', { options });
  const { fit = {}, apply = {}, reference, head, model } = options;
  const { styleSeed, ...how } = apply;
  const domains = model === undefined ? (fit.domains ?? 'sites') : domainsOf(model);
  // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for TensorFlow.js.
  return siteHarmonizer(
    {
      name: starganTitles[domains],
      maker: { verb: 'baselines.starganHarmonizer', modelType: 'StarganModel' },
      targets: reference === undefined ? undefined : ['reference'],
      fit: async (cohort, run) => {
        const { fitStargan } = await import('./fit-stargan.js');
        return fitStargan(cohort, { ...fit, ...run });
      },
      apply: async (given, cohort, { site, ...run }) => {
        const style = reference === undefined ? { site, styleSeed } : { reference, head };
        const { applyStargan } = await import('./apply-stargan.js');
        return applyStargan(given, cohort, { ...style, ...how, ...run });
      },
    },
    model,
  );
}
