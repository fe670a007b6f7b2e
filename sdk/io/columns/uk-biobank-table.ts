import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { ColumnSetAside } from '../../data/table-reading';
import type { UkBiobankColumn, UkBiobankKind } from './uk-biobank-fields';
import { ukBiobankColumn, ukBiobankFields, ukBiobankKind } from './uk-biobank-fields';
import { severalVisitsIssue } from './visits-side-by-side';

/** What columns are used for beside the features. */
export interface UsedColumns {
  readonly site: string;
  readonly covariates: readonly string[];
}

const reasons: Readonly<Record<Exclude<UkBiobankKind, 'brain'>, string>> = {
  head: 'it describes the whole head, not a region',
  ratio: 'it is a ratio to the whole head',
  quality: 'its field of UK Biobank is a measure of quality',
  acquisition: 'its field of UK Biobank says how the scan was taken',
  other: 'its field is none of the measures of brain scans of UK Biobank that are known here',
};

/** So many columns of brain measures make a table one of UK Biobank: `12-2.0` alone may be anything. */
const fewest = 3;

/**
 * Which columns of a table of UK Biobank are no features: their names are numbers of fields, which say nothing to
 * {@link nameSpeaksAgainst}. Where the site or the age is that of one visit, features of other visits are none either:
 * they were measured on another day, perhaps on another scanner.
 */
export function ukBiobankReasons(names: readonly string[], used: UsedColumns): readonly ColumnSetAside[] {
  const columns = brainTable(names);
  const visit = datedColumns(used).at(0)?.visit;
  const isBrain = ({ field }: UkBiobankColumn): boolean => ukBiobankKind(field) === 'brain';
  const visited =
    visit !== undefined && [...columns.values()].some((own) => isBrain(own) && own.visit === visit);
  return [...columns].flatMap(([name, own]) => {
    const kind = ukBiobankKind(own.field);
    if (kind !== 'brain') return [{ name, reason: reasons[kind] }];
    if (!visited || own.visit === undefined || own.visit === visit) return [];
    return [{ name, reason: `it is of visit ${own.visit}, and the site or the age of visit ${visit}` }];
  });
}

/** The columns of UK Biobank, by name; none where there are too few of the brain among them to be sure. */
function brainTable(names: readonly string[]): ReadonlyMap<string, UkBiobankColumn> {
  const columns = new Map<string, UkBiobankColumn>();
  let brain = 0;
  for (const name of names) {
    const own = ukBiobankColumn(name);
    if (own === undefined) continue;
    columns.set(name, own);
    if (ukBiobankKind(own.field) === 'brain') brain++;
  }
  return brain < fewest ? new Map() : columns;
}

/** A column of the center or of an age, and the visit that it is of. */
interface Dated {
  readonly name: string;
  readonly visit: number;
  readonly what: 'the site' | 'a covariate';
}

/** Those of the columns used that say when: the center, and ages. */
function datedColumns({ site, covariates }: UsedColumns): readonly Dated[] {
  const { center, age, firstAge } = ukBiobankFields;
  const dated = (name: string, what: Dated['what'], field: number): readonly Dated[] => {
    const own = ukBiobankColumn(name);
    if (what === 'a covariate' && own?.field === firstAge) return [{ name, visit: 0, what }];
    return own?.field !== field || own.visit === undefined ? [] : [{ name, visit: own.visit, what }];
  };
  return [
    ...dated(site, 'the site', center),
    ...covariates.flatMap((name) => dated(name, 'a covariate', age)),
  ];
}

/**
 * Warns where the features of a table of UK Biobank are of several visits side by side, though a row has one site, and where the
 * center or the age is of another visit than they are: at recruitment persons were years younger, and the center is not that of a
 * scanner.
 */
export function otherVisitIssues(
  features: readonly string[],
  used: UsedColumns,
  file: string,
): readonly Issue[] {
  const visits = new Map<number, string>();
  for (const [name, { visit }] of brainTable(features)) {
    if (visit !== undefined && !visits.has(visit)) visits.set(visit, name);
  }
  if (visits.size === 0) return [];
  const found = listNames([...visits.values()]);
  const issues: Issue[] = [];
  if (visits.size > 1) {
    issues.push(severalVisitsIssue(`the features are of ${visits.size} visits (${found})`, file));
  }
  for (const { name, visit, what } of datedColumns(used)) {
    if (visits.has(visit)) continue;
    const message = `column "${name}", ${what}, is of visit ${visit}, and the features (such as ${found}) are not`;
    issues.push(makeIssue('other-visit', message, { file, column: name }));
  }
  return issues;
}
