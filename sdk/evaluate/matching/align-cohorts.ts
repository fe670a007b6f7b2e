import type { FeatureCohort } from '../../data/cohort';
import { selectFeatures, takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { contradictingCohortsIssues } from '../../data/people/contradicting-tables';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { matchParticipants, onlyThere } from './match-participants';
import { requireCall } from '../../data/calls/require-call';

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
 * only is left out, with an Issue that names it, and so is said where sites or covariates of both differ.
 *
 * @throws ConcordError `invalid-option` when no participant or no feature is in both, or when ids are ambiguous.
 *
 * @example
 * ```ts
 * const { before, after } = audits.alignCohorts(await loadTable('raw.csv'), await loadTable('harmonized.csv'));
 * console.log(formatAudit(await evaluateTable(before, after)));
 * ```
 */
export function alignCohorts(before: FeatureCohort, after: FeatureCohort): AlignedCohorts {
  requireCall('audits.alignCohorts', { before, after });
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
      ...contradictingCohortsIssues(first.participants, second.participants),
      ...reordered('rows', 'ids', rows),
      ...reordered('features', 'names', features.places),
      ...onlyThere('unmatched-subject', only, { one: 'participant', where: 'table' }),
      ...onlyThere('unmatched-feature', features, { one: 'feature', where: 'table' }),
    ],
  };
}

/**
 * The cohort with its participants and features in the order of another, where they are the same in another order, with
 * an Issue that says so; as it is where they are not the same.
 */
export function inOrderOf(
  before: FeatureCohort,
  after: FeatureCohort,
): { readonly after: FeatureCohort; readonly issues: readonly Issue[] } {
  const rows = placesOf(before.features.subjects, after.features.subjects);
  const columns = placesOf(before.features.features, after.features.features);
  if (rows === undefined || columns === undefined) return { after, issues: [] };
  const issues = [...reordered('rows', 'ids', rows), ...reordered('features', 'names', columns)];
  if (issues.length === 0) return { after, issues };
  return { after: selectFeatures(takeSubjects(after, rows), before.features.features), issues };
}

/** Where each of the names is among others that are the same. */
function placesOf(names: readonly string[], others: readonly string[]): readonly number[] | undefined {
  const placeOf = new Map(others.map((name, at) => [name, at]));
  const places = names.map((name) => placeOf.get(name) ?? -1);
  return names.length === others.length && !places.includes(-1) ? places : undefined;
}

function reordered(what: 'rows' | 'features', by: string, places: readonly number[]): readonly Issue[] {
  if (places.every((place, at) => at === 0 || place > places[at - 1])) return [];
  const message = `${what} of the table after are in another order than before, and are matched by their ${by}`;
  return [makeIssue('reordered', message)];
}

/** Features of both, in the order of `before`; what only one has, but for covariates of `before`. */
function commonFeatures(
  before: FeatureCohort,
  after: FeatureCohort,
): {
  readonly common: readonly string[];
  /** Where they are in the table after. */
  readonly places: readonly number[];
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
    places: common.map((name) => after.features.features.indexOf(name)),
    before: [...here].filter((name) => !there.has(name)),
    after: [...there].filter((name) => !here.has(name) && !covariates.has(name)),
  };
}
