import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { FamilyCounts } from '../../data/people/families';
import { countFamilies, joinRelatives } from '../../data/people/families';
import { advise, option } from '../../remedy';
import type { TextColumn } from '../columns/build-covariate';
import type { FamilyColumns } from '../columns/family-columns';
import { isUnknownParent } from '../columns/family-columns';

/** What is known of families, and what was noticed. */
export interface ReadFamilies {
  /** The family on each row; empty text where it is not known. Not there where nobody is grouped by families. */
  readonly families?: readonly string[];
  readonly issues: readonly Issue[];
}

/**
 * More persons than this are no family by themselves: the id stands for something else, or for a family that is not known (as
 * 0 may). Large pedigrees are larger, and have to be named.
 */
const mostOfOneFamily = 20;

/** A column that may be of families has at least so many ids, and one for every so many persons. */
const fewestIds = 5;
const mostPersonsPerId = 4;

/** From so many families of several sites on, where they are most of all families, each site may number its own. */
const fewestAcross = 5;

/**
 * Reads who is related to whom. Persons who share an id in one of the columns are of one family, and so are those related
 * through others. Whoever has no id is related to nobody. Ids are taken to be unique over all sites: where each site
 * numbers its families from 1, families of the same number are one, which is warned of where most families are then of
 * several sites.
 *
 * @param persons - of each row
 * @param columns - the ids, one text column for each column of `found`
 */
export function readFamilies(
  rows: { readonly persons: readonly string[]; readonly sites: readonly (string | null)[] },
  found: FamilyColumns | undefined,
  columns: readonly TextColumn[],
): ReadFamilies {
  if (found === undefined || columns.length === 0) return { issues: [] };
  const { persons } = rows;
  const sites = rows.sites.map((site) => site ?? '');
  const ids = columns.map(({ name, texts }) =>
    texts.map((id) => (id === null || isUnknownParent(name, id) ? null : id)),
  );
  const families = nameFamilies(
    persons,
    columns.map(({ name }) => name),
    ids,
  );
  const counts = countFamilies({ persons, families, sites });
  const [{ name, file }] = columns;
  const where = { file, column: name };
  const what = `${columns.length === 1 ? 'column' : 'columns'} ${listNames(columns.map((one) => one.name))} of ${file}`;
  if (found.by === 'possible') {
    const plausible =
      counts.related > 0 &&
      counts.largest <= mostOfOneFamily &&
      counts.families >= Math.max(fewestIds, counts.persons / mostPersonsPerId);
    return { issues: plausible ? [mayBeFamilies(what, where, counts.related)] : [] };
  }
  if (found.by === 'documented' && counts.related === 0) return { issues: [] };
  if (found.by === 'documented' && counts.largest > mostOfOneFamily) {
    return { issues: [tooLarge(what, where, { largest: counts.largest, used: false })] };
  }
  const issues = found.by === 'asked' ? [] : [inferred(what, where, counts)];
  if (counts.related === 0) issues.push(nobodyRelated(what, where));
  if (counts.largest > mostOfOneFamily) {
    issues.push(tooLarge(what, where, { largest: counts.largest, used: true }));
  }
  if (counts.acrossSites >= fewestAcross && counts.acrossSites * 2 > counts.several) {
    issues.push(numberedPerSite(what, where, counts));
  }
  const unknown = new Set(persons.filter((_, row) => families[row] === ''));
  if (unknown.size > 0) issues.push(withoutFamily(what, where, unknown.size));
  const several = personsOfSeveral(persons, ids[0]);
  if (several.length > 0) issues.push(ofSeveral(where, several));
  return { families, issues };
}

function inferred(what: string, where: Issue['where'], { persons, families }: FamilyCounts): Issue {
  const who = `${counted(persons, 'person')} of ${counted(families, 'family', 'families')}`;
  return makeIssue('inferred-family', `families are known by ${what}: ${who}`, where);
}

function nobodyRelated(what: string, where: Issue['where']): Issue {
  const message = `no two persons share an id in ${what}, which is named as that of families`;
  return makeIssue('doubtful-family', message, where);
}

function withoutFamily(what: string, where: Issue['where'], count: number): Issue {
  const message = `${counted(count, 'person has', 'persons have')} no id of a family in ${what}: each counts as related to nobody`;
  return makeIssue('missing-family', message, where);
}

function ofSeveral(where: Issue['where'], several: readonly string[]): Issue {
  const message = `${counted(several.length, 'person has', 'persons have')} several ids of families in column "${where.column}" of ${where.file} (${listNames(several, 3)}): these families are taken as one`;
  return makeIssue('doubtful-family', message, where, [
    'take the ids of all rows from one release of the study: numbers of families may change between them',
  ]);
}

/** Whether an issue is one of reading families. */
export function isOfFamilies({ code }: Issue): boolean {
  return ['inferred-family', 'possible-families', 'missing-family', 'doubtful-family'].includes(code);
}

/** One name for each group of relatives: its first id, with the column where that is not the first one. */
function nameFamilies(
  persons: readonly string[],
  names: readonly string[],
  ids: readonly (readonly (string | null)[])[],
): readonly string[] {
  const groups = joinRelatives(persons, ids);
  const nameOf = new Map<string, string>();
  ids.forEach((column, at) => {
    column.forEach((id, row) => {
      if (id === null || nameOf.has(groups[row])) return;
      nameOf.set(groups[row], at === 0 ? id : `${names[at]} ${id}`);
    });
  });
  return groups.map((group) => nameOf.get(group) ?? '');
}

/** Persons with more than one id in a column. */
function personsOfSeveral(persons: readonly string[], ids: readonly (string | null)[]): readonly string[] {
  const known = new Map<string, string>();
  const several = new Set<string>();
  persons.forEach((person, row) => {
    const id = ids[row];
    if (id === null) return;
    const other = known.get(person);
    if (other === undefined) known.set(person, id);
    else if (other !== id) several.add(person);
  });
  return [...several];
}

function numberedPerSite(
  what: string,
  where: Issue['where'],
  { acrossSites, several }: { readonly acrossSites: number; readonly several: number },
): Issue {
  const message = `${acrossSites} of the ${several} families with several persons in ${what} have members at several sites: their numbers may begin anew at each site`;
  return makeIssue('doubtful-family', message, where, [
    'where each site has numbered its own families, write the site before the number',
  ]);
}

function mayBeFamilies(what: string, where: Issue['where'], related: number): Issue {
  const message = `${what} may say who is related: ${related} persons share an id with others, and count as unrelated`;
  const advice = advise`if it does, name it with ${option('family', where.column ?? '')}; if not, there is nothing to do`;
  return makeIssue('possible-families', message, where, advice);
}

function tooLarge(
  what: string,
  where: Issue['where'],
  { largest, used }: { readonly largest: number; readonly used: boolean },
): Issue {
  const message = `${counted(largest, 'person')} share one id in ${what}, more than a family has: ${used ? 'they count as one family' : 'nobody is grouped by it, and relatives count as unrelated'}`;
  const marks = advise`where that id marks families that are not known, say so with ${option('missing', `${where.column ?? ''}=0`)}, with the mark in place of 0`;
  const advice = used
    ? marks
    : advise`${marks}; where they are relatives, name the column with ${option('family', where.column ?? '')}`;
  return makeIssue(used ? 'doubtful-family' : 'possible-families', message, where, advice);
}
