import type { Cohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { countFamilies, kinOf, kinWords } from '../../data/people/families';
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
  /**
   * The person of each row that takes part, or where families are known the family, 0 …, numbered as they first appear: what
   * is never on both sides of a split, and drawn as one in a bootstrap.
   */
  readonly units: Int32Array;
  /** What a unit is called, one and many: person, or family. */
  readonly unitWords: readonly [one: string, many: string];
  readonly folds: number;
  /** Per seed, the fold of each row that takes part: the same for all rows of a unit; −1 is always in training. */
  readonly assignments: readonly Int32Array[];
  readonly issues: readonly Issue[];
}

/** No fewer folds than this: with two, half of a site would be missing in training. */
const FEWEST_FOLDS = 3;

/**
 * Plans the splits: persons are dealt into folds, with all their scans, stratified by site and, within sites, by the
 * number of scans and the categorical covariates. Where families are known they are what is dealt, with all their persons,
 * and counted: an Issue says so. A person scanned at several sites is in one fold too, and those
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
  const issues: Issue[] = [...countedByFamily(participants)];
  const names = siteNames(participants);
  const kin = kinOf(participants);
  const unitWords = kinWords(participants);
  const [one, many] = unitWords;
  const sizes = unitsPerSite(participants.sites, kin, names);
  const fewest = Math.min(settings.folds, FEWEST_FOLDS);
  const kept = names.filter((site, index) => {
    if (sizes[index] >= fewest) return true;
    const message = `site ${quoteName(site)} has ${counted(sizes[index], one, many)} and is left out of cross-validation (${fewest} are required)`;
    issues.push(makeIssue('too-few-subjects', message, { site }));
    return false;
  });
  const smallest = Math.min(...sizes.filter((size) => size >= fewest));
  const folds = Math.min(settings.folds, smallest);
  if (folds < settings.folds) {
    const message = `${folds} folds are used instead of ${settings.folds}: the smallest site has ${smallest} ${many}`;
    issues.push(makeIssue('fewer-folds', message));
  }
  const sites = siteCodes(participants, kept);
  const all = Int32Array.from(sites.keys()).filter((row) => sites[row] !== -1);
  const rows = subsample(all, { sites, kin }, settings);
  if (rows.length < all.length) {
    const message = `cross-validation and distances use ${rows.length} of ${all.length} subjects, drawn in proportion to the sites`;
    issues.push(makeIssue('subsampled', message));
  }
  const used = rows.map((row) => sites[row]);
  const units = personUnits(Array.from(rows, (row) => kin[row]));
  const groups = siteGroups(units.members, used);
  const strata = strataOf(participants, settings.covariates, { rows, units });
  const levels = keepLevels(participants, fitted, { rows, units, folds });
  const assignments = Array.from({ length: settings.seeds }, (_, index) => {
    const dealt = stratifiedFolds(groups, folds, { seed: deriveSeed(settings.seed, index), strata });
    const fold = levels.repair(dealt);
    return units.codes.map((unit) => fold[unit]);
  });
  return {
    rows,
    siteNames: kept,
    sites: used,
    units: units.codes,
    unitWords,
    folds,
    assignments,
    issues: [...issues, ...levels.issues],
  };
}

function unitsPerSite(
  sites: readonly string[],
  kin: readonly string[],
  names: readonly string[],
): readonly number[] {
  const met = new Map(names.map((name) => [name, new Set<string>()]));
  sites.forEach((site, row) => met.get(site)?.add(kin[row]));
  return names.map((name) => met.get(name)?.size ?? 0);
}

/**
 * About `maxSubjects` of the rows, each site in proportion, but none with fewer than two per fold if it has them. A
 * person is taken with all scans, a family with all persons.
 */
function subsample(
  rows: Int32Array,
  { sites, kin }: { readonly sites: Int32Array; readonly kin: readonly string[] },
  settings: Omit<EvaluateSettings, 'alpha'>,
): Int32Array {
  const { maxSubjects, folds, seed } = settings;
  if (rows.length <= maxSubjects) return rows;
  const { members } = personUnits(Array.from(rows, (row) => kin[row]));
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
  for (const unit of order) {
    const own = members[unit].map((at) => rows[at]);
    if (!own.some((row) => (quota.get(sites[row]) ?? 0) > 0)) continue;
    for (const row of own) quota.set(sites[row], (quota.get(sites[row]) ?? 0) - 1);
    taken.push(...own);
  }
  return Int32Array.from(taken).sort();
}

/** One label per combination of number of scans and levels of the categorical covariates, of the first scan of each unit. */
function strataOf(
  participants: Participants,
  covariates: readonly string[],
  { rows, units }: { readonly rows: Int32Array; readonly units: PersonUnits },
): Int32Array {
  const strata = Int32Array.from(units.members, (own) => own.length);
  for (const name of covariates) {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind !== 'categorical') continue;
    units.members.forEach(([first], unit) => {
      strata[unit] = strata[unit] * (covariate.levels.length + 1) + covariate.codes[rows[first]] + 1;
    });
  }
  return strata;
}

/** Says how relatives are counted, where there are any. */
function countedByFamily(participants: Participants): readonly Issue[] {
  if (participants.families === undefined) return [];
  const { persons, families, related, acrossSites } = countFamilies(participants);
  if (related === 0) return [];
  const across =
    acrossSites === 0
      ? ''
      : `; ${counted(acrossSites, 'family has', 'families have')} members at several sites, and nobody of a family tested at a site left out is in training`;
  const message = `${counted(persons, 'person')} of ${counted(families, 'family', 'families')}, ${related} of them with relatives: folds and bootstrap intervals go by family${across}`;
  return [makeIssue('counted-by-family', message)];
}
