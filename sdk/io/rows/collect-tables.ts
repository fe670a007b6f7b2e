import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { contradictingTablesIssue } from '../../data/people/contradicting-tables';
import { ConcordError } from '../../errors';
import type { ColumnSetAside } from '../../data/table-reading';
import type { TextColumn } from '../columns/build-covariate';
import type { CellReader } from '../cells/cell';
import type { CollectedRows } from './collect-rows';
import { collectRows } from './collect-rows';
import type { ColumnRole, ColumnRoles, ParticipantsTable } from '../columns/column-roles';
import { columnRoles, usedColumns } from '../columns/column-roles';
import { columnsLeftOut, matchFeatures, onlyLeavesOut } from '../columns/features/feature-patterns';
import { featureCandidates } from '../columns/features/infer-features';
import type { ParticipantIndex } from './join-participants';
import { indexParticipants, unjoinedSiteIssues, reportUnmatched } from './join-participants';
import { requireMarkedColumns } from '../cells/missing-marks';
import { visibly } from '../columns/labels/near-labels';
import { nobodyMatches, requireNoBetterColumn, requireParticipantsId } from './participants-id';
import { reportIds, reportMarks } from '../tables/report-reading';
import { placeOf } from '../text/row-source';
import type { TableColumns } from '../columns/table-columns';
import { tableColumns } from '../columns/table-columns';
import type { TableOptions } from '../tables/table-options';
import type { RowSource } from '../text/row-source';
import { counted } from '../../data/counted';

/** A table of participants to be joined to another, and the names of its columns where they differ. */
export interface ParticipantsSource {
  readonly source: RowSource;
  readonly id?: string;
  readonly site?: string;
  readonly visit?: string;
  /**
   * Scans of FreeSurfer's longitudinal stream are found by their own ids alone, not by their person: a folder has each scan from both
   * streams, of which one is to be read.
   *
   * @defaultValue `false`
   */
  readonly ownIdsOfStream?: boolean;
}

/** What was collected from the main table, and from the participants where there are any. */
export interface CollectedTables {
  readonly table: TableColumns;
  readonly roles: ColumnRoles;
  readonly main: CollectedRows;
  /** The columns that are no candidates for features; `undefined` where the features were named. */
  readonly refused?: readonly ColumnSetAside[];
  /** The person on each row of the main table. */
  readonly persons: readonly string[];
  /** The values of a column, one per subject of the main table, wherever the column is. */
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
  context: TablesContext,
): Promise<CollectedTables> {
  const { reader, participants, infer = false } = context;
  const table = tableColumns(source);
  const people =
    participants === undefined ? undefined : { ...participants, columns: tableColumns(participants.source) };
  requireMarks(options, people === undefined ? [table] : [table, people.columns]);
  if (people !== undefined) await requireParticipantsId(table, people, { options, reader });
  const roles = columnRoles(table, options, { participants: people, infer });
  const known = people === undefined ? undefined : await collectPeople(people, roles, reader);
  const candidates = candidatesOf(table, options, roles);
  const main = await collectRows(table, {
    reader,
    id: roles.ids.id,
    who: roles.ids,
    scope: infer ? 'main' : 'list',
    texts: [...columnsFrom(roles, 'table'), ...overruledRoles(table, roles).map(({ own }) => own)],
    accept: known === undefined ? undefined : (key) => known.index.rowOf(key) !== undefined,
    lenient: candidates !== undefined,
    features: () => candidates?.columns ?? matchFeatures(table, options.features ?? [], roles.taken),
  });
  const collected = { table, roles, main, known };
  const joined = people && known && (await joinIssues({ ...collected, known }, people, { reader, options }));
  return {
    ...collected,
    refused: candidates?.refused,
    persons: personsOf(collected),
    issues: [
      ...(table.source.issues?.() ?? []),
      ...(people?.columns.source.issues?.() ?? []),
      ...reportIds(table, roles, main),
      ...reportMarks(table, main.marks),
      ...(people && known ? reportMarks(people.columns, known.rows.marks) : []),
      ...(joined ?? []),
    ],
    textColumn: (role) => textColumn(role, collected),
  };
}

/**
 * Checks that the tables were joined as they should be, and says who was lost.
 *
 * @throws ConcordError where nobody is in both, or another column of ids fits better.
 */
async function joinIssues(
  { table, roles, main, known }: Collected & { readonly known: KnownPeople },
  people: ParticipantsTable,
  { reader, options }: { readonly reader: CellReader; readonly options: TableOptions },
): Promise<readonly Issue[]> {
  if (main.ids.length === 0) throw await nobodyMatches(table, { main, known, people, reader, options });
  if (main.keys.some((key) => known.index.isLoose(key))) {
    const ids = { main: roles.ids.id, people: roles.participantsIds?.id ?? 0 };
    await requireNoBetterColumn(table, { people, ids, reader, options });
  }
  return [
    ...lostByJoin(table, roles, { main, known }),
    ...unmatched(table.source.name, main, known),
    ...overruled(table, roles, known.file),
    ...contradicted({ table, roles, main, known }, reader),
  ];
}

/** The columns that may be features; `undefined` where they are named. */
function candidatesOf(
  table: TableColumns,
  { features }: TableOptions,
  roles: ColumnRoles,
): ReturnType<typeof featureCandidates> | undefined {
  if (features !== undefined && !onlyLeavesOut(features)) return undefined;
  const out = features === undefined ? [] : [...columnsLeftOut(table, features, roles.taken)];
  const taken = new Map([...roles.taken, ...out.map((name) => [name, 'left out'] as const)]);
  return featureCandidates(table, { taken, ...usedColumns(roles) });
}

/** What {@link collectTables} needs besides the main table and the options. */
export interface TablesContext {
  readonly reader: CellReader;
  readonly participants?: ParticipantsSource;
  /** Whether visits and persons are looked for by the names of columns. */
  readonly infer?: boolean;
}

function requireMarks(options: TableOptions, tables: readonly TableColumns[]): void {
  requireMarkedColumns(
    options.missing ?? [],
    tables.flatMap(({ names }) => names),
    tables.map(({ source }) => source.name),
  );
}

/** The person on each row of the main table. */
function personsOf(collected: Collected): readonly string[] {
  const { roles, main } = collected;
  if (roles.person === undefined) return main.persons;
  const column = textColumn(roles.person, collected);
  return column.texts.map((person, row) => {
    if (person !== null) return person;
    const where = { file: column.file, row: column.lines[row], column: column.name, subject: main.ids[row] };
    throw new ConcordError('missing-value', `missing person of "${main.ids[row]}" in ${placeOf(where)}`, {
      where,
      remedy: ['fill it in, or remove the row'],
    });
  });
}

/** A warning for each site that is lost, or halved, because its subjects are in one of the tables only. */
function lostByJoin(
  table: TableColumns,
  roles: ColumnRoles,
  { main, known }: { readonly main: CollectedRows; readonly known: KnownPeople },
): readonly Issue[] {
  const { from, column } = roles.site;
  const at = columnsFrom(roles, from).indexOf(column);
  const left = main.keys.map((key) => known.index.rowOf(key));
  const inTable = from === 'table';
  const kept = new Set(left);
  const all = known.rows.texts[at];
  return unjoinedSiteIssues({
    file: inTable ? table.source.name : known.file,
    notIn: inTable ? known.file : table.source.name,
    kept: inTable ? main.texts[at] : all.filter((_, row) => kept.has(row)),
    lost: inTable ? main.refusedTexts[at] : all.filter((_, row) => !kept.has(row)),
  });
}

/** The columns of the main table that are set aside because the participants have one of the same name. */
function overruledRoles(
  table: TableColumns,
  roles: ColumnRoles,
): readonly {
  readonly role: ColumnRole;
  readonly own: number;
  readonly kind?: 'categorical' | 'continuous';
}[] {
  const covariates = roles.covariates.map(({ role, spec }) => ({ role, kind: spec.kind }));
  return [{ role: roles.site, kind: 'categorical' as const }, ...covariates].flatMap(({ role, kind }) => {
    const own = table.indexOf.get(role.name);
    return role.from !== 'participants' || own === undefined ? [] : [{ role, own, kind }];
  });
}

/** Says which those are. */
function overruled(table: TableColumns, roles: ColumnRoles, participants: string): readonly Issue[] {
  const file = table.source.name;
  return overruledRoles(table, roles).map(({ role: { name } }) => {
    const message = `column "${name}" of ${file} is not used: it is taken from ${participants}`;
    return makeIssue('overruled-column', message, { file, column: name });
  });
}

/** Warns where they differ from those of the participants for the same ids. */
function contradicted(
  collected: Collected & { readonly known: KnownPeople },
  reader: CellReader,
): readonly Issue[] {
  const { table, roles, main, known } = collected;
  const first = columnsFrom(roles, 'table').length;
  return overruledRoles(table, roles).flatMap(({ role, kind }, at) => {
    const { name } = role;
    const values = [textColumn(role, collected).texts, main.texts[first + at]] as const;
    const parse = (text: string): number => reader.in(name).number(text) ?? NaN;
    const numbers =
      kind !== 'categorical' &&
      values.every((texts) => texts.every((t) => t === null || !Number.isNaN(parse(t))));
    return contradictingTablesIssue({
      what: `column ${quoteName(name)}`,
      ids: main.ids,
      values,
      numberOf: numbers ? parse : undefined,
      tables: [known.file, table.source.name],
      used: `those of ${known.file} are used`,
      where: { file: table.source.name, column: name },
    });
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
  const who = roles.participantsIds ?? { id: 0 };
  const rows = await collectRows(people.columns, {
    reader,
    id: who.id,
    who,
    scope: 'participants',
    texts,
    features: () => [],
  });
  const file = people.columns.source.name;
  return { file, rows, index: indexParticipants(rows, { file, ownIdsOfStream: people.ownIdsOfStream }) };
}

/** The columns of text of one of the tables, in the order in which they are collected. */
function columnsFrom(roles: ColumnRoles, from: ColumnRole['from']): readonly number[] {
  const { site, covariates, person, date, familyRoles } = roles;
  const all = [site, ...covariates.map(({ role }) => role), person, date, ...familyRoles];
  return all.flatMap((role) => (role?.from === from ? [role.column] : []));
}

interface Collected {
  readonly table: TableColumns;
  readonly roles: ColumnRoles;
  readonly main: CollectedRows;
  readonly known?: KnownPeople;
}

function textColumn(role: ColumnRole, tables: Collected): TextColumn {
  const { table, roles, main, known } = tables;
  const at = columnsFrom(roles, role.from).indexOf(role.column);
  if (role.from === 'table' || known === undefined) {
    return {
      name: role.name,
      file: table.source.name,
      texts: main.texts[at],
      lines: main.lines,
      marks: main.marks.get(role.column),
    };
  }
  const rows = main.keys.map((key) => known.index.rowOf(key) ?? -1);
  return {
    name: role.name,
    file: known.file,
    texts: rows.map((row) => known.rows.texts[at][row]),
    lines: rows.map((row) => known.rows.lines[row]),
    marks: known.rows.marks.get(role.column),
  };
}

function unmatched(table: string, main: CollectedRows, known: KnownPeople): readonly Issue[] {
  const met = new Map<number, number>();
  main.keys.forEach((key, row) => {
    const found = known.index.rowOf(key) ?? -1;
    const other = met.get(found);
    if (other !== undefined && main.keys[other].person !== key.person) {
      throw new ConcordError(
        'duplicate-id',
        `duplicate subject id in ${table}: "${main.ids[other]}" and "${main.ids[row]}" are the same subject of ${known.file} ` +
          '(keep one row per subject)',
        { where: { file: table, subject: main.ids[row] } },
      );
    }
    met.set(found, row);
  });
  return [
    ...reportLoose(table, main, known),
    ...reportUnmatched({
      table,
      participants: known.file,
      withoutParticipant: main.refused,
      withoutRow: known.rows.ids.filter((_, row) => !met.has(row)),
    }),
  ];
}

/** Says which ids are written differently in both tables. */
function reportLoose(table: string, main: CollectedRows, known: KnownPeople): readonly Issue[] {
  const loose = main.keys.filter((key) => known.index.isLoose(key));
  if (loose.length === 0) return [];
  const [first] = loose;
  const there = known.rows.keys[known.index.rowOf(first) ?? 0].id;
  const message =
    `${counted(loose.length, 'id')} of ${table} found in ${known.file} though written differently ` +
    `(leading zeros, case or blanks), such as ${visibly(first.id)} as ${visibly(there)}`;
  return [makeIssue('joined-loosely', message, { file: table, subject: first.id })];
}
