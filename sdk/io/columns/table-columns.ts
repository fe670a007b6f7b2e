import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { RepeatedColumn } from '../free-surfer/free-surfer-table';
import { freeSurferRepeats, isFreeSurferHeader } from '../free-surfer/free-surfer-table';
import { listNames, shortName } from '../../data/list-names';
import { suggestNames } from '../../data/nearest-names';
import type { RowSource } from '../text/row-source';

/** The columns of a table, by name. */
export interface TableColumns {
  readonly source: RowSource;
  /** Unique names; a column without one is called by its position. */
  readonly names: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Columns that only repeat another, as side-by-side FreeSurfer tables have them. */
  readonly repeats: readonly RepeatedColumn[];
  /** Columns without a name. */
  readonly unnamed: ReadonlySet<number>;
}

/**
 * Names the columns of a table and checks that no name appears twice.
 *
 * @throws ConcordError `malformed-table` naming the columns of the same name.
 */
export function tableColumns(source: RowSource): TableColumns {
  const repeats = freeSurferRepeats(source.header);
  const repeated = new Set(repeats.map(({ column }) => column));
  const unnamed = new Set<number>();
  const indexOf = new Map<string, number>();
  const names = source.header.map((name, column) => {
    if (repeated.has(column)) return `${name} (column ${column + 1})`;
    if (name === '') {
      unnamed.add(column);
      return `(column ${column + 1})`;
    }
    const other = indexOf.get(name);
    if (other !== undefined) {
      throw new ConcordError(
        'malformed-table',
        `duplicate column: "${shortName(name)}" is column ${other + 1} and column ${column + 1} of ${source.name} (rename one)`,
        { where: { file: source.name, row: 1, column: name } },
      );
    }
    indexOf.set(name, column);
    return name;
  });
  return { source, names, indexOf, repeats, unnamed };
}

/** The names under which subject ids are looked for, in this order, whatever their case. */
export const idNames: readonly string[] = [
  'participant_id',
  'subject',
  'subject_id',
  'id',
  'eid',
  'bids_name',
];

/**
 * Finds the column of subject ids: the one named, or the first of {@link idNames}; else the first column of a table made
 * by FreeSurfer, or one without a name, where pandas and R write row names.
 *
 * @throws ConcordError `unknown-column` naming the columns there are.
 */
export function idColumn(table: TableColumns, wanted: string | undefined): number {
  if (wanted !== undefined) return columnNamed(table, wanted);
  const found = knownIdColumn(table);
  if (found !== undefined) return found;
  throw new ConcordError(
    'unknown-column',
    `missing id column: ${table.source.name} has none of ${listNames(idNames)}`,
    {
      where: { file: table.source.name },
      remedy: advise`name the column of subject ids with ${option('id')}; the columns are ${listNames(table.names)}`,
    },
  );
}

/** What pandas, R and readr call a column of row names when they read it back, and what people call it. */
const rowNames = /^(|unnamed: 0|\.\.\.1|row\.?_?names)$/;

/** The column in which pandas keeps an index without a name when it writes Parquet. */
const pandasIndex = '__index_level_0__';

/** The column that holds the names of rows, as far as its own name says; `undefined` where there is none. */
export function rowNameColumn({ source }: TableColumns): number | undefined {
  if (rowNames.test(source.header[0].toLowerCase())) return 0;
  const index = source.header.indexOf(pandasIndex);
  return index === -1 ? undefined : index;
}

/** The column of subject ids that is found without being named. */
export function knownIdColumn(table: TableColumns): number | undefined {
  const lower = table.source.header.map((name) => name.toLowerCase());
  for (const name of idNames) {
    const column = table.indexOf.get(name) ?? lower.indexOf(name);
    if (column !== -1) return column;
  }
  return isFreeSurferHeader(table.source.header) ? 0 : rowNameColumn(table);
}

/**
 * Finds a column by name.
 *
 * @throws ConcordError `unknown-column` suggesting the nearest names.
 */
export function columnNamed(table: TableColumns, name: string): number {
  const column = table.indexOf.get(name) ?? table.names.indexOf(name);
  if (column !== -1) return column;
  throw new ConcordError(
    'unknown-column',
    `unknown column: "${shortName(name)}" is not in ${table.source.name} (${suggestNames(name, table.names)})`,
    { where: { file: table.source.name, column: name } },
  );
}
