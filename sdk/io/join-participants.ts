import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { ConcordError } from '../errors';
import type { CollectedRows } from './collect-rows';
import { listNames } from '../data/list-names';

/** Finds subjects of a table of participants by id, whether or not it is written with the prefix `sub-`. */
export interface ParticipantIndex {
  /** The row of a subject among the participants; `undefined` where it is not there. */
  rowOf(id: string): number | undefined;
}

/**
 * Indexes participants by id.
 *
 * @throws ConcordError `duplicate-id` when two ids differ by the prefix only.
 */
export function indexParticipants(people: CollectedRows, file: string): ParticipantIndex {
  const rows = new Map<string, number>();
  people.ids.forEach((id, row) => {
    const other = rows.get(bare(id));
    if (other !== undefined) {
      throw new ConcordError(
        'duplicate-id',
        `duplicate subject id in ${file}: "${people.ids[other]}" (row ${people.lines[other]}) and ` +
          `"${id}" (row ${people.lines[row]}) differ by the prefix "sub-" only (rename one)`,
        { where: { file, row: people.lines[row], subject: id } },
      );
    }
    rows.set(bare(id), row);
  });
  return { rowOf: (id) => rows.get(bare(id)) };
}

function bare(id: string): string {
  return id.startsWith('sub-') ? id.slice(4) : id;
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

/** Reports the subjects that stand in one of two joined tables only. */
export function reportUnmatched(join: JoinReport): readonly Issue[] {
  const side = (ids: readonly string[], here: string, notThere: string): readonly Issue[] =>
    ids.length === 0
      ? []
      : [
          makeIssue(
            'unmatched-subject',
            `${ids.length === 1 ? '1 subject' : `${ids.length} subjects`} of ${here} not in ${notThere}, left out: ${listNames(ids)}`,
            { file: here, ...(ids.length === 1 ? { subject: ids[0] } : {}) },
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
export function lostSites({ file, notIn, kept, lost }: JoinedSites): readonly Issue[] {
  const count = (texts: readonly (string | null)[], site: string): number =>
    texts.filter((text) => text === site).length;
  const names = [...new Set(lost)].filter((site): site is string => site !== null).sort();
  const found = names.flatMap((site) => {
    const [left, gone] = [count(kept, site), count(lost, site)];
    if (left > gone) return [];
    const rest = left === 0 ? 'the site is lost' : `${left} left`;
    const message = `site "${site}": ${gone} of ${left + gone} subjects of ${file} are not in ${notIn}; ${rest}`;
    const advice = [
      'check that the ids of both tables are written alike, and that neither is of some sites only',
    ];
    return [{ left, issue: makeIssue('lost-site', message, { file, site }, advice) }];
  });
  return found.sort((a, b) => Number(a.left > 0) - Number(b.left > 0)).map(({ issue }) => issue);
}
