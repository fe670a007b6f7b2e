import { dirname, resolve } from 'node:path';
import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { defaultMissing, makeCellReader } from '../cells/cell';
import { collectTables } from '../rows/collect-tables';
import { readFamilies } from '../rows/read-families';
import { prepareSites } from '../columns/labels/prepare-labels';
import { covariateDoubts, readCovariate } from '../columns/read-covariate';
import { siteNamesOf } from '../columns/labels/site-names';
import { withoutFolders } from '../files/without-folders';
import { openTable } from '../tables/open-table';
import { columnNamed, tableColumns } from '../columns/table-columns';
import type { CovariateSpec, TableOptions } from '../tables/table-options';

/** Options of a table that lists files, one row per scan. */
export interface FileTableOptions
  extends
    RunOptions,
    Pick<TableOptions, 'site' | 'family' | 'missing' | 'sameSite' | 'sameLevel' | 'ageCap'> {
  /**
   * The column of ids, each only once.
   *
   * @defaultValue `id`, else the first of `participant_id`, `subject` and `subject_id` that is there
   */
  readonly id?: string;
  /** The columns of covariates. */
  readonly covariates?: readonly (string | CovariateSpec)[];
}

/** The columns that are read besides id, site and covariates. */
export interface FileColumns {
  /** Columns that must be there. */
  readonly required: readonly string[];
  /** Columns that are read where they are there and have no other meaning. */
  readonly optional?: readonly string[];
  /** The column, among these, that says who was scanned; by default the ids do. */
  readonly person?: string;
}

/** A table that lists files, as it was read. */
export interface FileTable {
  readonly ids: readonly string[];
  readonly sites: readonly string[];
  readonly covariates: readonly Covariate[];
  /** The family on each row, empty text where it is not known; not there where nobody is grouped by families. */
  readonly families?: readonly string[];
  /** What is in a column, row by row; nothing where the cell is missing or the table has no such column. */
  text(column: string, row: number): string | undefined;
  /** The same as the path of a file: relative ones begin at the folder of the table. */
  path(column: string, row: number): string | undefined;
  readonly issues: readonly Issue[];
}

/**
 * Reads a table that lists files: CSV, TSV or Parquet, as `loadTable` reads them.
 *
 * @throws ConcordError as `loadTable`.
 */
export async function readFileTable(
  path: string,
  options: FileTableOptions,
  { required, optional = [], person }: FileColumns,
): Promise<FileTable> {
  const source = await openTable(path, options);
  const table = tableColumns(source);
  for (const column of required) columnNamed(table, column);
  const id = options.id ?? (table.indexOf.has('id') ? 'id' : undefined);
  const covariates = options.covariates ?? [];
  const taken = new Set([
    id,
    options.site,
    ...covariates.map((one) => (typeof one === 'string' ? one : one.name)),
  ]);
  const wanted = [...required, ...optional.filter((name) => table.indexOf.has(name) && !taken.has(name))];
  const reader = makeCellReader(options.missing ?? defaultMissing);
  const plan = {
    ...{ id, site: options.site, family: options.family, features: [] },
    covariates: [...covariates, ...wanted],
  };
  const { roles, main, textColumn, issues } = await collectTables(source, plan, { reader });
  const labels = { sameLevel: options.sameLevel, ageCap: options.ageCap };
  const asked = roles.covariates.slice(0, covariates.length);
  const built = asked.map(({ spec, role }) =>
    readCovariate(textColumn(role), spec, { options: labels, reader }),
  );
  const specs = asked.map(({ spec }) => spec);
  const located = prepareSites(textColumn(roles.site), options);
  const columns = new Map(
    roles.covariates.slice(covariates.length).map(({ role }) => [role.name, textColumn(role).texts]),
  );
  const text = (column: string, row: number): string | undefined => columns.get(column)?.[row] ?? undefined;
  const related = readFamilies(
    {
      persons: main.persons.map((own, row) => (person && text(person, row)) ?? own),
      sites: located.column.texts,
    },
    roles.families,
    roles.familyRoles.map(textColumn),
  );
  const noticed = [...issues, ...located.issues, ...related.issues];
  return {
    ids: main.ids,
    families: related.families,
    sites: siteNamesOf(located.column, main, true),
    covariates: built.map(({ covariate }) => covariate),
    text,
    path(column, row) {
      const cell = text(column, row);
      return cell === undefined ? undefined : resolve(dirname(path), cell);
    },
    issues: [...noticed, ...covariateDoubts(built, specs, source.name)].map((issue) =>
      withoutFolders(issue, [path]),
    ),
  };
}
