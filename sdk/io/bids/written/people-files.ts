import type { VolumeCohort } from '../../../data/cohort';
import { makeFeatureCohort } from '../../../data/cohort';
import { personOf } from '../../../data/images/scan';
import type { Covariate } from '../../../data/people/covariate';
import { makeFeatureMatrix } from '../../../data/feature-matrix';
import { groupBy } from '../../../data/group-by';
import { ConcordError } from '../../../errors';
import { numberText } from '../../cells/cell';
import { cohortColumns, idName, personName, siteName } from '../../columns/cohort-columns';
import type { ScanToWrite } from './plan-scans';

/** A table of a dataset to be written: cells by id and column; `null` marks a missing value. */
export interface PeopleFile {
  /** The name of the id column. */
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
}

/** The tables about the persons of a cohort. */
export interface PeopleFiles {
  readonly participants: PeopleFile;
  /** By the label of the subject; none where nothing differs between sessions. */
  readonly sessions: ReadonlyMap<string, PeopleFile>;
  /** What the JSON file says about each column. */
  readonly descriptions: Readonly<Record<string, unknown>>;
}

/** The column that keeps the subjects' own names where BIDS does not allow them as labels. */
const sourceName = 'source_id';

/**
 * Sorts site and covariates of the scans into one table of participants and, for what differs between the sessions of a
 * person, tables of sessions.
 *
 * @throws ConcordError `invalid-option` when scans of the same session differ, or a name or label would not read back
 * the same.
 */
export function peopleFiles(cohort: VolumeCohort, plans: readonly ScanToWrite[]): PeopleFiles {
  const columns = [...personColumn(plans), ...columnsOf(cohort)];
  const bySubject = groupBy(plans, ({ subject }) => subject);
  const varying = columns.filter(({ at }) =>
    [...bySubject.values()].some((group) => !allAlike(group.map(({ row }) => at(row)))),
  );
  const people = new Map<string, ReadonlyMap<string, string | null>>();
  const sessions = new Map<string, PeopleFile>();
  const renamed = plans.some(({ subject, scan }) => isRenamed(subject, scan.subject));
  for (const [subject, group] of bySubject) {
    const own = columns.map(({ name, at }) => {
      const values = group.map(({ row }) => at(row));
      return [name, allAlike(values) ? values[0] : null] as const;
    });
    people.set(
      `sub-${subject}`,
      new Map([...own, ...(renamed ? [[sourceName, group[0].scan.subject] as const] : [])]),
    );
    const rows = new Map<string, ReadonlyMap<string, string | null>>();
    for (const [session, scans] of groupBy(group, (plan) => plan.session ?? '')) {
      const cells = varying.map(({ name, at }) => [name, commonValue(name, scans, at)] as const);
      if (session !== '') rows.set(`ses-${session}`, new Map(cells));
    }
    if (varying.length > 0 && rows.size > 0) {
      sessions.set(subject, { id: 'session_id', columns: varying.map(({ name }) => name), rows });
    }
  }
  const names = columns.map(({ name }) => name);
  return {
    participants: { id: idName, columns: renamed ? [...names, sourceName] : names, rows: people },
    sessions,
    descriptions: {
      [siteName]: { Description: 'Where the scans were made; n/a where it differs between sessions' },
      ...Object.fromEntries(
        cohort.participants.covariates.map((covariate) => [covariate.name, describe(covariate)]),
      ),
      ...(renamed ? { [sourceName]: { Description: 'What the subject is called in the source' } } : {}),
    },
  };
}

interface TextualColumn {
  readonly name: string;
  readonly at: (row: number) => string | null;
}

/** Site and covariates as text, with the checks that tables of features pass through too. */
function columnsOf({ participants }: VolumeCohort): readonly TextualColumn[] {
  const reserved = participants.covariates.find(({ name }) => name === sourceName || name === 'session_id');
  if (reserved !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid covariate: "${reserved.name}" has a meaning of its own in BIDS tables (rename it)`,
      { where: { column: reserved.name } },
    );
  }
  const matrix = makeFeatureMatrix(new Float64Array(0), participants.ids, []);
  return cohortColumns(makeFeatureCohort(participants, matrix))
    .filter(({ name }) => name !== idName && name !== personName)
    .map((column) => ({
      name: column.name,
      at(row): string | null {
        if (column.kind === 'text') return column.at(row);
        const value = column.at(row);
        return Number.isNaN(value) ? null : numberText(value);
      },
    }));
}

/** Who was scanned, where participants of the dataset are not persons. */
function personColumn(plans: readonly ScanToWrite[]): readonly TextualColumn[] {
  if (plans.every(({ scan }) => scan.person === undefined)) return [];
  const persons = new Map(plans.map(({ row, scan }) => [row, personOf(scan)]));
  return [{ name: personName, at: (row) => persons.get(row) ?? null }];
}

function commonValue(
  name: string,
  scans: readonly ScanToWrite[],
  at: (row: number) => string | null,
): string | null {
  const other = scans.find(({ row }) => at(row) !== at(scans[0].row));
  if (other === undefined) return at(scans[0].row);
  throw new ConcordError(
    'invalid-option',
    `invalid cohort: ${name} differs between scans "${scans[0].scan.id}" and "${other.scan.id}" of one person in one ` +
      'session (BIDS keeps it once per session: give each scan a session of its own)',
    { where: { column: name, subject: other.scan.id } },
  );
}

function describe(covariate: Covariate): Readonly<Record<string, unknown>> {
  if (covariate.kind === 'categorical') {
    return { Levels: Object.fromEntries(covariate.levels.map((level) => [level, level])) };
  }
  return covariate.unit === undefined ? {} : { Units: covariate.unit };
}

function isRenamed(label: string, subject: string): boolean {
  return subject !== label && subject !== `sub-${label}`;
}

function allAlike(values: readonly (string | null)[]): boolean {
  return values.every((value) => value === values[0]);
}
