import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import { counted } from '../../data/counted';
import { rowsBy } from '../../data/group-by';

/** Rows that may be visits of the same persons, though the table and the options do not say so. */
export interface NamedRows {
  readonly file: string;
  readonly ids: readonly string[];
  readonly persons: readonly string[];
  readonly covariates: readonly Covariate[];
  readonly sites?: readonly string[];
  /** A column that may say who was scanned, and how many different values it has. */
  readonly suspect?: { readonly column: string; readonly values: number };
}

/** The end of an id that says which visit it is, in words: `_ses-2`, `_v1`, `-visit02`, `_m12`, `_bl`, `_followup`, `_MR1` (OASIS). */
const namedVisit =
  /^(.+?)[_\-. ]?(?:ses(?:sion)?|visit|vis|tp|timepoint|time|scan|run|wave|month|year|day|followup|fu)[_\-. ]?\d{1,3}$|^(.+?)[_\-. ](?:[vtwmyd]\d{1,3}|\d{1,2}(?:mo|m|y|yr|w)|bl|sc|baseline|followup|follow-up|fu|pre|post|first|second|retest|test|rescan)$|^(.*\d.*)[_\-. ](?:s\d{1,2}|mr[_\-. ]?(?:\d{1,2}|d\d{3,4}))$|^(.+?)_ses-[a-z0-9]+$/i;

/** Ends by which a whole person is recognized beside the words: what follows the session in BIDS, FreeSurfer's `.cross`, `_V1_MR` (HCP). */
const restOfName = /^(.+?)(?:_ses-[a-z0-9]+.*|\.long\..+|\.(?:cross|long|base))$|^(.+_v\d)_mr$/i;

/** Ends that are visits where several persons have them: `001V2`, `001R`, `_20190101`, `_2019-01-01`, `_20252_2_0` (UK Biobank). */
const looseVisit =
  /^(.*\d)(?:[vt]\d{1,2}|r|rep)$|^(.*\d.*)[_\-. ](?:(?:19|20)\d{2}-?[01]\d-?[0-3]\d|rep\d?|r\d|20\d{3}_\d_\d)$|^(?:v|ses(?:sion)?|visit|tp|wave)[_\-. ]?\d{1,2}[_\-. ](.*\d)$/i;

/** Persons who were scanned everywhere: `trav01_KCL`, `phantom2_UCL`. */
const traveler = /trav|phantom|human.?phantom/i;

/** An end that may be a visit as well as anything else: `-a`, `_1`, `.2`, or a letter after a digit: `017a`. */
const shortVisit = /^(.*?\d)([a-d])$|^(.+?)[_\-. ]([a-d]|0?\d)$/i;

/**
 * Warns of ids that look like several scans of the same persons (`sub-01_ses-1` and `sub-01_ses-2`, `1001_1` and `1001_2`,
 * `IXI001-a` and `IXI001-b`) where no person is known: as different participants they would count twice in all that
 * splits and tests.
 */
export function possibleRepeats(rows: NamedRows): readonly Issue[] {
  const { file, ids, persons } = rows;
  if (new Set(persons).size < persons.length) return [];
  const { suspect } = rows;
  const groups = repeatsByName(rows) ?? repeatsAcrossSites(rows) ?? repeatsByShortEnd(rows);
  if (groups === undefined) return suspect === undefined ? [] : suspectedRepeats(rows, suspect);
  const scans = groups.reduce((sum, group) => sum + group.length, 0);
  const [first] = groups;
  const unlike = groups.filter((group) => !mayBeOnePerson(group, rows)).length;
  const differ = unlike === 0 ? '' : ` (though in ${unlike} of them sex or age differ)`;
  const message =
    `${scans} ids of ${file} look like several scans of ${counted(groups.length, 'person')}, ` +
    `such as "${ids[first[0]]}" and "${ids[first[1]]}"${differ}, and each counts as a person of its own`;
  const advice = adviceFor(suspect?.column);
  return [makeIssue('possible-repeats', message, { file, subject: ids[first[0]] }, advice)];
}

function adviceFor(column: string | undefined): Advice {
  return column === undefined
    ? advise`if they are, add a column that says who was scanned and name it with ${option('person')}; if not, there is nothing to do`
    : advise`if they are, say who is who with ${option('person', column)}; if not, there is nothing to do`;
}

/** A column of persons that repeats: at least a tenth of the rows differ in it, or it would be a group. */
function suspectedRepeats(
  { file, ids }: NamedRows,
  { column, values }: { readonly column: string; readonly values: number },
): readonly Issue[] {
  if (values === ids.length || values * 10 < ids.length) return [];
  const message = `the ${ids.length} rows of ${file} may be several scans of ${values} persons, by the name of its column "${column}", and each counts as a person of its own`;
  return [makeIssue('possible-repeats', message, { file, column }, adviceFor(column))];
}

type Groups = readonly (readonly number[])[];

function personOf(pattern: RegExp, id: string): string | undefined {
  const found = pattern.exec(id);
  return found?.slice(1).find((part) => part !== undefined);
}

/** The rows of each person met more than once; many of one site, or of a name without a number, are those of a group. */
function groupsOf(persons: readonly (string | undefined)[], { ids, sites = [] }: NamedRows): Groups {
  const places = new Set(sites.map((site) => site.toLowerCase()));
  // What is before the number may be the site.
  const isPlace = (name = ''): boolean => places.has(name.toLowerCase());
  const byPerson = rowsBy(persons.map((person) => (isPlace(person) ? undefined : person)));
  // The first scan is often called by the person alone.
  ids.forEach((id, row) => {
    if (persons[row] === undefined) byPerson.get(id)?.unshift(row);
  });
  return [...byPerson].flatMap(([person, group]) => {
    const many =
      group.length > 12 && (!/\d/.test(person) || new Set(group.map((row) => sites[row])).size === 1);
    return group.length > 1 && !many ? [group] : [];
  });
}

/** The groups that may be persons by what is known of them; `undefined` where there are none, or many differ in it. */
function alikeOnly(groups: Groups, rows: Bounded): Groups | undefined {
  const alike = groups.filter((group) => mayBeOnePerson(group, rows));
  return groups.length > 0 && alike.length * 10 >= groups.length * 9 ? alike : undefined;
}

/**
 * Repeats that the ends of ids say in words, whatever sex and age say, which may be wrong themselves; of ends that say
 * less, at least two persons and a twentieth of the rows, and at most 12 scans of each.
 */
function repeatsByName(rows: NamedRows): Groups | undefined {
  const { ids } = rows;
  const inWords = ids.map((id) => personInWords(id));
  const groups = groupsOf(inWords, rows);
  if (groups.length > 0) return groups;
  const loose = groupsOf(
    inWords.map((person, row) => person ?? personOf(looseVisit, ids[row])),
    rows,
  );
  const scans = loose.reduce((sum, group) => sum + group.length, 0);
  const most = Math.max(0, ...loose.map((group) => group.length));
  return loose.length >= 2 && scans * 20 >= ids.length && most <= 12 ? loose : undefined;
}

/** `sub-01_ses-1_run-2` → `sub-01`. */
function personInWords(id: string): string | undefined {
  const rest = personOf(restOfName, id);
  const named = personOf(namedVisit, rest ?? id);
  return (named === undefined ? undefined : personOf(namedVisit, named)) ?? named ?? rest;
}

/**
 * The same name at several sites, `trav01_KCL` and `trav01_UCL`: travelers where the names say so, or where sex and age are
 * known and agree; else each site has its own number 1.
 */
function repeatsAcrossSites(rows: NamedRows): Groups | undefined {
  const { ids, sites } = rows;
  if (sites === undefined) return undefined;
  const persons = ids.map((id, row) => withoutSite(id, sites[row]));
  const groups = groupsOf(persons, rows);
  if (groups.length < 2) return undefined;
  const said = groups.filter(([row]) => traveler.test(ids[row]));
  if (said.length >= 2) return said;
  const known = rows.covariates.filter((one) => isSex(one) || isAge(one)).length === 2;
  return known && groups.length >= 3 ? alikeOnly(groups, { ...rows, years: 3 }) : undefined;
}

/** An id without the site of its row at either end. */
function withoutSite(id: string, site: string): string | undefined {
  const low = id.toLowerCase();
  const place = site.toLowerCase();
  const at = low.length - place.length;
  if (place === '' || at < 2) return undefined;
  if (low.endsWith(place) && /[_\-. ]/.test(id[at - 1])) return id.slice(0, at - 1);
  return low.startsWith(place) && /[_\-. ]/.test(id[place.length]) ? id.slice(place.length + 1) : undefined;
}

/**
 * Ends of one sign are visits where there are few of them and many persons: `A_1` to `A_20` and `B_1` to `B_20` are twenty
 * persons at each of two sites.
 */
function repeatsByShortEnd(rows: NamedRows): Groups | undefined {
  const persons = rows.ids.map((id) => personOf(shortVisit, id));
  const groups = alikeOnly(groupsOf(persons, rows), rows);
  if (groups === undefined || groups.length < 3) return undefined;
  const ends = new Set(
    rows.ids.map((id) => id.slice(-1).toLowerCase()).filter((_, row) => persons[row] !== undefined),
  );
  const largest = groups.reduce((most, group) => Math.max(most, group.length), 0);
  return ends.size < groups.length && largest <= 6 ? groups : undefined;
}

/** How far apart two visits may be, in years. */
const longestStudy = 15;

function isSex({ kind, name }: Covariate): boolean {
  return kind === 'categorical' && /^(sex|gender)$/i.test(name);
}

function isAge({ kind, name }: Covariate): boolean {
  return kind === 'continuous' && /(^|_)age(_|$)/i.test(name);
}

/** Whether what is known of these rows allows them to be one person: the same sex, and ages of one study. */
function mayBeOnePerson(group: readonly number[], { covariates, years = longestStudy }: Bounded): boolean {
  return covariates.every((covariate) => {
    if (covariate.kind === 'categorical') {
      if (!isSex(covariate)) return true;
      return new Set(group.map((row) => covariate.codes[row]).filter((code) => code !== -1)).size <= 1;
    }
    if (!isAge(covariate)) return true;
    const ages = group.map((row) => covariate.values[row]).filter((age) => !Number.isNaN(age));
    return ages.length === 0 || Math.max(...ages) - Math.min(...ages) <= years;
  });
}

/** Rows, and how far apart in years those of one person may be. */
interface Bounded extends NamedRows {
  readonly years?: number;
}
