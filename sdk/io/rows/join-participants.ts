import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { CollectedRows } from './collect-rows';
import { listNames, quoteName } from '../../data/list-names';
import { lostSites } from '../../data/people/lost-sites';
import { foldLabel } from '../columns/labels/near-labels';
import { longitudinalPerson } from '../free-surfer/longitudinal-stream';
import { scanName } from './scan-names';
import type { RowKey } from './row-ids';

/** Finds rows of a table of participants by who and when, whether or not ids are written with `sub-` and `ses-`. */
export interface ParticipantIndex {
  /**
   * The row of the participants for a row of the main table; `undefined` where there is none: by id, else by person, and
   * by visit too where the participants have a row per visit.
   *
   * @throws ConcordError `duplicate-id` where there are several.
   */
  rowOf(key: RowKey): number | undefined;
  /** Whether the row was found though the id is written differently: leading zeros, case, blanks. */
  isLoose(key: RowKey): boolean;
}

/**
 * Indexes participants by id, and by visit where they have a row for each.
 *
 * @param given.ownIdsOfStream - see `ParticipantsSource`
 * @throws ConcordError `duplicate-id` when two ids differ by the prefix only.
 */
export function indexParticipants(
  people: CollectedRows,
  { file, ownIdsOfStream = false }: { readonly file: string; readonly ownIdsOfStream?: boolean },
): ParticipantIndex {
  const rows = new Map<string, number[]>();
  people.keys.forEach((key, row) => {
    const others = rows.get(bare(key.id)) ?? [];
    const same = others.find((other) => !people.composed || bareVisit(people.keys[other]) === bareVisit(key));
    if (same !== undefined) throw prefixOnly(people, file, [same, row]);
    rows.set(bare(key.id), [...others, row]);
  });
  const loose = looseIds([...rows.keys()]);
  const namesOf = ({ id, person }: RowKey): readonly string[] =>
    ownIdsOfStream && longitudinalPerson(id) !== undefined ? [id] : [id, person];
  const firstOf = (found: readonly (number[] | undefined)[]): number[] | undefined =>
    found.find((one) => one !== undefined);
  const exact = (key: RowKey): number[] | undefined =>
    firstOf(namesOf(key).map((name) => rows.get(bare(name))));
  const nearly = (key: RowKey): number[] | undefined =>
    firstOf(namesOf(key).map((name) => rows.get(loose.get(foldLabel(bare(name))) ?? '')));
  const visitAmong = (found: readonly number[], when: string): number | undefined => {
    const same = found.find((row) => bareVisit(people.keys[row]) === when);
    if (same !== undefined) return same;
    const nearly = found.filter((row) => foldLabel(bareVisit(people.keys[row]) ?? '') === foldLabel(when));
    return nearly.length === 1 ? nearly[0] : undefined;
  };
  return {
    isLoose: (key) => exact(key) === undefined && nearly(key) !== undefined,
    rowOf(key) {
      const found = exact(key) ?? nearly(key);
      if (found === undefined || !people.composed) return found?.[0];
      const when = bareVisit(key) ?? scanName(key.id)?.session;
      if (when === undefined && found.length > 1) throw severalVisits(people, file, { key, found });
      return when === undefined ? found[0] : visitAmong(found, when);
    },
  };
}

/** Ids by their folded spelling, without those that share it with another. */
function looseIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const id of ids) {
    const key = foldLabel(id);
    if (found.has(key)) twice.add(key);
    found.set(key, id);
  }
  for (const key of twice) found.delete(key);
  return found;
}

function bare(id: string): string {
  return id.startsWith('sub-') ? id.slice(4) : id;
}

function bareVisit({ visit }: RowKey): string | null {
  return visit?.startsWith('ses-') === true ? visit.slice(4) : visit;
}

function prefixOnly(people: CollectedRows, file: string, rows: readonly [number, number]): ConcordError {
  const [first, second] = rows.map((row) => `"${people.keys[row].id}" (row ${people.lines[row]})`);
  return new ConcordError(
    'duplicate-id',
    `duplicate subject id in ${file}: ${first} and ${second} differ by the prefix "sub-" only (rename one)`,
    { where: { file, row: people.lines[rows[1]], subject: people.keys[rows[1]].id } },
  );
}

function severalVisits(
  people: CollectedRows,
  file: string,
  { key, found }: { readonly key: RowKey; readonly found: readonly number[] },
): ConcordError {
  const visits = found.map((row) => people.keys[row].visit ?? 'none');
  return new ConcordError(
    'duplicate-id',
    `ambiguous subject: ${file} has ${found.length} rows of "${key.id}" (visits ${listNames(visits)}), and the main ` +
      'table does not say which visit its row is of',
    {
      where: { file, row: people.lines[found[1]], subject: key.id },
      remedy: advise`name the column of visits of the main table with ${option('visit')}`,
    },
  );
}

/** What two joined tables are called, and who is on one side only. */
export interface JoinReport {
  readonly table: string;
  readonly participants: string;
  /** Ids of the main table without a participant. */
  readonly withoutParticipant: readonly string[];
  /** Ids of the participants without a row in the main table. */
  readonly withoutRow: readonly string[];
}

/** Reports the subjects that are in one of two joined tables only. */
export function reportUnmatched(join: JoinReport): readonly Issue[] {
  const side = (ids: readonly string[], here: string, notThere: string): readonly Issue[] =>
    ids.length === 0
      ? []
      : [
          makeIssue(
            'unmatched-subject',
            `${ids.length === 1 ? '1 subject' : `${ids.length} subjects`} of ${here} not in ${notThere}, left out: ${listNames(ids)}`,
            ids.length === 1 ? { file: here, subject: ids[0] } : { file: here },
          ),
        ];
  return [
    ...side(join.withoutParticipant, join.table, join.participants),
    ...side(join.withoutRow, join.participants, join.table),
  ];
}

/** The sites of the subjects of the table that has them, by whether they are in the other table too. */
export interface JoinedSites {
  readonly file: string;
  readonly notIn: string;
  readonly kept: readonly (string | null)[];
  readonly lost: readonly (string | null)[];
}

/** A warning for each site of which no subject, or half of them or fewer, is in both of two joined tables. */
export function unjoinedSiteIssues({ file, notIn, kept, lost }: JoinedSites): readonly Issue[] {
  return lostSites(kept, lost).map(({ site, gone, left, rest }) => {
    const message = `site ${quoteName(site)}: ${gone} of ${left + gone} subjects of ${file} are not in ${notIn}; ${rest}`;
    return makeIssue('lost-site', message, { file, site }, [
      'check that the ids of both tables are written alike, and that neither table covers some sites only',
    ]);
  });
}
