import type { Harmonizer } from '../../data/harmonizer';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { kinWords } from '../../data/people/families';
import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import type { PersonUnits } from '../persons/person-units';

/** At most this share of persons is kept out of testing for the levels of one covariate. */
const MOST_KEPT = 0.1;

/** How folds are changed so that no training part lacks a level that its test part has. */
export interface LevelKeeping {
  /** The fold of each person, or family, changed where need be; −1 is always in training. */
  repair(folds: Int32Array): Int32Array;
  readonly issues: readonly Issue[];
}

/** The covariates that a harmonizer is fitted with: those that it preserves, and those that are batch variables to it. */
export function fittedCovariates<Model>(
  { covariates }: Participants,
  { preserves = [], removes = [] }: Pick<Harmonizer<Model>, 'preserves' | 'removes'>,
): readonly string[] {
  // The site may be among the batch variables, and is no covariate.
  const batches = removes.filter((batch) => covariates.some(({ name }) => name === batch));
  return [...new Set([...preserves, ...batches])];
}

/**
 * Sees to it that a harmonizer meets, in the training part of every fold, each level that it will be shown: the only
 * person of a level is always in training, and the persons of a level that fell into one fold are parted. Where a
 * covariate has so many such levels that more than a tenth of all persons would never be tested, they are dealt like
 * everybody, and what to do is left to the fold (see {@link harmonizedInFolds}).
 */
export function keepLevels(
  participants: Participants,
  fitted: readonly string[],
  { rows, units, folds }: { readonly rows: Int32Array; readonly units: PersonUnits; readonly folds: number },
): LevelKeeping {
  const issues: Issue[] = [];
  const [unit] = kinWords(participants);
  const always = new Set<number>();
  const several: (readonly number[])[] = [];
  for (const name of fitted) {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind !== 'categorical') continue;
    const persons = covariate.levels.map(() => new Set<number>());
    rows.forEach((row, at) => persons[covariate.codes[row]]?.add(units.codes[at]));
    const lone = covariate.levels.filter((_, code) => persons[code].size === 1);
    several.push(...persons.filter((own) => own.size > 1).map((own) => [...own]));
    if (lone.length === 0 || lone.length > MOST_KEPT * units.members.length) continue;
    for (const own of persons) if (own.size === 1) for (const person of own) always.add(person);
    const what = `${lone.length === 1 ? 'level' : 'levels'} ${listNames(lone)} of ${name}`;
    const message = `${what} ${lone.length === 1 ? 'has' : 'have'} one ${unit}${lone.length === 1 ? '' : ' each'}: always in training in cross-validation, never tested there`;
    issues.push(makeIssue('rare-level', message, { column: name }));
  }
  return {
    issues,
    repair(dealt) {
      const repaired = dealt.map((fold, person) => (always.has(person) ? -1 : fold));
      for (const own of several) {
        const fold = repaired[own[0]];
        if (fold !== -1 && own.every((person) => repaired[person] === fold)) {
          repaired[own[own.length - 1]] = (fold + 1) % folds;
        }
      }
      return repaired;
    },
  };
}
