import type { Harmonizer } from '../data/harmonizer';
import { ConcordError } from '../errors';
import type { FitMurdOptions } from './fit-murd';
import { fitMurd } from './fit-murd';
import type { MurdModel } from './murd-model';
import type { TranslateOptions } from './translate';
import { translate } from './translate';

/** Options of {@link murdHarmonizer}. */
export interface MurdHarmonizerOptions {
  readonly fit?: FitMurdOptions;
  /** The site or the reference that images shall look like. */
  readonly apply: TranslateOptions;
  /** A model that has been fitted already: `fit` then answers it, and learns nothing. */
  readonly model?: MurdModel;
}

/**
 * MURD as a {@link Harmonizer}, for audits and comparisons.
 *
 * @throws ConcordError `invalid-option` without a site or a reference.
 * @example
 * ```ts
 * const method = murdHarmonizer({ fit: { steps: 5000 }, apply: { site: 'Siemens' } });
 * ```
 */
export function murdHarmonizer({
  fit = {},
  apply,
  model: fitted,
}: MurdHarmonizerOptions): Harmonizer<MurdModel, 'images'> {
  if (!('site' in apply) && !('reference' in apply)) {
    throw new ConcordError('invalid-option', 'invalid apply: it names neither a site nor a reference');
  }
  return {
    name: 'site' in apply ? `MURD to ${apply.site}` : 'MURD to a reference',
    kind: 'images',
    fit: async (cohort, run = {}) => fitted ?? fitMurd(cohort, { ...fit, ...run }),
    apply: (model, cohort, run = {}) => translate(model, cohort, { ...apply, ...run }),
    targets: (model) => model.sites,
  };
}
