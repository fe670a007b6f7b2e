import { escapeHtml } from '../plot/html/html';
import type { View } from './view';

/** A cell of a table: `null`, `undefined` and `NaN` are missing values. */
export type Cell = string | number | boolean | null | undefined;

/** A table to be shown, of which cells are asked for only where they are shown. */
export interface TableSource {
  /** What it is: kind and size. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rowCount: number;
  cell(row: number, column: number): Cell;
}

/** How much of a table is shown. */
export interface TableLimits {
  /** @defaultValue `10` */
  readonly maxRows?: number;
  /** @defaultValue `12` */
  readonly maxColumns?: number;
}

/** The upper left part of a table, saying how much is hidden; missing values are marked as such. */
export function tableView(table: TableSource, limits: TableLimits = {}): View {
  const { maxRows = 10, maxColumns = 12 } = limits;
  const columns = table.columns.slice(0, maxColumns);
  const rows = Array.from({ length: Math.min(table.rowCount, maxRows) }, (_, row) =>
    columns.map((_column, column) => table.cell(row, column)),
  );
  const hidden = hiddenNote(table.rowCount - rows.length, table.columns.length - columns.length);
  return {
    html:
      `<div class="concord-title">${escapeHtml(table.title)}</div>` +
      `<table><thead><tr>${columns.map((column, k) => headerHtml(column, rows, k)).join('')}</tr></thead>` +
      `<tbody>${rows.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('')}</tbody></table>` +
      (hidden === '' ? '' : `<p class="concord-note">${hidden}</p>`),
    text: [table.title, ...textLines(columns, rows), ...(hidden === '' ? [] : [hidden])].join('\n'),
  };
}

function isMissing(cell: Cell): cell is null | undefined {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

/** Numbers to five significant digits, so that columns stay narrow. */
function cellText(cell: Cell): string {
  if (isMissing(cell)) return 'missing';
  return typeof cell === 'number' && !Number.isInteger(cell)
    ? String(Number(cell.toPrecision(5)))
    : String(cell);
}

function headerHtml(column: string, rows: readonly (readonly Cell[])[], k: number): string {
  const numeric = rows.some((row) => typeof row[k] === 'number');
  return `<th scope="col"${numeric ? ' class="concord-number"' : ''}>${escapeHtml(column)}</th>`;
}

function cellHtml(cell: Cell): string {
  if (isMissing(cell)) {
    // NaN is among numbers, null may be anywhere.
    const place = Number.isNaN(cell) ? ' class="concord-number"' : '';
    return `<td${place}><span class="concord-missing">missing</span></td>`;
  }
  return `<td${typeof cell === 'number' ? ' class="concord-number"' : ''}>${escapeHtml(cellText(cell))}</td>`;
}

function hiddenNote(rows: number, columns: number): string {
  const parts = [
    ...(rows > 0 ? [`${rows.toLocaleString('en-US')} more row${rows === 1 ? '' : 's'}`] : []),
    ...(columns > 0 ? [`${columns.toLocaleString('en-US')} more column${columns === 1 ? '' : 's'}`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join(' and ')} not shown`;
}

/** Columns of equal width: numbers to the right, text to the left. */
function textLines(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map(cellText));
  const widths = columns.map((column, k) => Math.max(column.length, ...texts.map((row) => row[k].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, k) =>
        rows.some((row) => typeof row[k] === 'number') ? cell.padStart(widths[k]) : cell.padEnd(widths[k]),
      )
      .join('  ')
      .trimEnd();
  return [line(columns), ...texts.map(line)];
}
