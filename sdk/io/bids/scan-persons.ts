import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { ConcordError } from '../../errors';
import { suggestNames } from '../../data/nearest-names';
import { advise, option } from '../../remedy';
import { personName } from '../columns/cohort-columns';
import type { DatasetSurvey } from './survey-dataset';

/** Who was scanned, where the tables of a dataset say it otherwise than by the ids of participants. */
export interface ScanPersons {
  /** The column that says it. */
  readonly column?: string;
  /** The person of each image; `undefined` for one who is the participant. */
  readonly of?: readonly (string | undefined)[];
  readonly issues: readonly Issue[];
}

/**
 * Finds who was scanned by a column of the tables of participants and sessions: the one named, or `person_id`.
 *
 * @throws ConcordError `unknown-column`; `missing-value` where a column was named and a scan has no person.
 */
export function scanPersons({ people, images, ids }: DatasetSurvey, named?: string): ScanPersons {
  const column = named ?? people.columns.find((name) => name.toLowerCase() === personName);
  if (column === undefined) return { issues: [] };
  if (!people.columns.includes(column)) {
    throw new ConcordError(
      'unknown-column',
      `unknown column of persons: "${column}" is not in participants.tsv nor in the sessions files (${suggestNames(column, people.columns)})`,
      { where: { file: 'participants.tsv', column } },
    );
  }
  const { texts, file } = people.column(column, images);
  const without = texts.indexOf(null);
  if (named !== undefined && without !== -1) {
    throw new ConcordError(
      'missing-value',
      `missing person of "${ids[without]}" in column "${column}" of ${file}`,
      {
        where: { file, column, subject: ids[without] },
      },
    );
  }
  const of = texts.map((text) => text ?? undefined);
  if (named !== undefined) return { column, of, issues: [] };
  const message = `"${column}" of ${file} is taken as who was scanned`;
  const advice = advise`name another column with ${option('person')} if this is not what you meant`;
  return { column, of, issues: [makeIssue('inferred-person', message, { file, column }, advice)] };
}
