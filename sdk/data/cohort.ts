import { ConcordError } from '../errors';
import type { FeatureMatrix } from './feature-matrix';
import { takeFeatures, takeRows } from './feature-matrix';
import type { Issue } from './issue';
import type { Participants } from './participants';
import { takeParticipants } from './participants';
import type { Provenance, ProvenanceStep } from './provenance';

/** A cohort whose payload is a table of features: thicknesses, volumes, vertex values. Immutable. */
export interface FeatureCohort {
  readonly kind: 'features';
  readonly participants: Participants;
  /** One row per participant, in the same order. */
  readonly features: FeatureMatrix;
  /** How it was made, oldest step first. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
}

/** Any cohort: participants and one payload. */
export type Cohort = FeatureCohort;

/** What a cohort may carry besides participants and payload. */
export interface CohortRecord {
  readonly provenance?: Provenance;
  readonly issues?: readonly Issue[];
}

/**
 * Joins participants and features into a cohort.
 *
 * @throws ConcordError `invalid-option` when the ids of both do not agree row by row.
 */
export function makeFeatureCohort(
  participants: Participants,
  features: FeatureMatrix,
  record: CohortRecord = {},
): FeatureCohort {
  const { ids } = participants;
  if (ids.length !== features.subjects.length || ids.some((id, row) => id !== features.subjects[row])) {
    throw new ConcordError(
      'invalid-option',
      'invalid cohort: participants and feature matrix do not list the same subjects in the same order',
    );
  }
  return {
    kind: 'features',
    participants,
    features,
    provenance: record.provenance ?? [],
    issues: record.issues ?? [],
  };
}

/** The cohort with other values of the same subjects, one more provenance step, and any new issues. */
export function withFeatures(
  cohort: FeatureCohort,
  features: FeatureMatrix,
  step: ProvenanceStep,
  issues: readonly Issue[] = [],
): FeatureCohort {
  return makeFeatureCohort(cohort.participants, features, {
    provenance: [...cohort.provenance, step],
    issues: [...cohort.issues, ...issues],
  });
}

/**
 * The cohort of the subjects at `rows`, in that order, copied.
 *
 * @param rows - row numbers from 0, each at most once, since ids are unique
 * @throws ConcordError `invalid-option` when a row is not there or asked for twice.
 */
export function takeSubjects(cohort: FeatureCohort, rows: ArrayLike<number>): FeatureCohort {
  const count = cohort.participants.ids.length;
  const taken = new Uint8Array(count);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!(Number.isInteger(row) && row >= 0 && row < count)) {
      throw new ConcordError('invalid-option', `invalid row: ${row} (rows 0 to ${count - 1} are there)`);
    }
    if (taken[row] === 1) {
      throw new ConcordError(
        'invalid-option',
        `invalid rows: ${row} is asked for twice (each is allowed once)`,
      );
    }
    taken[row] = 1;
  }
  return {
    ...cohort,
    participants: takeParticipants(cohort.participants, rows),
    features: takeRows(cohort.features, rows),
  };
}

/**
 * The cohort with only the features of these names, in that order.
 *
 * @throws ConcordError `unknown-column` naming the first feature that is not there.
 */
export function selectFeatures(cohort: FeatureCohort, names: readonly string[]): FeatureCohort {
  return { ...cohort, features: takeFeatures(cohort.features, names) };
}
