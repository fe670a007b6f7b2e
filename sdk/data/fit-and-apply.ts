import type { Cohort, CohortOf } from './cohort';
import type { Harmonizer, HarmonizeToOptions } from './harmonizer';

/** A harmonizer that has less to do where it is fitted and applied to the same cohort at once. */
export interface HarmonizerAtOnce<Model, Kind extends Cohort['kind'] = 'features'> extends Harmonizer<
  Model,
  Kind
> {
  /**
   * What `fit` and then `apply` make, to rounding. It is kept out of copies by spreading (`{ ...harmonizer, fit }`), so that it does
   * not go by another `fit` than the copy does.
   */
  fitAndApply(
    cohort: CohortOf<Kind>,
    options?: HarmonizeToOptions,
  ): Promise<{ readonly model: Model; readonly after: CohortOf<Kind> }>;
}

/** Learns from a cohort and harmonizes it: at once where the harmonizer can. */
export async function fitAndApply<Model, Kind extends Cohort['kind']>(
  harmonizer: Harmonizer<Model, Kind> | HarmonizerAtOnce<Model, Kind>,
  cohort: CohortOf<Kind>,
  options: HarmonizeToOptions = {},
): Promise<{ readonly model: Model; readonly after: CohortOf<Kind> }> {
  if ('fitAndApply' in harmonizer) return harmonizer.fitAndApply(cohort, options);
  const { signal, onProgress } = options;
  const model = await harmonizer.fit(cohort, { signal, onProgress });
  return { model, after: await harmonizer.apply(model, cohort, options) };
}
