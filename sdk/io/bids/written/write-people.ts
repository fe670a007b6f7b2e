import { dirname, join } from 'node:path';
import { ConcordError } from '../../../errors';
import { defaultMissing, makeCellReader } from '../../cells/cell';
import { mostSidecar, readJsonFile } from '../../files/read-file';
import { dialects, tableLine } from '../../text/table-text';
import { makeFolder } from '../../files/make-folder';
import { isThere, writeFileSafely } from '../../files/write-file';
import { readBidsTable } from '../tables/bids-table';
import type { PeopleFile, PeopleFiles } from './people-files';
import { jsonText } from './prepare-target';
import { advise, option } from '../../../remedy';

/** How {@link writePeople} treats what is there. */
export interface WritePeopleSetting {
  /** Let new values take the place of others that an earlier run wrote. */
  readonly overwrite: boolean;
}

/**
 * Writes the tables of participants and sessions and their descriptions. Rows and columns that an earlier run wrote
 * stay.
 *
 * @returns the files, within the dataset
 * @throws ConcordError `file-exists` when a cell would change and `overwrite` is not set.
 */
export async function writePeople(
  root: string,
  people: PeopleFiles,
  setting: WritePeopleSetting,
): Promise<readonly string[]> {
  const tables: readonly (readonly [string, PeopleFile])[] = [
    ['participants.tsv', people.participants],
    ...[...people.sessions].map(
      ([subject, table]) => [`sub-${subject}/sub-${subject}_sessions.tsv`, table] as const,
    ),
  ];
  const files: string[] = [];
  for (const [file, table] of tables) {
    await writeTableFile(root, file, { table, ...setting });
    files.push(file);
  }
  const described = people.sessions.size > 0 ? ['participants.json', 'sessions.json'] : ['participants.json'];
  for (const file of described) {
    const path = join(root, file);
    const there = (await isThere(path))
      ? await readJsonFile(path, { malformed: 'invalid-dataset', most: mostSidecar })
      : {};
    await writeFileSafely(path, jsonText({ ...(there as object), ...people.descriptions }), {
      overwrite: true,
    });
    files.push(file);
  }
  return files;
}

async function writeTableFile(
  root: string,
  file: string,
  { table, overwrite }: { readonly table: PeopleFile; readonly overwrite: boolean },
): Promise<void> {
  const path = join(root, file);
  await makeFolder(dirname(path));
  const merged = await mergeWithFile(path, table, overwrite);
  const dialect = dialects['.tsv'];
  const lines = [...merged.rows].map(([id, cells]) =>
    tableLine([id, ...merged.columns.map((column) => cells.get(column) ?? dialect.missing)], dialect),
  );
  const header = tableLine([table.id, ...merged.columns], dialect);
  await writeFileSafely(path, [header, ...lines].join(''), { overwrite: true });
}

async function mergeWithFile(path: string, table: PeopleFile, overwrite: boolean): Promise<PeopleFile> {
  const reader = makeCellReader([{ marks: defaultMissing, only: true }]);
  const there = await readBidsTable(path, { reader, key: table.id === 'session_id' ? 'ses' : 'sub' });
  if (there === undefined) return table;
  const rows = new Map<string, Map<string, string | null>>();
  there.ids.forEach((id, row) => {
    if (rows.has(id)) throw severalRows(path, id);
    rows.set(id, new Map(there.columns.map((column) => [column, there.text(row, column)])));
  });
  for (const [id, cells] of table.rows) {
    const known = rows.get(id) ?? new Map<string, string | null>();
    for (const [column, text] of cells) {
      const old = known.get(column) ?? null;
      if (old !== null && old !== text && !overwrite) throw changedCell(path, { id, column, old, text });
      known.set(column, text ?? (overwrite ? null : old));
    }
    rows.set(id, known);
  }
  // Runs side by side add rows as they come; a cohort of all of them, or one that may replace them, puts them in order.
  const own = [...table.rows.keys()].map(
    (id) => [id, rows.get(id) ?? new Map<string, string | null>()] as const,
  );
  const others = [...rows].filter(([id]) => !table.rows.has(id));
  const columns = [...new Set([...there.columns, ...table.columns])];
  const ordered = overwrite || others.length === 0;
  return { id: table.id, columns, rows: ordered ? new Map([...own, ...others]) : rows };
}

function severalRows(path: string, id: string): ConcordError {
  return new ConcordError(
    'duplicate-id',
    `several rows of ${id} in ${path}, to which this cohort is to be added`,
    {
      where: { file: path, subject: id },
      remedy: ['keep one row of each, or write into another folder'],
    },
  );
}

function changedCell(
  path: string,
  cell: { readonly id: string; readonly column: string; readonly old: string; readonly text: string | null },
): ConcordError {
  return new ConcordError(
    'file-exists',
    `file exists: ${path} has "${cell.old}" as ${cell.column} of ${cell.id}, and this cohort has "${cell.text ?? 'n/a'}"`,
    {
      where: { file: path, column: cell.column, subject: cell.id },
      remedy: advise`correct one of them, or replace with ${option('overwrite', true)}`,
    },
  );
}
