import { createHash } from 'node:crypto';
import { escapeHtml, jsonForScript } from './html';
import { columnDecimals, columnNumber } from './number-column';
import { tableScript } from './table-script';

/** A cell: `null`, `undefined` and `NaN` are missing values. */
export type HtmlCell = string | number | boolean | null | undefined;

/** A table for a page. */
export interface HtmlTable {
  readonly columns: readonly string[];
  /** The rows that the page carries, of which the first are seen at once. */
  readonly rows: readonly (readonly HtmlCell[])[];
  /** How many rows are seen at once. */
  readonly shown: number;
  /** How many rows there are beyond those carried. */
  readonly more: number;
  /** What is said of columns that the page does not carry; empty where it carries all. */
  readonly hiddenColumns: string;
  /** What is said below where no script runs; empty where nothing is hidden. */
  readonly note: string;
  /** In a page that is kept and printed, such as a report; missing in the output of a cell. */
  readonly kept?: KeptTable;
}

/** What a table of a page has besides: a name for those who hear it, all rows in print, and a file of its numbers. */
export interface KeptTable {
  /** Unique on the page. */
  readonly id: string;
  /** What the table shows. */
  readonly caption: string;
  /** The file that it can be downloaded as, with every digit of its numbers. */
  readonly file: string;
  /** Whether the order of the rows means something, so that they cannot be sorted. */
  readonly fixed: boolean;
}

/** The most columns that fit beside each other on a sheet of paper. */
const widestOnPaper = 9;

/** How many tables this process has made: the same table twice on a page has two ids. */
const session = { made: 0 };

/**
 * A table whose first rows are there where no scripts run; where they do it can be paged and, if it carries all rows, sorted
 * by any column. Headers
 * stay in sight, ids are not broken over lines, missing values are marked, numbers end at the right with the same decimals.
 */
export function sortableTable(table: HtmlTable): string {
  const { columns, rows, shown, note, kept } = table;
  const decimals = columns.map((_, k) =>
    columnDecimals(rows.map((row) => row[k]).filter((cell) => typeof cell === 'number')),
  );
  const numeric = columns.map((_, k) => rows.some((row) => typeof row[k] === 'number'));
  const head = columns
    .map((name, k) => `<th scope="col"${numeric[k] ? numberClass : ''}>${escapeHtml(name)}</th>`)
    .join('');
  const body = rows
    .slice(0, shown)
    .map(
      (row) =>
        `<tr>${row.map((cell, k) => cellHtml(cell, decimals[k], kept !== undefined && k === 0)).join('')}</tr>`,
    )
    .join('');
  const below = note === '' ? '' : `<p class="concord-note">${escapeHtml(note)}</p>`;
  const caption = kept === undefined ? '' : `<caption>${escapeHtml(kept.caption)}</caption>`;
  const region =
    kept === undefined ? '' : ` role="region" aria-label="${escapeHtml(kept.caption)}" tabindex="0"`;
  // On paper the rows of such a table become cards.
  const isWide = kept !== undefined && columns.length > widestOnPaper;
  const inside = `<div class="concord-scroll"${region}><table class="concord-data${isWide ? ' concord-wide' : ''}">${caption}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${below}`;
  if (rows.length < 2 && kept === undefined) return inside;
  const data = jsonForScript(carried(table, decimals));
  const id = kept?.id ?? idOf(data);
  return `<div id="${id}">${inside}</div><script>(${tableScript})(document.getElementById("${id}"),${data})</script>`;
}

/** The same table twice in a notebook has two ids. */
function idOf(data: string): string {
  return `concord-table-${createHash('sha256').update(data).digest('hex').slice(0, 12)}-${session.made++}`;
}

/** What the script is given; missing cells of every kind are `null` in JSON. */
function carried(table: HtmlTable, decimals: readonly (number | null)[]): object {
  const { columns, shown, more, hiddenColumns, kept } = table;
  const rows = table.rows.map((row) =>
    row.map((cell) => (isMissingCell(cell) ? null : typeof cell === 'boolean' ? String(cell) : cell)),
  );
  return { columns, rows, decimals, shown, more, hiddenColumns, kept };
}

const numberClass = ' class="concord-number"';

function cellHtml(cell: HtmlCell, decimals: number | null, names: boolean): string {
  if (names && !isMissingCell(cell)) return `<th scope="row">${escapeHtml(String(cell))}</th>`;
  if (isMissingCell(cell)) {
    // NaN is among numbers, null may be anywhere.
    const place = Number.isNaN(cell) ? numberClass : '';
    return `<td${place}><span class="concord-missing">missing</span></td>`;
  }
  return typeof cell === 'number'
    ? `<td${numberClass}>${columnNumber(cell, decimals)}</td>`
    : `<td>${escapeHtml(String(cell))}</td>`;
}

/** Whether a cell is a missing value. */
export function isMissingCell(cell: HtmlCell): cell is null | undefined {
  return cell === null || cell === undefined || Number.isNaN(cell);
}
