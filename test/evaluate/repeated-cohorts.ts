import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

/** What a {@link repeatedCohort} is made of. */
export interface RepeatedCohortOptions {
  readonly seed: number;
  readonly persons: number;
  readonly features: number;
  /** The sites at which a person is scanned, one per scan. */
  readonly visits: (person: number) => readonly string[];
  /** Standard deviation between the scans of one person, where persons differ by one. @defaultValue 0.3 */
  readonly withinSd?: number;
  /** What a site adds to every feature. @defaultValue nothing */
  readonly effect?: (site: string) => number;
}

/** Scans of persons who differ by one standard deviation, and from scan to scan by `withinSd`; no effect of age or sex. */
export function repeatedCohort(options: RepeatedCohortOptions): FeatureCohort {
  const { seed, persons, features, visits, withinSd = 0.3, effect = () => 0 } = options;
  const random = makeRandom(seed);
  const ids: string[] = [];
  const [who, sites, age, sex, values]: [string[], string[], number[], string[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  for (let person = 0; person < persons; person++) {
    const own = Array.from({ length: features }, () => random.normal());
    const years = 20 + 60 * random.uniform();
    const code = random.uniform() < 0.5 ? 'F' : 'M';
    visits(person).forEach((site, visit) => {
      ids.push(`p${person}_v${visit}`);
      who.push(`p${person}`);
      sites.push(site);
      age.push(years);
      sex.push(code);
      for (const value of own) values.push(value + withinSd * random.normal() + effect(site));
    });
  }
  const covariates = [continuous('age', age, 'years'), categorical('sex', sex)];
  const names = Array.from({ length: features }, (_, k) => `f${k}`);
  return makeFeatureCohort(
    makeParticipants(ids, sites, covariates, { persons: who }),
    makeFeatureMatrix(Float64Array.from(values), ids, names),
  );
}

/** The site of a person among sites of equal size. */
export function siteOfPerson(person: number, sites: number): string {
  return 'ABCDEFGH'[person % sites];
}
