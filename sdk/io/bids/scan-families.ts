import { personOf } from '../../data/images/scan';
import type { Scan } from '../../data/images/scan';
import type { FamilyOption } from '../columns/family-columns';
import { familyColumns, twoRoles, unknownFamilyColumn } from '../columns/family-columns';
import type { ReadFamilies } from '../rows/read-families';
import { readFamilies } from '../rows/read-families';
import type { DatasetSurvey } from './survey-dataset';

/** The families of scans, and the columns that they are known by. */
export interface ScanFamilies extends ReadFamilies {
  readonly columns: readonly string[];
}

/**
 * Finds who is related by the tables of participants and sessions: by the columns named, or those known by their names.
 *
 * @param kept - the rows of the survey that take part, each with its scan and site
 * @param taken - columns that mean something else
 * @throws ConcordError `unknown-column`; `invalid-option` for a column of families that is asked for as a covariate.
 */
export function scanFamilies(
  { people, images }: Pick<DatasetSurvey, 'people' | 'images'>,
  kept: readonly { readonly row: number; readonly scan: Scan; readonly site: string | null }[],
  {
    family,
    taken,
    covariates,
  }: {
    readonly family?: FamilyOption;
    readonly taken: readonly string[];
    readonly covariates: readonly string[];
  },
): ScanFamilies {
  const found = familyColumns(people.columns, family, (name) => !taken.includes(name));
  const both = found?.names.find((name) => covariates.includes(name));
  if (both !== undefined && found?.by === 'possible') return { columns: [], issues: [] };
  if (both !== undefined) {
    throw twoRoles({ file: 'participants.tsv', column: both }, 'the family', 'a covariate');
  }
  const columns = (found?.names ?? []).map((name) => {
    if (!people.columns.includes(name)) {
      throw unknownFamilyColumn(name, people.columns, 'participants.tsv nor in the sessions files');
    }
    return people.column(
      name,
      kept.map(({ row }) => images[row]),
    );
  });
  const rows = { persons: kept.map(({ scan }) => personOf(scan)), sites: kept.map(({ site }) => site) };
  const read = readFamilies(rows, found, columns);
  return { columns: read.families === undefined ? [] : (found?.names ?? []), ...read };
}
