import type { FeatureCohort, ImageCohort } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import type { DdaeModel } from './ddae-model';
import type { FitDdaeOptions } from './fit-ddae';
import { fitDdae } from './fit-ddae';
import type { HarmonizeDdaeOptions } from './harmonize-ddae';
import { harmonizeDdae } from './harmonize-ddae';

/** Options of {@link ddaeHarmonizer}. */
export interface DdaeHarmonizerOptions<Kind extends 'images' | 'features'> {
  /** What it harmonizes. @defaultValue `'images'` */
  readonly kind?: Kind;
  readonly fit?: FitDdaeOptions;
  readonly apply?: HarmonizeDdaeOptions;
  /** A model that has been fitted already: `fit` then answers it, and learns nothing. */
  readonly model?: DdaeModel;
}

/**
 * DDAE as a {@link Harmonizer}, for audits and comparisons.
 *
 * @example
 * ```ts
 * const method = ddaeHarmonizer({ fit: { steps: 5000 }, apply: { target: 'siteA', keep: 0.9 } });
 * ```
 */
export function ddaeHarmonizer(options?: DdaeHarmonizerOptions<'images'>): Harmonizer<DdaeModel, 'images'>;
export function ddaeHarmonizer(
  options: DdaeHarmonizerOptions<'features'> & { readonly kind: 'features' },
): Harmonizer<DdaeModel, 'features'>;
export function ddaeHarmonizer(
  options: DdaeHarmonizerOptions<'images' | 'features'> = {},
): Harmonizer<DdaeModel, 'images'> | Harmonizer<DdaeModel, 'features'> {
  const { kind = 'images', fit = {}, apply = {}, model: fitted } = options;
  const target = apply.target ?? 'average';
  const shared = {
    name:
      target === 'average'
        ? 'DDAE'
        : `DDAE to ${typeof target === 'string' ? target : Object.keys(target).join(' and ')}`,
    targets: (model: DdaeModel) => ['average', ...model.sites],
  };
  const learn = async (cohort: ImageCohort | FeatureCohort, run: object = {}): Promise<DdaeModel> =>
    fitted ?? fitDdae(cohort, { ...fit, ...run });
  return kind === 'images'
    ? {
        ...shared,
        kind,
        fit: learn,
        apply: (model, cohort, run = {}) => harmonizeDdae(model, cohort, { ...apply, ...run }),
      }
    : {
        ...shared,
        kind,
        fit: learn,
        apply: (model, cohort, run = {}) => harmonizeDdae(model, cohort, { ...apply, ...run }),
      };
}
