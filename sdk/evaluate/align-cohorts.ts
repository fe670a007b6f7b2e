import type { FeatureCohort } from '../data/cohort';
import { selectFeatures, takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { listNames } from '../data/list-names';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import { matchParticipants, onlyThere } from './match-participants';

/** Two cohorts with the same participants and features in the same order. */
export interface AlignedCohorts {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  /** Who and what is in one of them only, and so left out. */
  readonly issues: readonly Issue[];
}

/**
 * Brings a cohort and the same cohort harmonized elsewhere together, for {@link evaluateTable}: participants are
 * matched by id (a prefix `sub-` may differ), features by name, both in the order of `before`. What is in one of them
 * only is left out, with an Issue that names it.
 *
 * @throws ConcordError `invalid-option` when no participant or no feature is in both, or when ids are ambiguous.
 *
 * @example
 * ```ts
 * const { before, after } = alignCohorts(await loadTable('raw.csv'), await loadTable('harmonized.csv'));
 * console.log(formatAudit(await evaluateTable(before, after)));
 * ```
 */
export function alignCohorts(before: FeatureCohort, after: FeatureCohort): AlignedCohorts {
  const { kept, rows, only } = matchParticipants(before.participants, after.participants, 'table');
  const features = commonFeatures(before, after);
  const first = selectFeatures(takeSubjects(before, kept), features.common);
  const second = selectFeatures(takeSubjects(after, rows), features.common);
  return {
    before: first,
    after: {
      ...second,
      participants: first.participants,
      features: { ...second.features, subjects: first.features.subjects },
    },
    issues: [
      ...onlyThere('unmatched-subject', only, { one: 'participant', where: 'table' }),
      ...onlyThere('unmatched-feature', features, { one: 'feature', where: 'table' }),
    ],
  };
}

/** Features of both, in the order of `before`; what only one has, but for covariates of `before`. */
function commonFeatures(
  before: FeatureCohort,
  after: FeatureCohort,
): {
  readonly common: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  const [here, there] = [before, after].map(({ features }) => new Set(features.features));
  const covariates = new Set(before.participants.covariates.map(({ name }) => name));
  const common = [...here].filter((name) => there.has(name));
  if (common.length === 0) {
    throw new ConcordError(
      'invalid-option',
      `no feature is in both tables: the table before has ${listNames([...here], 3)}, the table after ${listNames([...there], 3)}`,
      {
        remedy: advise`names must be written alike; name them with ${option('features')} if they were not found`,
      },
    );
  }
  return {
    common,
    before: [...here].filter((name) => !there.has(name)),
    after: [...there].filter((name) => !here.has(name) && !covariates.has(name)),
  };
}
