import type { AnyModel, CardTable, ModelCard } from '../methods/method';
import { escapeHtml } from '../plot/html';
import { issuesView } from './issues-view';
import type { TableLimits } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';
import { stacked } from './view';

/** A model as a summary card: what it is, its settings, its tables, and what was noticed. */
export function modelView(model: AnyModel, card: ModelCard, limits: TableLimits): View {
  const tables = (card.tables ?? []).map((table) => cardTableView(table, limits));
  const noticed = model.issues.length === 0 ? [] : [issuesView(model.issues)];
  return stacked(factsView(card), ...tables, ...noticed);
}

function factsView({ title, facts }: ModelCard): View {
  const rows = facts.map(
    ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const width = Math.max(0, ...facts.map(({ label }) => label.length));
  return {
    html: `<div class="concord-title">${escapeHtml(title)}</div><table><tbody>${rows.join('')}</tbody></table>`,
    text: [title, ...facts.map(({ label, value }) => `${label.padEnd(width)}  ${value}`)].join('\n'),
  };
}

function cardTableView({ title, columns, rows }: CardTable, limits: TableLimits): View {
  return tableView(
    { title, columns, rowCount: rows.length, cell: (row, column) => rows[row][column] },
    { maxRows: Math.max(30, limits.maxRows ?? 0) },
  );
}
