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
