import type { Cohort } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';

/** A harmonizer that has a model already, if there is one: it then learns nothing. */
export function withModel<Model, Kind extends Cohort['kind']>(
  harmonizer: Harmonizer<Model, Kind>,
  model: Model | undefined,
): Harmonizer<Model, Kind> {
  return model === undefined ? harmonizer : { ...harmonizer, fit: () => Promise.resolve(model) };
}
