import type { Cohort, CohortOf } from '../cohort';
import type { HarmonizerAtOnce } from '../fit-and-apply';
import type { Harmonizer, HarmonizeToOptions } from '../harmonizer';
import type { Place } from './require-call';
import { requireArgument, requireOptions } from './require-call';

/** The cohort of each payload, by the name of its type. */
const cohorts: Readonly<Record<Cohort['kind'], string>> = {
  features: 'FeatureCohort',
  volumes: 'VolumeCohort',
  images: 'ImageCohort',
};

/**
 * A harmonizer that holds callers from JavaScript to what `fit` and `apply` take, as `requireCall` does for functions.
 *
 * @param maker - the function of the front door that makes it, the type of its models, and of what `fit` takes besides
 * the cohort, if that is more than `RunOptions`
 */
export function checkedHarmonizer<Model, Kind extends Cohort['kind']>(
  harmonizer: Harmonizer<Model, Kind> | HarmonizerAtOnce<Model, Kind>,
  maker: { readonly verb: string; readonly modelType: string; readonly runType?: string },
): Harmonizer<Model, Kind> {
  const cohortType = cohorts[harmonizer.kind];
  const place = (method: string, name: string): Place => ({
    verb: `${method} of ${maker.verb}`,
    name,
  });
  const checked: Harmonizer<Model, Kind> = {
    ...harmonizer,
    fit: async (cohort, run) => {
      requireArgument(place('fit', 'cohort'), cohortType, cohort);
      requireOptions(place('fit', 'run').verb, maker.runType ?? 'RunOptions', run);
      return harmonizer.fit(cohort, run);
    },
    apply: async (model, cohort, options) => {
      requireArgument(place('apply', 'model'), maker.modelType, model);
      requireArgument(place('apply', 'cohort'), cohortType, cohort);
      requireOptions(place('apply', 'options').verb, 'HarmonizeToOptions', options);
      return harmonizer.apply(model, cohort, options);
    },
    targets: (model) => {
      requireArgument(place('targets', 'model'), maker.modelType, model);
      return harmonizer.targets(model);
    },
  };
  if (!('fitAndApply' in harmonizer)) return checked;
  // Not enumerable: a copy by spreading, with another fit, does not have it.
  return Object.defineProperty(checked, 'fitAndApply', {
    enumerable: false,
    value: async (cohort: CohortOf<Kind>, options?: HarmonizeToOptions) => {
      requireArgument(place('fitAndApply', 'cohort'), cohortType, cohort);
      requireOptions(place('fitAndApply', 'options').verb, 'HarmonizeToOptions', options);
      return harmonizer.fitAndApply(cohort, options);
    },
  });
}
