import type { Cohort, CohortOf } from './cohort';
import type { Harmonizer, HarmonizeToOptions } from './harmonizer';

/** Learns from a cohort and harmonizes it: at once where the harmonizer can, which spares it what both need. */
export async function fitAndApply<Model, Kind extends Cohort['kind']>(
  harmonizer: Harmonizer<Model, Kind>,
  cohort: CohortOf<Kind>,
  options: HarmonizeToOptions = {},
): Promise<{ readonly model: Model; readonly after: CohortOf<Kind> }> {
  if (harmonizer.fitAndApply !== undefined) return harmonizer.fitAndApply(cohort, options);
  const { signal, onProgress } = options;
  const model = await harmonizer.fit(cohort, { signal, onProgress });
  return { model, after: await harmonizer.apply(model, cohort, options) };
}
