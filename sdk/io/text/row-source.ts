import type { Issue } from '../../data/issue';
import { shortName } from '../../data/list-names';
import type { Where } from '../../errors';

/** What is in a cell, whatever the table was read from: text, a number, or nothing. */
export type TableCell = string | number | null;

/** One row of a table. */
export interface TableRow {
  /** Its row number as the user sees it: the line of a text file, the row of a data frame; from 1. */
  readonly line: number;
  /** One cell per column of the header. */
  readonly cells: readonly TableCell[];
}

/** A table that can be read row by row. CSV, Parquet, data frames and FreeSurfer folders all become one. */
export interface RowSource {
  /** What messages call it: the path as the caller gave it, or `data frame`. */
  readonly name: string;
  /** The column names as they are there, blanks around them removed. */
  readonly header: readonly string[];
  /** About how many rows there are, to set memory aside; there may be more or fewer. */
  readonly rowsHint: number;
  /** Rows between the header and the first subject that describe the columns, to be written again as they are. */
  readonly descriptions?: readonly (readonly string[])[];
  /** Reads the rows from the start. */
  rows(): AsyncIterable<TableRow> | Iterable<TableRow>;
  /** What was noticed about the layout; of the rows, what was met in reading them through. */
  issues?(): readonly Issue[];
}

/** Says where something is, for messages: `table.csv, row 3, column "age"`. */
export function placeOf(where: Where): string {
  const parts = [where.file ?? 'table'];
  if (where.row !== undefined) parts.push(`row ${where.row}`);
  if (where.column !== undefined) parts.push(`column "${shortName(where.column)}"`);
  return parts.join(', ');
}
