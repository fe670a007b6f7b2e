import { whyIdsDiffer } from '../../data/people/why-ids-differ';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import { quoteName } from '../../data/list-names';
import type { CellReader } from '../cells/cell';
import type { CollectedRows } from './collect-rows';
import type { ParticipantsTable } from '../columns/column-roles';
import { participantsIdColumns } from '../columns/column-roles';
import { idColumns } from './row-ids';
import type { TableColumns } from '../columns/table-columns';
import type { TableOptions } from '../tables/table-options';

/** Both tables, before their ids are known. */
interface Setting {
  readonly options: TableOptions;
  readonly reader: CellReader;
}

/**
 * Checks that the participants have a column of ids.
 *
 * @throws ConcordError `unknown-column`, suggesting the column whose values are the ids of the main table.
 */
export async function requireParticipantsId(
  table: TableColumns,
  people: ParticipantsTable,
  setting: Setting,
): Promise<void> {
  try {
    participantsIdColumns(table, people, setting.options);
  } catch (error) {
    if (!(error instanceof ConcordError) || people.id !== undefined) throw error;
    const { id } = idColumns(table, setting.options);
    const like = await columnLikeIds(table, id, { people, reader: setting.reader });
    const problem = `missing id column: ${people.columns.source.name} has no column known to hold subject ids`;
    throw new ConcordError('unknown-column', problem, {
      where: error.where,
      remedy: like ?? advise`name it with ${option('participants.id')}; ${error.remedy}`,
    });
  }
}

/** The error where no subject of the main table is among the participants. */
export async function nobodyMatches(
  table: TableColumns,
  found: Setting & {
    readonly main: CollectedRows;
    readonly known: { readonly file: string; readonly rows: CollectedRows };
    readonly people: ParticipantsTable;
  },
): Promise<ConcordError> {
  const { main, known, people, options } = found;
  const like = await columnLikeIds(table, idColumns(table, options).id, found);
  const problem =
    `no subject of ${table.source.name} is in ${known.file}: ids are written "${main.refused[0]}" in the one and ` +
    `"${known.rows.ids[0]}" in the other`;
  const why = turnedTable(table, known) ?? whyIdsDiffer(known.rows.ids, main.refused, table.source.name);
  const longer = longerIds([main.refused, table.source.name], [known.rows.ids, known.file]);
  return new ConcordError('too-little-data', problem, {
    where: { file: people.columns.source.name },
    remedy: like ??
      (why === undefined ? longer : [why]) ?? [
        'a prefix "sub-", leading zeros, case and blanks may differ, nothing else',
      ],
  });
}

/** Ids, and the table that they are from. */
type IdsOf = readonly [ids: readonly string[], file: string];

/** What to do where the ids of one table are those of the other with more after them: `1001_MR1`, a scan of `1001`. */
function longerIds(main: IdsOf, people: IdsOf): Advice | undefined {
  const scan = idThatGoesOn(main[0], people[0]);
  if (scan !== undefined) {
    return advise`those of ${main[1]} are longer than those of ${people[1]}, as ${scan} is: add a column to ${main[1]} that has the id of the person alone, and name it with ${option('person')}`;
  }
  const row = idThatGoesOn(people[0], main[0]);
  if (row === undefined) return undefined;
  return advise`those of ${people[1]} are longer than those of ${main[1]}, as ${row} is: add a column to ${people[1]} that has ids as ${main[1]} has them, one row of each, and name it with ${option('participants.id')}`;
}

/** The first id that is one of the others with more after it, where at least half of them are. */
function idThatGoesOn(ids: readonly string[], others: readonly string[]): string | undefined {
  const bare = (id: string): string => id.replace(/^sub-/, '');
  const known = new Set(others.map(bare));
  const going = ids.filter((id) =>
    [...bare(id).matchAll(/[_\-. ]/g)].some(({ index }) => known.has(bare(id).slice(0, index))),
  );
  return going.length * 2 >= ids.length && going.length > 0 ? quoteName(going[0]) : undefined;
}

/** What to do where the participants are the columns of the main table, as neuroCombat and R's ComBat take it. */
function turnedTable(
  { names, source }: TableColumns,
  { file, rows }: { readonly file: string; readonly rows: CollectedRows },
): string | undefined {
  const columns = new Set(names);
  const met = rows.ids.filter((id) => columns.has(id)).length;
  if (met < 2 || met * 2 < rows.ids.length) return undefined;
  return (
    `${met} ids of ${file} are names of columns of ${source.name}, which has its features in rows: ` +
    'turn it, so that each row is a scan (t() in R, .T in pandas)'
  );
}

/**
 * Checks that ids which are found only though they are written differently are not written alike in another column: then
 * that one holds the ids, and the numbers found are something else.
 *
 * @throws ConcordError `invalid-option` suggesting that column.
 */
export async function requireNoBetterColumn(
  table: TableColumns,
  found: Setting & {
    readonly people: ParticipantsTable;
    readonly ids: { readonly main: number; readonly people: number };
  },
): Promise<void> {
  const { people, ids } = found;
  const like = await columnLikeIds(table, ids.main, { ...found, except: ids.people });
  if (like === undefined) return;
  const name = people.columns.names[ids.people];
  const problem = `ids of ${table.source.name} are written differently in column "${name}" of ${people.columns.source.name}`;
  throw new ConcordError('invalid-option', problem, {
    where: { file: people.columns.source.name, column: name },
    remedy: like,
  });
}

/** Names the column of the participants that holds most of the ids of the main table, if it holds any. */
async function columnLikeIds(
  table: TableColumns,
  id: number,
  {
    people,
    reader,
    except,
  }: { readonly people: ParticipantsTable; readonly reader: CellReader; readonly except?: number },
): Promise<Advice | undefined> {
  const bare = (text: string): string => text.replace(/^sub-/, '');
  const ids = new Set<string>();
  for await (const { cells } of table.source.rows()) {
    const text = reader.text(cells[id]);
    if (text !== null) ids.add(bare(text));
  }
  const met = people.columns.names.map(() => new Set<string>());
  for await (const { cells } of people.columns.source.rows()) {
    cells.forEach((cell, column) => {
      const text = reader.text(cell);
      if (text !== null && ids.has(bare(text))) met[column].add(bare(text));
    });
  }
  const counts = met.map(({ size }, column) => (column === except ? 0 : size));
  const best = counts.indexOf(Math.max(...counts));
  if (!(counts[best] > 0)) return undefined;
  const name = people.columns.names[best];
  return advise`its column "${name}" holds ${counts[best]} of the ${ids.size} ids of ${table.source.name}: choose it with ${option('participants.id', name)}`;
}
