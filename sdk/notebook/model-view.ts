import type { AnyModel, CardTable, ModelCard } from '../methods/method';
import { factsView } from './facts-view';
import { issuesView } from './issues-view';
import type { TableLimits } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';
import { stacked } from './view';

/** A model as a summary card: what it is, its settings, its tables, and what was noticed. */
export function modelView(model: AnyModel, card: ModelCard, limits: TableLimits): View {
  const tables = (card.tables ?? []).map((table) => cardTableView(table, limits));
  const noticed = model.issues.length === 0 ? [] : [issuesView(model.issues)];
  return stacked(factsView(card.title, card.facts), ...tables, ...noticed);
}

function cardTableView({ title, columns, rows }: CardTable, limits: TableLimits): View {
  return tableView(
    { title, columns, rowCount: rows.length, cell: (row, column) => rows[row][column] },
    { maxRows: Math.max(30, limits.maxRows ?? 0) },
  );
}
