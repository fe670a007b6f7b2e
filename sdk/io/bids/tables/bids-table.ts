import { lstat } from 'node:fs/promises';
import type { CellReader } from '../../cells/cell';
import { collectRows } from '../../rows/collect-rows';
import { openTable } from '../../tables/open-table';
import { readTextFile } from '../../files/read-file';
import { foldLabel } from '../../columns/labels/near-labels';
import { columnNamed, idNames, tableColumns } from '../../columns/table-columns';
import { isThere } from '../../files/write-file';
import { bareLabel } from '../bids-name';
import { danglingLink } from '../list-folder';
import { groupBy, rowsBy } from '../../../data/group-by';

/** A small table of a dataset, `participants.tsv` or that of a subject's sessions, as text. */
export interface BidsTable {
  /** What messages call it. */
  readonly file: string;
  /** The columns besides the ids. */
  readonly columns: readonly string[];
  /** As they are written there, `sub-01` or `01`; the same on several rows where a table has a row for each session. */
  readonly ids: readonly string[];
  /**
   * The rows of labels that folders have, written without their prefix. A label that is not in the table is joined to the
   * rows whose id differs from it only in how it is written, as by leading zeros, where there is one such id and one such
   * label.
   */
  join(labels: Iterable<string>): JoinedRows;
  /** The text of a cell; `null` where it is missing or there is no such column. */
  text(row: number, column: string): string | null;
  /** The line of a row in the file. */
  line(row: number): number;
}

/** Which labels are which rows of a table. */
export interface JoinedRows {
  readonly rows: ReadonlyMap<string, readonly number[]>;
  /** The labels that are written otherwise in the table. */
  readonly loose: readonly string[];
}

/** How {@link readBidsTable} reads. */
export interface BidsTableSetting {
  readonly reader: CellReader;
  /** What the ids name: `sub` or `ses`. */
  readonly key: 'sub' | 'ses';
}

/**
 * Reads a table of a dataset.
 *
 * @returns `undefined` where there is no such file
 * @throws ConcordError as tables do: `malformed-table`, `missing-value`, `unknown-column` …
 */
export async function readBidsTable(path: string, setting: BidsTableSetting): Promise<BidsTable | undefined> {
  if (!(await isThere(path))) {
    const link = await lstat(path).catch(() => undefined);
    if (link !== undefined) throw await danglingLink(path);
    return undefined;
  }
  const content = (await readIdsAlone(path)) ?? (await readColumns(path, setting));
  const rows = rowsBy(content.ids.map((id) => bareLabel(setting.key, id)));
  const position = new Map(content.columns.map((name, column) => [name, column]));
  return {
    file: path,
    columns: content.columns,
    ids: content.ids,
    join: (labels) => joinRows(new Set(labels), rows),
    text(row, column) {
      const at = position.get(column);
      return at === undefined ? null : content.texts[at][row];
    },
    line: (row) => content.lines[row],
  };
}

function joinRows(labels: ReadonlySet<string>, rows: ReadonlyMap<string, readonly number[]>): JoinedRows {
  const joined = new Map<string, readonly number[]>();
  for (const label of labels) {
    const row = rows.get(label);
    if (row !== undefined) joined.set(label, row);
  }
  const open = onlyOnes([...rows.keys()].filter((id) => !labels.has(id)));
  const loose: string[] = [];
  for (const [key, label] of onlyOnes([...labels].filter((one) => !rows.has(one)))) {
    const id = open.get(key);
    if (id === undefined) continue;
    joined.set(label, rows.get(id) ?? []);
    loose.push(label);
  }
  return { rows: joined, loose };
}

/** Labels by their folded spelling, without those that share it with another. */
function onlyOnes(labels: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...groupBy(labels, foldLabel)].flatMap(([key, [label, ...others]]) =>
      others.length === 0 ? [[key, label]] : [],
    ),
  );
}

interface Content {
  readonly columns: readonly string[];
  readonly ids: readonly string[];
  readonly lines: readonly number[];
  readonly texts: readonly (readonly (string | null)[])[];
}

/** A list of ids and nothing else is a table that BIDS allows. */
async function readIdsAlone(path: string): Promise<Content | undefined> {
  const lines = (await readTextFile(path)).split(/\r\n|\r|\n/).map((line) => line.trim());
  if (/[\t,;]/.test(lines[0]) || lines[0] === '') return undefined;
  const rows = lines.map((id, at) => ({ id, line: at + 1 })).filter(({ id }, at) => at > 0 && id !== '');
  return { columns: [], ids: rows.map(({ id }) => id), lines: rows.map(({ line }) => line), texts: [] };
}

async function readColumns(path: string, { reader, key }: BidsTableSetting): Promise<Content> {
  const table = tableColumns(await openTable(path));
  const allowed = key === 'ses' ? ['session_id'] : idNames;
  const id = columnNamed(table, allowed.find((name) => table.indexOf.has(name)) ?? allowed[0]);
  const others = table.names.map((_, column) => column).filter((column) => column !== id);
  const { ids, lines, texts } = await collectRows(table, {
    reader,
    id,
    texts: others,
    scope: 'dataset' as const,
    features: () => [],
  });
  return { columns: others.map((column) => table.names[column]), ids, lines, texts };
}
