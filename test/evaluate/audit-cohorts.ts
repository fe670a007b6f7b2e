import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

/**
 * Forty-five subjects at three sites, four features made from whole numbers (so that Python makes the same), three
 * cells of the third missing.
 */
export function arithmeticCohort(): FeatureCohort {
  const count = 45;
  const sites = Array.from({ length: count }, (_, i) => (i % 9 < 4 ? 0 : i % 9 < 7 ? 1 : 2));
  const age = Array.from({ length: count }, (_, i) => 20 + ((i * 37) % 50));
  const sex = Array.from({ length: count }, (_, i) => Math.floor((i * i) / 3) % 2);
  const values = new Float64Array(count * 4);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 4; k++) {
      const base = ((i * 7919 + k * 104729 + i * k * 31 + i * i * 17) % 1000) / 100;
      const effects = [0, sites[i] * 3, 0.1 * age[i], 2 * sex[i]];
      values[i * 4 + k] = base * (sites[i] === 2 ? 1.5 : 1) + effects[k];
    }
  }
  for (const i of [3, 10, 44]) values[i * 4 + 2] = NaN;
  const ids = sites.map((_, i) => `s${i}`);
  const covariates = [
    continuous('age', age, 'years'),
    categorical(
      'sex',
      sex.map((code) => (code === 1 ? 'M' : 'F')),
    ),
  ];
  const participants = makeParticipants(
    ids,
    sites.map((site) => `site${site}`),
    covariates,
  );
  return makeFeatureCohort(participants, makeFeatureMatrix(values, ids, ['f0', 'f1', 'f2', 'f3']));
}

/** What a {@link randomCohort} is made of. */
export interface RandomCohortOptions {
  readonly seed: number;
  readonly subjects: number;
  readonly features: number;
  readonly sites: number;
  /** Standard deviation over features of what a site adds, in residual deviations. */
  readonly siteEffect: number;
  /** What a decade of age adds, in residual deviations. */
  readonly ageEffect?: number;
  /** What being M adds to the first half of the features. */
  readonly sexEffect?: number;
}

/** Normal features with site, age and sex effects of known size. */
export function randomCohort(options: RandomCohortOptions): FeatureCohort {
  const { seed, subjects, features, sites, siteEffect, ageEffect = 0, sexEffect = 0 } = options;
  const random = makeRandom(seed);
  const shifts = Array.from({ length: sites * features }, () => siteEffect * random.normal());
  const ids = Array.from({ length: subjects }, (_, i) => `s${i}`);
  const site = ids.map((_, i) => i % sites);
  const age = ids.map(() => 20 + 60 * random.uniform());
  const sex = ids.map(() => (random.uniform() < 0.5 ? 'F' : 'M'));
  const values = new Float64Array(subjects * features);
  for (let i = 0; i < subjects; i++) {
    for (let k = 0; k < features; k++) {
      const aged = (ageEffect * (age[i] - 50)) / 10;
      const sexed = sex[i] === 'M' && k < features / 2 ? sexEffect : 0;
      values[i * features + k] = random.normal() + shifts[site[i] * features + k] + aged + sexed;
    }
  }
  const participants = makeParticipants(
    ids,
    site.map((code) => `site${code}`),
    [continuous('age', age, 'years'), categorical('sex', sex)],
  );
  const names = Array.from({ length: features }, (_, k) => `f${k}`);
  return makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names));
}
