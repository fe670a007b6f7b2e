import { shortName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import type { CellReader } from '../cells/cell';
import type { TableRow } from '../text/row-source';
import { placeOf } from '../text/row-source';
import type { TableColumns } from '../columns/table-columns';
import { columnNamed, idColumn, knownIdColumn } from '../columns/table-columns';
import { scanName } from './scan-names';

/** The columns that say who and when each row is. */
export interface IdColumns {
  /** The column of ids; those of persons where a visit is added to them. */
  readonly id: number;
  /** Whether the user named it. */
  readonly idAsked?: boolean;
  /** The column of visits, where there is one. */
  readonly visit?: number;
  /** Whether ids are always made of id and visit, and not only where the ids alone repeat. */
  readonly visitAsked?: boolean;
  /** The column of persons, where there is one beside the ids. */
  readonly person?: number;
  /** Whether the user named the persons: then each row needs one. */
  readonly personAsked?: boolean;
  /** A column that may say who was scanned, where the user has named none. */
  readonly suspect?: number;
}

/** The names of columns of visits, whatever their case, the likelier first. */
export const visitNames: readonly string[] = [
  ...[
    'session_id',
    'session',
    'ses',
    'ses_id',
    'sessionid',
    'visit',
    'visit_id',
    'visitid',
    'visit_code',
    'viscode',
  ],
  ...['timepoint', 'time_point', 'wave', 'eventname', 'event_name', 'redcap_event_name'],
];

/** The names of columns of persons, as this package and BIDS write them, and those under which ids are looked for. */
const personNames: readonly string[] = ['person_id', 'participant_id', 'subject_id', 'subject'];

/** Names of columns that usually say who was scanned, which are reported, not used. */
const suspectNames =
  /^((person|subject|subj|sub|participant|patient|individual)([_ ]?(id|key|no|nr|code))?|src_subject_id|subjectkey|rid|ptid|eid)$/i;

/** What the user says of who and when the rows are. */
export interface IdOptions {
  readonly id?: string;
  readonly person?: string;
  readonly visit?: string;
}

/**
 * Finds the columns of ids, visits and persons.
 *
 * @param infer - whether visits and persons are looked for by their names
 * @throws ConcordError `unknown-column` suggesting the nearest names.
 */
export function idColumns(table: TableColumns, wanted: IdOptions, infer = true): IdColumns {
  const named = wanted.person === undefined ? undefined : table.names.indexOf(wanted.person);
  const personAsked = named !== undefined && named !== -1;
  const id =
    wanted.id === undefined && personAsked ? (knownIdColumn(table) ?? named) : idColumn(table, wanted.id);
  const person = personAsked ? named : infer ? lookFor(table, personNames, [id]) : undefined;
  const visitAsked = wanted.visit !== undefined;
  const visit = visitAsked
    ? columnNamed(table, wanted.visit)
    : infer
      ? lookFor(table, visitNames, [id, person])
      : undefined;
  const suspect =
    infer && person === undefined && wanted.person === undefined
      ? table.names.findIndex((name, column) => column !== id && suspectNames.test(name))
      : -1;
  return {
    id,
    idAsked: wanted.id !== undefined,
    visit,
    visitAsked,
    person: person === id ? undefined : person,
    personAsked,
    suspect: suspect === -1 ? undefined : suspect,
  };
}

function lookFor(
  table: TableColumns,
  names: readonly string[],
  taken: readonly (number | undefined)[],
): number | undefined {
  const lower = table.source.header.map((name) => name.toLowerCase());
  const found = names.map((name) => lower.indexOf(name)).find((at) => at !== -1 && !taken.includes(at));
  return found;
}

/** Who and when a row is, as its cells say. */
export interface RowKey {
  /** The cell of the id column. */
  readonly id: string;
  /** The cell of the visit column; `null` where it is missing or there is none. */
  readonly visit: string | null;
  /** The cell of the column of persons; where there is none the person in the name of a scan, see {@link scanName}, or the id. */
  readonly person: string;
}

/** Reads who is who, row by row, and checks that no row is there twice. */
export interface KeyReader {
  /** @throws ConcordError `missing-value` or `duplicate-id`, naming both rows. */
  read(row: TableRow): RowKey;
  /** Whether an id was met twice, so that visits distinguish its rows. */
  repeats(): boolean;
}

/**
 * Which table ids are read of, since remedies differ: the main one, the participants beside it, or a list of files, in which
 * everything has one row; in a table of a dataset something may have several.
 */
export type IdScope = 'main' | 'participants' | 'list' | 'dataset';

/** Makes the reader of the ids of a table. */
export function keyReader(
  table: TableColumns,
  columns: IdColumns,
  { reader, scope = 'main' }: { readonly reader: CellReader; readonly scope?: IdScope },
): KeyReader {
  const lineOf = new Map<string, number>();
  const met = new Set<string>();
  let repeats = false;
  const cellOf = (row: TableRow, column: number | undefined): string | null =>
    column === undefined ? null : reader.in(table.names[column]).text(row.cells[column]);
  return {
    repeats: () => repeats,
    read(row) {
      const where = { file: table.source.name, row: row.line, column: table.names[columns.id] };
      const id = cellOf(row, columns.id);
      if (id === null) {
        throw new ConcordError('missing-value', `missing subject id in ${placeOf(where)}`, {
          where,
          remedy: ['every row needs one; remove rows without data'],
        });
      }
      const visit = cellOf(row, columns.visit);
      const key = JSON.stringify([id, visit]);
      const other = lineOf.get(key);
      if (other !== undefined && scope !== 'dataset')
        throw duplicateId(table, columns, { id, visit, row, other, scope });
      lineOf.set(key, row.line);
      repeats ||= met.has(id);
      met.add(id);
      const person = cellOf(row, columns.person);
      if (person === null && columns.person !== undefined && columns.personAsked === true) {
        const at = { ...where, column: table.names[columns.person], subject: id };
        throw new ConcordError('missing-value', `missing person of "${shortName(id)}" in ${placeOf(at)}`, {
          where: at,
          remedy: ['fill it in, or remove the row'],
        });
      }
      const named = columns.personAsked === true ? undefined : scanName(id)?.person;
      return { id, visit, person: person ?? named ?? id };
    },
  };
}

/** The id of a row that is named by person and visit. */
export function composeId({ id, visit }: Pick<RowKey, 'id' | 'visit'>): string {
  return visit === null ? id : `${id}_${visit}`;
}

function duplicateId(
  table: TableColumns,
  columns: IdColumns,
  found: {
    readonly id: string;
    readonly visit: string | null;
    readonly row: TableRow;
    readonly other: number;
    readonly scope: IdScope;
  },
): ConcordError {
  const { id, visit, row, other, scope } = found;
  const column = table.names[columns.id];
  const where = { file: table.source.name, row: row.line, column, subject: id };
  const what =
    visit === null || columns.visit === undefined
      ? `"${shortName(id)}"`
      : `"${shortName(id)}" with ${table.names[columns.visit]} "${visit}"`;
  return new ConcordError(
    'duplicate-id',
    `duplicate subject id in ${placeOf(where)}: ${what} is also in row ${other}`,
    {
      where,
      remedy: [...longRemedy(table.names), ...duplicateRemedy(column, scope, columns.visitAsked === true)],
    },
  );
}

/** Names of columns that say which measure a row has, in tables of one row per measure. */
const measureNames =
  /^(bundle|tract|roi|region|structure|struct_?name|parcel|label|metric|measure(ment)?|feature|variable|(roi|region|bundle|tract|variable|measure|feature|label)_?name)$/i;

/** A table of one row per bundle and metric, or per region, has as many rows of each scan. */
function longRemedy(names: readonly string[]): Advice {
  const column = names.find((name) => measureNames.test(name));
  if (column === undefined) return [];
  return [
    `where each row is one measure of a scan, as column "${shortName(column)}" looks, give every measure a column of its own, with one row ` +
      'per scan (pivot_table of pandas, pivot_wider of tidyr); ',
  ];
}

/** Repeated scans are no mistake: what is missing is who and when. */
function duplicateRemedy(column: string, scope: IdScope, byVisit: boolean): Advice {
  if (scope === 'list') return ['keep one row of each'];
  if (scope === 'participants') {
    return advise`keep one row per subject, or name a column of unique ids with ${option('participants.id')}`;
  }
  if (byVisit) {
    return advise`keep one row per subject and visit; where a person was scanned several times at one visit, name a column of unique ids with ${option('id')} and this one with ${option('person', column)}`;
  }
  return advise`where a person was scanned several times, name the column of visits with ${option('visit')}, or a column of unique ids with ${option('id')} and this one with ${option('person', column)}; else keep one row per subject`;
}
