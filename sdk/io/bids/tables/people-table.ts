import { basename, join } from 'node:path';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { ConcordError } from '../../../errors';
import type { TextColumn } from '../../columns/build-covariate';
import type { CellReader } from '../../cells/cell';
import { mostSidecar, readJsonFile } from '../../files/read-file';
import { isThere } from '../../files/write-file';
import type { BidsTable } from './bids-table';
import { readBidsTable } from './bids-table';
import { cellOfRows } from './cell-of-rows';
import { joinSessions, looseIssues, subjectFolder } from './join-sessions';
import type { VisitRows } from './join-visits';
import { joinVisits } from './join-visits';
import type { BidsImage } from '../list-images';

/** What `participants.json` and `sessions.json` say about a column. */
export interface ColumnDescription {
  readonly unit?: string;
  readonly levels?: readonly string[];
}

/** What a dataset says about the persons of its scans, in the tables of participants and of sessions. */
export interface PeopleTable {
  /** The table of participants; a dataset need not have one. */
  readonly participants?: BidsTable;
  /** The columns of both kinds of table. */
  readonly columns: readonly string[];
  readonly descriptions: ReadonlyMap<string, ColumnDescription>;
  /** Whether the table of participants has a row for the label of a subject. */
  isListed(label: string): boolean;
  /** The rows of these images in the table of participants, without those that have none. */
  rowsOf(images: readonly BidsImage[]): readonly number[];
  /**
   * The values of a column, one per image: that of the session, or else that of the participant.
   *
   * @throws ConcordError `duplicate-id` where an image has several rows that conflict in it.
   */
  column(name: string, images: readonly BidsImage[]): TextColumn;
  /** All values of a column of the table of participants, row by row; `undefined` where that table has no such column. */
  everybody(name: string): TextColumn | undefined;
  readonly issues: readonly Issue[];
}

/** Where {@link readPeople} reads. */
export interface PeopleSetting {
  /** The folders in which tables are looked for, the most specific first. */
  readonly roots: readonly string[];
  /** A table of participants to use instead. */
  readonly participants?: string;
  /** The labels of all subjects that have a folder, whether or not an image of theirs is asked for. */
  readonly subjects: readonly string[];
  readonly reader: CellReader;
}

/**
 * Reads the tables about the persons of these images.
 *
 * @throws ConcordError when the table of participants cannot be read; a broken sessions file becomes an issue.
 */
export async function readPeople(images: readonly BidsImage[], setting: PeopleSetting): Promise<PeopleTable> {
  const issues: Issue[] = [];
  const participants = await readParticipants(setting);
  const sessions = await readSessions(images, setting, issues);
  const tables = [...(participants === undefined ? [] : [participants]), ...sessions.values()];
  const columns = [...new Set(tables.flatMap((table) => table.columns))];
  const descriptions = new Map<string, ColumnDescription>();
  const described = participants?.file.replace(/\.tsv$/i, '.json');
  for (const path of [
    ...setting.roots.map((root) => join(root, 'sessions.json')),
    ...(described ? [described] : []),
  ]) {
    await readDescriptions(path, descriptions, issues);
  }
  const labels = images.map(({ name }) => name.entities.get('sub') ?? '');
  const joined = participants?.join([...setting.subjects, ...labels]);
  const bySession = joinSessions(images, sessions);
  if (participants !== undefined && joined !== undefined) {
    const loose = joined.loose.filter((label) => labels.includes(label));
    issues.push(...looseIssues(participants, { ...joined, loose }, 'sub'));
  }
  issues.push(...bySession.issues);
  const visits = joinVisits(images, participants, joined?.rows ?? new Map<string, readonly number[]>());
  issues.push(...visits.issues);
  const rows: Rows = {
    participant: (image) => visits.of(image),
    session: (image) => bySession.rows.get(image) ?? [],
  };
  return {
    ...(participants === undefined ? {} : { participants }),
    columns,
    descriptions,
    issues,
    isListed: (label) => joined?.rows.has(label) === true,
    rowsOf: (of) => of.flatMap((image) => joined?.rows.get(image.name.entities.get('sub') ?? '') ?? []),
    column(name, of) {
      const cells = of.map((image) => cellOf(name, image, { participants, sessions, rows }));
      const files = [...new Set(cells.flatMap(({ file }) => (file === undefined ? [] : [basename(file)])))];
      return {
        name,
        file: files.length > 2 ? `${files[0]} and the sessions files` : files.join(' and '),
        texts: cells.map(({ text }) => text),
        lines: cells.map(({ line }) => line),
      };
    },
    everybody(name) {
      if (participants === undefined || !participants.columns.includes(name)) return undefined;
      const all = participants.ids.map((_, row) => row);
      return {
        name,
        file: basename(participants.file),
        texts: all.map((row) => participants.text(row, name)),
        lines: all.map((row) => participants.line(row)),
      };
    },
  };
}

/** The rows that describe an image. */
interface Rows {
  participant(image: BidsImage): VisitRows;
  session(image: BidsImage): readonly number[];
}

async function readParticipants({
  participants,
  roots,
  reader,
}: PeopleSetting): Promise<BidsTable | undefined> {
  if (participants !== undefined) {
    const table = await readBidsTable(participants, { reader, key: 'sub' });
    if (table !== undefined) return table;
    throw new ConcordError('unreadable-file', `cannot read ${participants}: there is no such file`, {
      where: { file: participants },
    });
  }
  for (const root of roots) {
    const table = await readBidsTable(join(root, 'participants.tsv'), { reader, key: 'sub' });
    if (table !== undefined) return table;
  }
  return undefined;
}

/** The sessions tables by subject folder; the derivative's own wins over that of its source. */
async function readSessions(
  images: readonly BidsImage[],
  { roots, reader }: PeopleSetting,
  issues: Issue[],
): Promise<ReadonlyMap<string, BidsTable>> {
  const tables = new Map<string, BidsTable>();
  const folders = new Set(images.filter(({ name }) => name.entities.has('ses')).map(subjectFolder));
  for (const folder of folders) {
    for (const root of roots) {
      const place = `${folder}/${folder}_sessions.tsv`;
      const path = join(root, place);
      const table = await readBidsTable(path, { reader, key: 'ses' }).catch((error: unknown) => {
        if (!(error instanceof ConcordError)) throw error;
        issues.push(
          makeIssue(
            'unreadable-sidecar',
            error.problem.replaceAll(path, place),
            { file: place },
            error.remedy,
          ),
        );
        return undefined;
      });
      if (table === undefined) continue;
      tables.set(folder, table);
      break;
    }
  }
  return tables;
}

function cellOf(
  name: string,
  image: BidsImage,
  tables: {
    readonly participants?: BidsTable;
    readonly sessions: ReadonlyMap<string, BidsTable>;
    readonly rows: Rows;
  },
): { readonly text: string | null; readonly line: number; readonly file?: string } {
  const { participants, sessions, rows } = tables;
  const own = sessions.get(subjectFolder(image));
  const bySession = own === undefined ? undefined : cellOfRows(own, name, { rows: rows.session(image) });
  if (own !== undefined && bySession !== undefined && bySession.text !== null) {
    return { ...bySession, file: own.file };
  }
  if (participants === undefined) return { text: null, line: 0 };
  const { own: visit, shared, unmatched } = rows.participant(image);
  if (visit.length + shared.length === 0) return { text: null, line: 0 };
  const found = cellOfRows(participants, name, { rows: visit });
  if (found.text !== null) return { ...found, file: participants.file };
  const common = cellOfRows(participants, name, { rows: shared, otherwise: unmatched ? null : undefined });
  return { ...common, file: participants.file };
}

async function readDescriptions(
  path: string,
  known: Map<string, ColumnDescription>,
  issues: Issue[],
): Promise<void> {
  if (!(await isThere(path))) return;
  try {
    const content = await readJsonFile(path, { malformed: 'invalid-dataset', most: mostSidecar });
    if (typeof content !== 'object' || content === null) return;
    for (const [name, entry] of Object.entries(content)) known.set(name, describe(entry));
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    const file = basename(path);
    issues.push(
      makeIssue('unreadable-sidecar', error.problem.replaceAll(path, file), { file }, error.remedy),
    );
  }
}

function describe(entry: unknown): ColumnDescription {
  if (typeof entry !== 'object' || entry === null) return {};
  const { Units: units, Levels: levels } = entry as { readonly Units?: unknown; readonly Levels?: unknown };
  const unit = typeof units === 'string' && !['', 'n/a'].includes(units.trim()) ? units.trim() : undefined;
  const listed: readonly unknown[] = Array.isArray(levels)
    ? levels
    : typeof levels === 'object' && levels !== null
      ? Object.keys(levels)
      : [];
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(listed.length === 0 ? {} : { levels: listed.map(String) }),
  };
}
