import type { Affine } from '../../data/images/affine';
import { axisCodes } from '../../data/images/affine';
import { isIssue } from '../../data/issue';
import { factsView } from '../facts-view';
import { issuesView } from '../issues-view';
import { rowsView } from '../rows-view';
import type { TableLimits } from '../table-view';
import { tableView } from '../table-view';
import type { View } from '../view';
import { briefText, isAffine, briefNumber, oneLine, rangeText, typeText } from './brief-text';
import { textView } from './plain-view';
import type { TypedValues } from './value-kinds';
import { isPlainRecord, isTyped } from './value-kinds';
import { counted } from '../../data/counted';

/** At most so many numbers, or texts, are written out. */
const written = 24;

/** A list: issues, a table of records or of rows, numbers, or a line for each value. */
export function listView(values: readonly unknown[], limits: TableLimits): View {
  if (values.length === 0) return textView('an empty list');
  if (values.every(isIssue)) return issuesView(values);
  if (values.every((value) => typeof value === 'number')) return numbersView(values);
  if (values.every(isTableRow)) return rowsView(values, limits);
  if (isMatrix(values)) return matrixOf(values, limits);
  if (values.every((value) => typeof value !== 'object' || value === null)) {
    const shown = values.slice(0, written).map((value) => oneLine(briefText(value), 80));
    const rest = values.length - shown.length;
    return textView(`[${shown.join(', ')}]${rest === 0 ? '' : ` and ${rest.toLocaleString('en-US')} more`}`);
  }
  return tableView(
    {
      title: counted(values.length, 'value'),
      columns: ['', 'value'],
      rowCount: values.length,
      cell: (row, column) => (column === 0 ? String(row) : briefText(values[row])),
    },
    limits,
  );
}

/** Numbers of one type: how many, their type, their range, and the first ones. */
export function typedView(values: TypedValues): View {
  const first = [...values.subarray(0, written)].map(briefText).join(', ');
  const rest = values.length - Math.min(values.length, written);
  return factsView(counted(values.length, 'number'), [
    { label: 'type', value: typeText(values) },
    { label: 'range', value: values.length === 0 ? 'none' : rangeText(values) },
    { label: 'values', value: `${first === '' ? 'none' : first}${rest === 0 ? '' : ', …'}` },
  ]);
}

/**
 * Whether a value is a record that can be a row of a table; what has a kind and issues of its own gets a line instead.
 */
function isTableRow(value: unknown): value is object {
  return isPlainRecord(value) && !('kind' in value && 'issues' in value);
}

function numbersView(values: readonly number[]): View {
  if (isAffine(values)) return affineView(values);
  if (values.length <= written) return textView(`[${values.map(briefNumber).join(', ')}]`);
  const first = values.slice(0, written).map(briefNumber).join(', ');
  return factsView(counted(values.length, 'number'), [
    { label: 'range', value: rangeText(values) },
    { label: 'values', value: `${first}, …` },
  ]);
}

/** An affine matrix in its four rows, and where its axes point. */
export function affineView(affine: Affine): View {
  return tableView({
    title: `Affine, 4 × 4: axes to ${axisCodes(affine)}`,
    columns: ['x', 'y', 'z', 'offset'],
    rowCount: 4,
    cell: (row, column) => affine[4 * row + column],
  });
}

type Row = readonly unknown[] | TypedValues;

function isMatrix(values: readonly unknown[]): values is readonly Row[] {
  return values.every(
    (row) =>
      isTyped(row) || (Array.isArray(row) && row.every((cell) => typeof cell !== 'object' || cell === null)),
  );
}

function matrixOf(rows: readonly Row[], limits: TableLimits): View {
  const width = Math.max(...rows.map((row) => row.length));
  return tableView(
    {
      title: `${counted(rows.length, 'row')} of ${width} values`,
      columns: Array.from({ length: width }, (_, column) => String(column)),
      rowCount: rows.length,
      cell: (row, column) => {
        const cell = rows[row][column];
        return typeof cell === 'number' ? cell : cell === undefined ? null : briefText(cell);
      },
    },
    limits,
  );
}
