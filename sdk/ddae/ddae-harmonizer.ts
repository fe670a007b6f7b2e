import type { FeatureCohort, ImageCohort } from '../data/cohort';
import { chosenTarget, requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer, HarmonizeToOptions } from '../data/harmonizer';
import type { DdaeModel } from './ddae-model';
import type { FitDdaeOptions } from './fit-ddae';
import type { HarmonizeDdaeOptions } from './harmonize-ddae';
import { requireCall } from '../data/calls/require-call';
import { checkedHarmonizer } from '../data/calls/checked-harmonizer';

/** Options of {@link ddaeHarmonizer}. */
export interface DdaeHarmonizerOptions<Kind extends 'images' | 'features'> {
  /** What it harmonizes. @defaultValue `'images'` */
  readonly kind?: Kind;
  readonly fit?: FitDdaeOptions;
  /** How to harmonize; the target is given to `apply`. */
  readonly apply?: Omit<HarmonizeDdaeOptions, 'target'>;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: DdaeModel;
}

/**
 * DDAE as a {@link Harmonizer}, for audits and comparisons.
 *
 * @example
 * ```ts
 * const method = ddaeHarmonizer({ fit: { steps: 5000 }, apply: { keep: 0.9 } });
 * const after = await method.apply(await method.fit(slices), slices, { target: 'siteA' });
 * ```
 */
export function ddaeHarmonizer(options?: DdaeHarmonizerOptions<'images'>): Harmonizer<DdaeModel, 'images'>;
export function ddaeHarmonizer(
  options: DdaeHarmonizerOptions<'features'> & { readonly kind: 'features' },
): Harmonizer<DdaeModel, 'features'>;
export function ddaeHarmonizer(
  options: DdaeHarmonizerOptions<'images' | 'features'> = {},
): Harmonizer<DdaeModel, 'images'> | Harmonizer<DdaeModel, 'features'> {
  requireNoTarget(options?.apply);
  requireCall('ddaeHarmonizer', { options });
  const { kind = 'images', fit = {}, apply = {}, model: fitted } = options;
  const targets = ({ sites }: DdaeModel): readonly string[] => [...new Set(['average', ...sites])];
  const shared = { name: 'DDAE', targets };
  // What computes with tensors is loaded when it is needed: whoever lists methods for tables does not wait for
  // TensorFlow.js.
  const learn = async (cohort: ImageCohort | FeatureCohort, run: object = {}): Promise<DdaeModel> => {
    if (fitted !== undefined) return fitted;
    const { fitDdae } = await import('./fit-ddae.js');
    return fitDdae(cohort, { ...fit, ...run });
  };
  const harmonize = async <Some extends ImageCohort | FeatureCohort>(
    model: DdaeModel,
    cohort: Some,
    { target, ...run }: HarmonizeToOptions = {},
  ): Promise<Some> => {
    const { harmonizeDdae } = await import('./harmonize-ddae.js');
    return harmonizeDdae(model, cohort, { ...apply, ...run, target: chosenTarget(targets(model), target) });
  };
  const maker = { verb: 'ddaeHarmonizer', modelType: 'DdaeModel' };
  return kind === 'images'
    ? checkedHarmonizer({ ...shared, kind, fit: learn, apply: harmonize }, maker)
    : checkedHarmonizer({ ...shared, kind, fit: learn, apply: harmonize }, maker);
}
