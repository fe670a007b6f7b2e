import { sortableTable } from '../../plot/html/sortable-table';
import { escapeHtml } from '../../plot/html/html';
import { count } from '../../plot/layout';
import type { ReportTable } from '../report-content';
import type { PageSection } from './page-section';
import { plainId } from './page-section';

/** Rows seen at once. */
const shown = 15;

/** The most cells that a page carries of one table, about 400 kB with every digit. */
const mostCells = 20_000;

/**
 * A table under a heading of its own: paged, sorted by any column, and downloaded with every digit, where scripts run; its
 * first rows where they do not. Of a table too large for a page the first rows are carried.
 */
export function tableSection(table: ReportTable): PageSection {
  const { title, caption, columns, more = 0, name = title, fixed = false } = table;
  const id = `table-${plainId(name)}`;
  const rows = table.rows.slice(0, Math.max(shown, Math.floor(mostCells / Math.max(1, columns.length))));
  const left = more + table.rows.length - rows.length;
  const note = left === 0 ? '' : `<p class="how">${count(left)} more rows are not in this page.</p>`;
  const html = sortableTable({
    columns,
    rows,
    shown: fixed ? rows.length : shown,
    more: left,
    hiddenColumns: '',
    note: rows.length > shown && !fixed ? `${count(rows.length - shown)} more rows where scripts run` : '',
    kept: { id: `${id}-rows`, caption: title, file: `${plainId(name)}.csv`, fixed },
  });
  return {
    id,
    title,
    html: `<p class="how">${escapeHtml(caption)}</p>${note}\n<div class="concord-fragment">${html}</div>`,
  };
}
