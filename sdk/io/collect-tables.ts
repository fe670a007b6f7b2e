import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { ConcordError } from '../errors';
import type { TextColumn } from './build-covariate';
import type { CellReader } from './cell';
import type { CollectedRows } from './collect-rows';
import { collectRows } from './collect-rows';
import type { ColumnRole, ColumnRoles, ParticipantsTable } from './column-roles';
import { columnRoles } from './column-roles';
import { matchFeatures } from './feature-patterns';
import { inferFeatures } from './infer-features';
import type { ParticipantIndex } from './join-participants';
import { indexParticipants, lostSites, reportUnmatched } from './join-participants';
import type { TableColumns } from './table-columns';
import { tableColumns } from './table-columns';
import type { TableOptions } from './table-options';
import type { RowSource } from './row-source';

/** A table of participants to be joined to another, and the names of its columns where they differ. */
export interface ParticipantsSource {
  readonly source: RowSource;
  readonly id?: string;
  readonly site?: string;
}

/** What was collected from the main table, and from the participants where there are any. */
export interface CollectedTables {
  readonly table: TableColumns;
  readonly roles: ColumnRoles;
  readonly main: CollectedRows;
  /** The values of a column, one per subject of the main table, wherever the column stands. */
  readonly textColumn: (role: ColumnRole) => TextColumn;
  readonly issues: readonly Issue[];
}

/**
 * Reads the columns that the options ask for from one table, and from the participants joined to it by id.
 *
 * @throws ConcordError naming file, row and column, with the remedy.
 */
export async function collectTables(
  source: RowSource,
  options: TableOptions,
  context: { readonly reader: CellReader; readonly participants?: ParticipantsSource },
): Promise<CollectedTables> {
  const { reader, participants } = context;
  const table = tableColumns(source);
  const people =
    participants === undefined ? undefined : { ...participants, columns: tableColumns(participants.source) };
  const roles = columnRoles(table, options, people);
  const known = people === undefined ? undefined : await collectPeople(people, roles, reader);
  const issues: Issue[] = [];
  const main = await collectRows(table, {
    reader,
    id: roles.id,
    texts: columnsFrom(roles, 'table'),
    accept: known === undefined ? undefined : (id) => known.index.rowOf(id) !== undefined,
    features(rows) {
      if (options.features !== undefined) return matchFeatures(table, options.features, roles.taken);
      const inferred = inferFeatures(table, rows, { taken: roles.taken, reader });
      issues.push(...inferred.issues);
      return inferred.columns;
    },
  });
  if (known !== undefined) {
    issues.push(
      ...lostByJoin(table, roles, { main, known }),
      ...unmatched(source.name, main, known),
      ...overruled(table, roles, known.file),
    );
  }
  return {
    table,
    roles,
    main,
    issues,
    textColumn: (role) => textColumn(role, { table, roles, main, known }),
  };
}

/** A warning for each site that is lost, or halved, because its subjects are in one of the tables only. */
function lostByJoin(
  table: TableColumns,
  roles: ColumnRoles,
  { main, known }: { readonly main: CollectedRows; readonly known: KnownPeople },
): readonly Issue[] {
  const { from, column } = roles.site;
  const at = columnsFrom(roles, from).indexOf(column);
  const left = main.ids.map((id) => known.index.rowOf(id));
  const inTable = from === 'table';
  const kept = new Set(left);
  const all = known.rows.texts[at];
  return lostSites({
    file: inTable ? table.source.name : known.file,
    notIn: inTable ? known.file : table.source.name,
    kept: inTable ? main.texts[at] : all.filter((_, row) => kept.has(row)),
    lost: inTable ? main.refusedTexts[at] : all.filter((_, row) => !kept.has(row)),
  });
}

/** Says which columns of the main table stand aside because the participants have one of the same name. */
function overruled(table: TableColumns, roles: ColumnRoles, participants: string): readonly Issue[] {
  const file = table.source.name;
  return [roles.site, ...roles.covariates.map(({ role }) => role)].flatMap(({ name, from }) => {
    if (from !== 'participants' || !table.indexOf.has(name)) return [];
    const message = `column "${name}" of ${file} is not used: it is taken from ${participants}`;
    return [makeIssue('overruled-column', message, { file, column: name })];
  });
}

/** The participants as collected: all of them, also those without a row in the main table. */
interface KnownPeople {
  readonly file: string;
  readonly rows: CollectedRows;
  readonly index: ParticipantIndex;
}

async function collectPeople(
  people: ParticipantsTable,
  roles: ColumnRoles,
  reader: CellReader,
): Promise<KnownPeople> {
  const texts = columnsFrom(roles, 'participants');
  const rows = await collectRows(people.columns, {
    reader,
    id: roles.participantsId,
    texts,
    features: () => [],
  });
  const file = people.columns.source.name;
  return { file, rows, index: indexParticipants(rows, file) };
}

/** The site and covariate columns of one of the tables, in the order in which they are collected. */
function columnsFrom(roles: ColumnRoles, from: ColumnRole['from']): readonly number[] {
  const all = [roles.site, ...roles.covariates.map(({ role }) => role)];
  return all.filter((role) => role.from === from).map((role) => role.column);
}

function textColumn(
  role: ColumnRole,
  tables: {
    readonly table: TableColumns;
    readonly roles: ColumnRoles;
    readonly main: CollectedRows;
    readonly known?: KnownPeople;
  },
): TextColumn {
  const { table, roles, main, known } = tables;
  const at = columnsFrom(roles, role.from).indexOf(role.column);
  if (role.from === 'table' || known === undefined) {
    return { name: role.name, file: table.source.name, texts: main.texts[at], lines: main.lines };
  }
  const rows = main.ids.map((id) => known.index.rowOf(id) ?? -1);
  return {
    name: role.name,
    file: known.file,
    texts: rows.map((row) => known.rows.texts[at][row]),
    lines: rows.map((row) => known.rows.lines[row]),
  };
}

function unmatched(table: string, main: CollectedRows, known: KnownPeople): readonly Issue[] {
  if (main.ids.length === 0) {
    throw new ConcordError(
      'too-little-data',
      `no subject of ${table} is in ${known.file}: ids are written "${main.refused[0]}" in the one and ` +
        `"${known.rows.ids[0]}" in the other (a prefix "sub-" may differ, nothing else)`,
      { where: { file: known.file } },
    );
  }
  const met = new Map<number | undefined, string>();
  for (const id of main.ids) {
    const other = met.get(known.index.rowOf(id));
    if (other !== undefined) {
      throw new ConcordError(
        'duplicate-id',
        `duplicate subject id in ${table}: "${other}" and "${id}" are the same subject of ${known.file} ` +
          '(keep one row per subject)',
        { where: { file: table, subject: id } },
      );
    }
    met.set(known.index.rowOf(id), id);
  }
  return reportUnmatched({
    table,
    participants: known.file,
    withoutParticipant: main.refused,
    withoutRow: known.rows.ids.filter((_, row) => !met.has(row)),
  });
}
