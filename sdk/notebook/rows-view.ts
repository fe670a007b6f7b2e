import type { Cell, TableLimits } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';

/** An array of row objects as a table; its columns are the keys met in any row, in the order met. */
export function rowsView(rows: readonly object[], limits: TableLimits): View {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return tableView(
    {
      title: `${rows.length.toLocaleString('en-US')} rows × ${columns.length} columns`,
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
    Array.isArray(value.values)
  );
}

/** A data frame as a table. */
export function frameView(frame: FrameLike, limits: TableLimits): View {
  const [rowCount, columnCount] = frame.shape;
  return tableView(
    {
      title: `DataFrame: ${rowCount.toLocaleString('en-US')} rows × ${columnCount} columns`,
      columns: frame.columns,
      rowCount,
      cell: (row, column) => toCell(frame.values[row][column]),
    },
    limits,
  );
}

/** Plain values as they are; anything else as JSON. */
function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value) ?? typeof value;
}
