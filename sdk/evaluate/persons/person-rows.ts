import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import { counted } from '../../data/counted';
import { familyCount, kinOf } from '../../data/people/families';
import type { Participants } from '../../data/people/participants';
import { hasRepeatedPersons } from '../../data/people/participants';

/** How scans become independent rows for the tests of single features. */
export interface PersonRows {
  /** The rows of the cohort that are averaged into each row of the tests; of one person at one site. */
  readonly groups: readonly (readonly number[])[];
  /**
   * The person of each row of the tests, 0 …, where sites are compared within persons; otherwise every row is of
   * another person.
   */
  readonly persons?: Int32Array;
  /** What was done, in words; empty where no person was scanned twice, and nobody is known to be related. */
  readonly note: string;
}

/**
 * Makes rows that are independent out of scans that are not: the scans of a person at a site are averaged (the summary
 * measure of Matthews et al. 1990, BMJ 300:230), as many of each person as the person with fewest has, the first ones,
 * so that all averages are equally precise and no site's spread is smaller for having been scanned more often.
 *
 * Persons scanned at several sites: where they are more than half of all, sites are compared within persons, who become
 * the blocks of the tests, and persons seen at one site say nothing of it. Where they are fewer, each counts at one of
 * their sites, the one with the fewest persons so far, and all rows are of different persons.
 *
 * Relatives are no independent rows either: where families are known, one person of each counts, the first of whom most covariates
 * are known. Sites compared within persons take all of them, since what relatives share is the same at all sites.
 */
export function personRows(participants: Participants): PersonRows {
  const { persons, sites } = participants;
  const all = persons.map((_, row) => [row]);
  const { families } = familyCount(participants);
  if (!hasRepeatedPersons(participants) && families === undefined) return { groups: all, note: '' };
  const visits = new Map<string, Map<string, number[]>>();
  persons.forEach((person, row) => {
    const own = visits.get(person) ?? new Map<string, number[]>();
    visits.set(person, own.set(sites[row], [...(own.get(sites[row]) ?? []), row]));
  });
  const everyone = [...visits.values()];
  const travelers = everyone.filter((own) => own.size > 1).length;
  if (2 * travelers > everyone.length) {
    const groups = everyone.flatMap((own) => [...own.values()]);
    const codes = everyone.flatMap((own, person) => [...own].map(() => person));
    const note = `compare sites within persons, ${travelers} of ${everyone.length} of whom were scanned at several sites`;
    return { ...averaging(groups, note), persons: Int32Array.from(codes) };
  }
  const some = families === undefined ? everyone : oneOfEachFamily(visits, participants);
  const moved = some.filter((own) => own.size > 1).length;
  const notes = [
    families === undefined ? '' : `count one person of each of ${counted(families, 'family', 'families')}`,
    moved === 0 ? '' : `count each of ${moved} persons scanned at several sites at one of them`,
  ];
  return averaging(atOneSite(some), notes.filter((note) => note !== '').join(', and '));
}

/** As many of each group's rows as the smallest has. */
function averaging(groups: readonly (readonly number[])[], note: string): PersonRows {
  const most = groups.reduce((largest, rows) => Math.max(largest, rows.length), 1);
  const fewest = groups.reduce((smallest, rows) => Math.min(smallest, rows.length), most);
  const each = 'of each person at a site';
  const used =
    fewest === 1 ? `use the first scan ${each}` : `use the mean of the first ${fewest} scans ${each}`;
  return {
    groups: groups.map((rows) => rows.slice(0, fewest)),
    note: [note, most > 1 ? used : ''].filter((part) => part !== '').join(', and '),
  };
}

/** The visits of one person of each family: the first of those of whom most covariates are known. */
function oneOfEachFamily(
  visits: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>,
  participants: Participants,
): ReadonlyMap<string, readonly number[]>[] {
  const kin = kinOf(participants);
  const best = new Map<
    string,
    { readonly unknown: number; readonly own: ReadonlyMap<string, readonly number[]> }
  >();
  for (const own of visits.values()) {
    const rows = [...own.values()].flat();
    const unknown = participants.covariates.filter((covariate) =>
      rows.every((row) => isMissing(covariate, row)),
    ).length;
    const family = kin[rows[0]];
    if (unknown < (best.get(family)?.unknown ?? Infinity)) best.set(family, { unknown, own });
  }
  return [...best.values()].map(({ own }) => own);
}

function atOneSite(everyone: readonly ReadonlyMap<string, readonly number[]>[]): (readonly number[])[] {
  const sizes = new Map<string, number>();
  const count = (site: string): number => sizes.get(site) ?? 0;
  for (const own of everyone) {
    for (const site of own.size === 1 ? own.keys() : []) sizes.set(site, count(site) + 1);
  }
  return everyone.map((own) => {
    const [site] = [...own.keys()].sort((a, b) => count(a) - count(b));
    if (own.size > 1) sizes.set(site, count(site) + 1);
    return own.get(site) ?? [];
  });
}

/**
 * The cohort with one row per group: the first row's participant with the mean of the values present. A categorical
 * covariate is the first that is known.
 */
export function averageRows(cohort: FeatureCohort, groups: PersonRows['groups']): FeatureCohort {
  const firsts = takeSubjects(
    cohort,
    groups.map(([first]) => first),
  );
  if (groups.every((rows) => rows.length === 1)) return firsts;
  const width = cohort.features.features.length;
  const { values } = cohort.features;
  const averaged = averageValues(groups, width, (row, k) => values[row * width + k]);
  const covariates = cohort.participants.covariates.map((covariate) => averageCovariate(covariate, groups));
  return {
    ...firsts,
    participants: { ...firsts.participants, covariates },
    features: { ...firsts.features, values: averaged },
  };
}

/** The mean of the values present of each group of rows and each of `width` columns: groups × columns, row-major. */
export function averageValues(
  groups: PersonRows['groups'],
  width: number,
  valueOf: (row: number, column: number) => number,
): Float64Array {
  const averaged = new Float64Array(groups.length * width);
  groups.forEach((rows, at) => {
    for (let k = 0; k < width; k++) averaged[at * width + k] = meanPresent(rows, (row) => valueOf(row, k));
  });
  return averaged;
}

function averageCovariate(covariate: Covariate, groups: PersonRows['groups']): Covariate {
  if (covariate.kind === 'continuous') {
    const values = groups.map((rows) => meanPresent(rows, (row) => covariate.values[row]));
    return { ...covariate, values: Float64Array.from(values) };
  }
  const codes = groups.map((rows) => {
    const known = rows.find((row) => !isMissing(covariate, row));
    return known === undefined ? -1 : covariate.codes[known];
  });
  return { ...covariate, codes: Int32Array.from(codes) };
}

function meanPresent(rows: readonly number[], valueOf: (row: number) => number): number {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}
