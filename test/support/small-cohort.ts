import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import type { Covariate } from '../../sdk/data/people/covariate';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

export interface SmallCohortOptions {
  /** Subjects per site. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly features?: number;
  readonly seed?: number;
  /** Covariates instead of the default age and sex, made from the site of each subject. */
  readonly covariates?: (sites: readonly string[]) => readonly Covariate[];
  /** Called for each value; what it returns is stored. */
  readonly change?: (value: number, subject: number, feature: number) => number;
}

/** A cohort of a few sites with shifts and scales of their own, age and sex effects, for unit tests. */
export function smallCohort(options: SmallCohortOptions = {}): FeatureCohort {
  const {
    sizes = { A: 14, B: 9, C: 11 },
    features = 8,
    seed = 1,
    covariates,
    change = (value) => value,
  } = options;
  const random = makeRandom(seed);
  const sites = Object.entries(sizes).flatMap(([site, size]) => Array.from({ length: size }, () => site));
  const names = Object.keys(sizes);
  const ids = sites.map((site, row) => `${site}${row}`);
  const age = sites.map(() => 20 + 60 * random.uniform());
  const sex = sites.map((_, row) => (row % 2 === 0 ? 'F' : 'M'));
  const effects = names.map(() =>
    Array.from({ length: features }, () => ({ shift: random.normal(), scale: 0.6 + random.uniform() })),
  );
  const values = new Float64Array(ids.length * features);
  ids.forEach((_, row) => {
    for (let feature = 0; feature < features; feature++) {
      const { shift, scale } = effects[names.indexOf(sites[row])][feature];
      const biology = 10 + feature - 0.05 * age[row] + (sex[row] === 'M' ? 0.4 : 0);
      values[row * features + feature] = change(biology + shift + scale * random.normal(), row, feature);
    }
  });
  const people = makeParticipants(
    ids,
    sites,
    covariates?.(sites) ?? [continuous('age', age, 'years'), categorical('sex', sex)],
  );
  const columns = Array.from({ length: features }, (_, feature) => `f${feature}`);
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, columns));
}

/** The value of a cohort's feature for the subject in a row. */
export function valueOf(cohort: FeatureCohort, row: number, feature: string): number {
  const { features, values } = cohort.features;
  return values[row * features.length + features.indexOf(feature)];
}
