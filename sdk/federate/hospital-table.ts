import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { Covariate } from '../data/people/covariate';
import { covariateNamed, siteCodes, siteNames } from '../data/people/participants';
import { rowsWithCovariates } from '../combat/design/covariate-design';
import { notPositive } from '../combat/frame/standardize';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { FederatedStudy } from './study';

/** The table of a hospital as its messages are made of it. */
export interface HospitalTable {
  readonly cohort: FeatureCohort;
  /** Its own sites, in order. */
  readonly sites: readonly string[];
  /** The site of each row, as an index into them. */
  readonly codes: Int32Array;
  readonly issues: readonly Issue[];
}

/**
 * The rows of a hospital's table that have every covariate of the study.
 *
 * @throws ConcordError `unknown-column` for a covariate that is not there, `missing-value`, `invalid-option` for one of another
 * kind than the study says.
 */
export function hospitalTable(
  cohort: FeatureCohort,
  { preserve }: FederatedStudy,
  missingCovariates: 'error' | 'drop',
): HospitalTable {
  for (const { name, kind } of preserve) {
    const found = covariateNamed(cohort.participants, name);
    if (kind === undefined || kind === found.kind) continue;
    throw new ConcordError(
      'invalid-option',
      `invalid covariate ${name}: it is ${found.kind} here and ${kind} in the study`,
      {
        where: { column: name },
        remedy: advise`state its kind when the table is loaded: ${option('covariates.kind', kind)}`,
      },
    );
  }
  const names = preserve.map(({ name }) => name);
  const kept = rowsWithCovariates(cohort.participants, names, missingCovariates);
  const used = kept.rows.length === cohort.participants.ids.length ? cohort : takeSubjects(cohort, kept.rows);
  if (kept.rows.length === 0) throw new ConcordError('too-little-data', 'too few subjects: none');
  const sites = siteNames(used.participants);
  return { cohort: used, sites, codes: siteCodes(used.participants, sites), issues: kept.issues };
}

/** The values of some features as they are fitted, row by row: their logarithms, where the study takes them. */
export function fittedValues(
  { cohort }: HospitalTable,
  features: readonly string[],
  { settings }: FederatedStudy,
): Float64Array {
  const { values, features: own, subjects } = cohort.features;
  const at = new Map(own.map((name, column) => [name, column]));
  const columns = features.map((name) => at.get(name) ?? -1);
  const taken = new Float64Array(subjects.length * features.length);
  subjects.forEach((subject, row) => {
    columns.forEach((column, w) => {
      const value = column === -1 ? NaN : values[row * own.length + column];
      if (settings.transform === 'log' && value <= 0) throw notPositive(value, subject, features[w]);
      taken[row * features.length + w] = settings.transform === 'log' ? Math.log(value) : value;
    });
  });
  return taken;
}

/** One way to part the rows of a table, and the part that each row is in. */
export interface Parting {
  readonly of: (row: number) => string;
}

/** How sums part a table: by sites, by the levels of each covariate, and by those of covariates that interact. */
export function waysToPart(
  { cohort: { participants }, sites, codes }: HospitalTable,
  { terms, preserve }: Pick<FederatedStudy, 'terms' | 'preserve'>,
): readonly Parting[] {
  const together = terms.filter((term) => term.length > 1);
  const levels = [...preserve.map(({ name }) => [name]), ...together].flatMap((term): readonly Parting[] => {
    const own = term.flatMap((name) => levelsOf(covariateNamed(participants, name)));
    if (own.length === 0) return [];
    return [{ of: (row) => own.map((level) => level(row)).join(' with ') }];
  });
  return [{ of: (row) => `site "${sites[codes[row]]}"` }, ...levels];
}

/**
 * The first cell of some rows that is made of too few persons, though not of none: a site, a level at a site, two levels.
 *
 * @returns what it is and how many persons are in it; `undefined` where there is none
 */
export function smallCell(
  table: HospitalTable,
  study: Pick<FederatedStudy, 'terms' | 'preserve'>,
  { rows, minimum }: { readonly rows: readonly number[]; readonly minimum: number },
): string | undefined {
  const { persons } = table.cohort.participants;
  const [siteOf, ...levels] = waysToPart(table, study);
  const cells = new Map<string, Set<string>>();
  const count = (cell: string, row: number): void => {
    const met = cells.get(cell) ?? new Set<string>();
    cells.set(cell, met.add(persons[row]));
  };
  for (const row of rows) {
    const met = levels.map(({ of }) => of(row));
    const site = siteOf.of(row);
    count(site, row);
    met.forEach((level, k) => {
      count(`${level} at ${site}`, row);
      met.slice(k + 1).forEach((other) => count(`${level} with ${other}`, row));
    });
  }
  const small = [...cells].find(([, met]) => met.size < minimum);
  return small === undefined ? undefined : `${small[0]} has ${small[1].size}`;
}

/** Numbers of no more different values than this are levels in disguise: 0 and 1 for a sex. */
const fewValues = 5;

/** The level of each row, where a covariate has levels. */
function levelsOf(covariate: Covariate): readonly ((row: number) => string)[] {
  const { name } = covariate;
  if (covariate.kind === 'categorical') {
    return [(row) => `${name}=${covariate.levels[covariate.codes[row]]}`];
  }
  const different = new Set(covariate.values).size;
  const few = different <= fewValues && 2 * different <= covariate.values.length;
  return few ? [(row) => `${name}=${covariate.values[row]}`] : [];
}
