import { columnDecimals, columnNumber } from '../plot/html/number-column';
import type { HtmlCell } from '../plot/html/sortable-table';
import { isMissingCell, sortableTable } from '../plot/html/sortable-table';
import { escapeHtml } from '../plot/html/html';
import type { View } from './view';

/** A cell of a table: `null`, `undefined` and `NaN` are missing values. */
export type Cell = HtmlCell;

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
  /**
   * How many rows are seen at once, and in text at all. In a notebook that runs scripts one can turn to later ones.
   *
   * @defaultValue `10`
   */
  readonly maxRows?: number;
  /** @defaultValue `12` */
  readonly maxColumns?: number;
}

/** How many cells an output carries at most for turning pages, about 120 kB: 1,000 rows of 12 columns. */
const mostCells = 12_000;

/** The upper left part of a table, saying how much is hidden; missing values are marked as such. */
export function tableView(table: TableSource, limits: TableLimits = {}): View {
  const { maxRows = 10, maxColumns = 12 } = limits;
  const columns = table.columns.slice(0, maxColumns);
  const take = (count: number): Cell[][] =>
    Array.from({ length: Math.min(table.rowCount, count) }, (_, row) =>
      columns.map((_column, column) => table.cell(row, column)),
    );
  const seen = take(maxRows);
  const hiddenColumns = table.columns.length - columns.length;
  const note = hiddenNote(table.rowCount - seen.length, hiddenColumns);
  return {
    get html() {
      const rows = take(Math.max(maxRows, Math.floor(mostCells / Math.max(1, columns.length))));
      const page = sortableTable({
        columns,
        rows,
        shown: Math.max(1, maxRows),
        more: table.rowCount - rows.length,
        hiddenColumns: hiddenNote(0, hiddenColumns),
        note,
      });
      return `<div class="concord-title">${escapeHtml(table.title)}</div>${page}`;
    },
    text: [table.title, ...textLines(columns, seen), ...(note === '' ? [] : [note])].join('\n'),
  };
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
  const decimals = columns.map((_, k) =>
    columnDecimals(rows.map((row) => row[k]).filter((cell) => typeof cell === 'number')),
  );
  const texts = rows.map((row) => row.map((cell, k) => cellText(cell, decimals[k])));
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

function cellText(cell: Cell, decimals: number | null): string {
  if (isMissingCell(cell)) return 'missing';
  return typeof cell === 'number' ? columnNumber(cell, decimals) : String(cell);
}
