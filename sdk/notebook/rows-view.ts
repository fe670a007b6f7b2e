import type { Cell, TableLimits } from './table-view';
import { tableView } from './table-view';
import { briefText, oneLine } from './values/brief-text';
import { counted } from '../data/counted';
import type { View } from './view';

/** The most characters in a cell. */
const widest = 60;

/** An array of row objects as a table; its columns are the keys met in any row, in the order met. */
export function rowsView(rows: readonly object[], limits: TableLimits, title?: string): View {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return tableView(
    {
      title: title ?? `${counted(rows.length, 'row')} × ${counted(columns.length, 'column')}`,
      columns,
      rowCount: rows.length,
      cell: (row, column) => toCell((rows[row] as Readonly<Record<string, unknown>>)[columns[column]]),
    },
    limits,
  );
}

/** What is needed of a danfojs DataFrame; it is recognized by its shape, so danfojs is not loaded for it. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly shape: readonly [number, number];
  readonly values: readonly (readonly unknown[])[];
}

/** Whether a value is a data frame: column names, a two-dimensional shape, rows of values. */
export function isFrame(value: object): value is FrameLike {
  return (
    'columns' in value &&
    Array.isArray(value.columns) &&
    'shape' in value &&
    Array.isArray(value.shape) &&
    value.shape.length === 2 &&
    'values' in value &&
    Array.isArray(value.values) &&
    // A series of danfojs has columns and two sizes as well, but its values are no rows.
    value.values.every((row) => Array.isArray(row))
  );
}

/** A data frame as a table. */
export function frameView(frame: FrameLike, limits: TableLimits): View {
  const [rowCount, columnCount] = frame.shape;
  return tableView(
    {
      title: `DataFrame: ${counted(rowCount, 'row')} × ${counted(columnCount, 'column')}`,
      columns: frame.columns,
      rowCount,
      cell: (row, column) => toCell(frame.values[row][column]),
    },
    limits,
  );
}

/** What is needed of a danfojs Series. */
export interface SeriesShape {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: readonly unknown[];
  readonly dtypes: readonly string[];
}

/** Whether a value is one column of a data frame. */
export function isSeries(value: object): value is SeriesShape {
  return (
    'dtypes' in value &&
    'columns' in value &&
    Array.isArray(value.columns) &&
    'index' in value &&
    Array.isArray(value.index) &&
    'values' in value &&
    Array.isArray(value.values)
  );
}

/** One column of a data frame as a table with the names of its rows. */
export function seriesView({ columns, index, values, dtypes }: SeriesShape, limits: TableLimits): View {
  return tableView(
    {
      title: `Series: ${counted(values.length, 'value')} of type ${dtypes.join(', ')}`,
      columns: ['', columns[0] ?? 'value'],
      rowCount: values.length,
      cell: (row, column) => (column === 0 ? String(index[row]) : toCell(values[row])),
    },
    limits,
  );
}

/** Plain values as they are; anything else in a few words. */
function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return oneLine(value, widest);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return oneLine(briefText(value), widest);
}
