import type { Covariate } from '../data/covariate';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { Advice } from '../remedy';
import { advise, option } from '../remedy';

/** Rows that nobody said are visits of the same persons. */
export interface NamedRows {
  readonly file: string;
  readonly ids: readonly string[];
  readonly persons: readonly string[];
  readonly covariates: readonly Covariate[];
  /** A column that may say who was scanned, and how many different values it has. */
  readonly suspect?: { readonly column: string; readonly values: number };
}

/** The end of an id that says which visit it is, in words: `_ses-2`, `_v1`, `-visit02`, `_m12`, `_bl`, `_followup`. */
const namedVisit =
  /^(.+?)[_\-. ]?(?:ses(?:sion)?|visit|vis|tp|timepoint|time|scan|run|wave|month|year|day|followup|fu)[_\-. ]?\d{1,3}$|^(.+?)[_\-. ](?:[vtwmyds]\d{1,3}|\d{1,2}(?:mo|m|y|yr|w)|bl|sc|baseline|followup|follow-up|fu|pre|post|first|second|retest|test|rescan)$|^(.+?)_ses-[a-z0-9]+$/i;

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
  const groups =
    repeatsIn(
      ids.map((id) => personOf(namedVisit, id)),
      rows,
    ) ?? repeatsByShortEnd(rows);
  if (groups === undefined) return suspect === undefined ? [] : suspectedRepeats(rows, suspect);
  const scans = groups.reduce((sum, group) => sum + group.length, 0);
  const [first] = groups;
  const message =
    `${scans} ids of ${file} look like several scans of ${groups.length} ${groups.length === 1 ? 'person' : 'persons'}, ` +
    `such as "${ids[first[0]]}" and "${ids[first[1]]}", and each counts as a person of its own`;
  const advice = adviceFor(suspect?.column);
  return [makeIssue('possible-repeats', message, { file, subject: ids[first[0]] }, advice)];
}

function adviceFor(column: string | undefined): Advice {
  return column === undefined
    ? advise`if they are, add a column that says who was scanned and name it with ${option('person')}; if not, nothing is to be done`
    : advise`if they are, say who is who with ${option('person', column)}; if not, nothing is to be done`;
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

/** The rows of each person met more than once; `undefined` where nobody is, or what is known of them differs. */
function repeatsIn(persons: readonly (string | undefined)[], rows: NamedRows): Groups | undefined {
  const byPerson = new Map<string, number[]>();
  persons.forEach((person, row) => {
    if (person === undefined) return;
    const group = byPerson.get(person);
    if (group === undefined) byPerson.set(person, [row]);
    else group.push(row);
  });
  // The first scan is often called by the person alone.
  rows.ids.forEach((id, row) => {
    if (persons[row] === undefined) byPerson.get(id)?.unshift(row);
  });
  const groups = [...byPerson.values()].filter((group) => group.length > 1);
  const alike = groups.filter((group) => mayBeOnePerson(group, rows));
  return groups.length > 0 && alike.length * 10 >= groups.length * 9 ? alike : undefined;
}

/**
 * Ends of one sign are visits where there are few of them and many persons: `A_1` to `A_20` and `B_1` to `B_20` are twenty
 * persons at each of two sites.
 */
function repeatsByShortEnd(rows: NamedRows): Groups | undefined {
  const persons = rows.ids.map((id) => personOf(shortVisit, id));
  const groups = repeatsIn(persons, rows);
  if (groups === undefined || groups.length < 3) return undefined;
  const ends = new Set(
    rows.ids.map((id) => id.slice(-1).toLowerCase()).filter((_, row) => persons[row] !== undefined),
  );
  const largest = Math.max(...groups.map((group) => group.length));
  return ends.size < groups.length && largest <= 6 ? groups : undefined;
}

/** How far apart two visits may be, in years. */
const longestStudy = 15;

/** Whether what is known of these rows allows them to be one person: the same sex, and ages of one study. */
function mayBeOnePerson(group: readonly number[], { covariates }: NamedRows): boolean {
  return covariates.every((covariate) => {
    if (covariate.kind === 'categorical') {
      if (!/^(sex|gender)$/i.test(covariate.name)) return true;
      return new Set(group.map((row) => covariate.codes[row]).filter((code) => code !== -1)).size <= 1;
    }
    if (!/(^|_)age(_|$)/i.test(covariate.name)) return true;
    const ages = group.map((row) => covariate.values[row]).filter((age) => !Number.isNaN(age));
    return ages.length === 0 || Math.max(...ages) - Math.min(...ages) <= longestStudy;
  });
}
