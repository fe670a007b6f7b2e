import type { Cohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import { covariateNamed, siteCodes, siteNames } from '../../data/people/participants';
import { deriveSeed, makeRandom, permutation } from '../../math/random';
import type { EvaluateSettings } from '../evaluate-options';
import { stratifiedFolds } from './folds';
import { keepLevels } from './keep-levels';
import type { PersonUnits } from '../persons/person-units';
import { personUnits, siteGroups } from '../persons/person-units';
import { quoteName } from '../../data/list-names';
import { counted } from '../../data/counted';

/** Which subjects take part in cross-validation and how they are split: the same for raw and harmonized data. */
export interface SplitPlan {
  /** Rows of the cohort that take part, ascending. */
  readonly rows: Int32Array;
  /** Sites that take part. */
  readonly siteNames: readonly string[];
  /** Index into `siteNames` per row that takes part. */
  readonly sites: Int32Array;
  /** The person of each row that takes part, 0 …, numbered as they first appear. */
  readonly persons: Int32Array;
  readonly folds: number;
  /** Per seed, the fold of each row that takes part: the same for all rows of a person; −1 is always in training. */
  readonly assignments: readonly Int32Array[];
  readonly issues: readonly Issue[];
}

/** No fewer folds than this: with two, half of a site would be missing in training. */
const FEWEST_FOLDS = 3;

/**
 * Plans the splits: persons are dealt into folds, with all their scans, stratified by site and, within sites, by the
 * number of scans and the categorical covariates. A person scanned at several sites is in one fold too, and those
 * scanned at the same sites are shared out among the folds. When a site has fewer persons than folds, there are fewer
 * folds (not below three, or as asked for if that is two); sites still smaller are left out. Both are reported.
 *
 * @param fitted - covariates that a harmonizer is to be fitted with inside the folds: the only persons of a level of
 * theirs are always in training, see {@link keepLevels}
 */
export function planSplits(
  { participants }: Pick<Cohort, 'participants'>,
  settings: Omit<EvaluateSettings, 'alpha'>,
  fitted: readonly string[] = [],
): SplitPlan {
  const issues: Issue[] = [];
  const names = siteNames(participants);
  const sizes = personsPerSite(participants, names);
  const fewest = Math.min(settings.folds, FEWEST_FOLDS);
  const kept = names.filter((site, index) => {
    if (sizes[index] >= fewest) return true;
    const message = `site ${quoteName(site)} has ${counted(sizes[index], 'person')} and is left out of cross-validation (${fewest} are required)`;
    issues.push(makeIssue('too-few-subjects', message, { site }));
    return false;
  });
  const smallest = Math.min(...sizes.filter((size) => size >= fewest));
  const folds = Math.min(settings.folds, smallest);
  if (folds < settings.folds) {
    const message = `${folds} folds are used instead of ${settings.folds}: the smallest site has ${smallest} persons`;
    issues.push(makeIssue('fewer-folds', message));
  }
  const sites = siteCodes(participants, kept);
  const all = Int32Array.from(sites.keys()).filter((row) => sites[row] !== -1);
  const rows = subsample(all, { sites, persons: participants.persons }, settings);
  if (rows.length < all.length) {
    const message = `cross-validation and distances use ${rows.length} of ${all.length} subjects, drawn in proportion to the sites`;
    issues.push(makeIssue('subsampled', message));
  }
  const used = rows.map((row) => sites[row]);
  const units = personUnits(Array.from(rows, (row) => participants.persons[row]));
  const groups = siteGroups(units.members, used);
  const strata = strataOf(participants, settings.covariates, { rows, units });
  const levels = keepLevels(participants, fitted, { rows, units, folds });
  const assignments = Array.from({ length: settings.seeds }, (_, index) => {
    const dealt = stratifiedFolds(groups, folds, { seed: deriveSeed(settings.seed, index), strata });
    const fold = levels.repair(dealt);
    return units.codes.map((person) => fold[person]);
  });
  return {
    rows,
    siteNames: kept,
    sites: used,
    persons: units.codes,
    folds,
    assignments,
    issues: [...issues, ...levels.issues],
  };
}

function personsPerSite({ sites, persons }: Participants, names: readonly string[]): readonly number[] {
  const met = new Map(names.map((name) => [name, new Set<string>()]));
  sites.forEach((site, row) => met.get(site)?.add(persons[row]));
  return names.map((name) => met.get(name)?.size ?? 0);
}

/**
 * About `maxSubjects` of the rows, each site in proportion, but none with fewer than two per fold if it has them. A
 * person is taken with all scans.
 */
function subsample(
  rows: Int32Array,
  { sites, persons }: { readonly sites: Int32Array; readonly persons: readonly string[] },
  settings: Omit<EvaluateSettings, 'alpha'>,
): Int32Array {
  const { maxSubjects, folds, seed } = settings;
  if (rows.length <= maxSubjects) return rows;
  const { members } = personUnits(Array.from(rows, (row) => persons[row]));
  const order = permutation(members.length, makeRandom(deriveSeed(seed, -1)));
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(sites[row], (sizes.get(sites[row]) ?? 0) + 1);
  const quota = new Map(
    [...sizes].map(([site, size]) => [
      site,
      Math.max(2 * folds, Math.round((maxSubjects * size) / rows.length)),
    ]),
  );
  const taken: number[] = [];
  for (const person of order) {
    const own = members[person].map((at) => rows[at]);
    if (!own.some((row) => (quota.get(sites[row]) ?? 0) > 0)) continue;
    for (const row of own) quota.set(sites[row], (quota.get(sites[row]) ?? 0) - 1);
    taken.push(...own);
  }
  return Int32Array.from(taken).sort();
}

/** One label per combination of number of scans and levels of the categorical covariates, of each person. */
function strataOf(
  participants: Participants,
  covariates: readonly string[],
  { rows, units }: { readonly rows: Int32Array; readonly units: PersonUnits },
): Int32Array {
  const strata = Int32Array.from(units.members, (own) => own.length);
  for (const name of covariates) {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind !== 'categorical') continue;
    units.members.forEach(([first], person) => {
      strata[person] = strata[person] * (covariate.levels.length + 1) + covariate.codes[rows[first]] + 1;
    });
  }
  return strata;
}
