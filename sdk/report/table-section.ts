import { escapeHtml } from '../plot/html/html';
import { count } from '../plot/layout';
import type { ReportTable } from './report-content';

/** A table under a heading of its own; all text escaped, missing values marked. */
export function tableSection({ title, caption, columns, rows, more = 0 }: ReportTable): string {
  const numeric = columns.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const cellClass = (column: number): string => (numeric[column] ? ' class="concord-number"' : '');
  const head = columns.map((name, k) => `<th scope="col"${cellClass(k)}>${escapeHtml(name)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, k) => `<td${cellClass(k)}>${cellHtml(cell)}</td>`).join('')}</tr>`)
    .join('');
  const rest = more === 0 ? '' : `<p class="concord-note">${count(more)} more not listed</p>`;
  return `<h2>${escapeHtml(title)}</h2>
<p class="how">${escapeHtml(caption)}</p>
<div class="concord-fragment"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${rest}</div>`;
}

function cellHtml(cell: string | number | null): string {
  if (cell === null || Number.isNaN(cell)) return '<span class="concord-missing">missing</span>';
  return escapeHtml(typeof cell === 'number' ? String(Number(cell.toPrecision(4))) : cell);
}
