// Parts of cohorts that studies ask for.
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';

/** The participants whose row is wanted. */
export function rowsWhere(cohort: ImageCohort, wanted: (row: number) => boolean): ImageCohort {
  return concord.takeSubjects(cohort, [...cohort.participants.ids.keys()].filter(wanted));
}

export function ofSite(cohort: ImageCohort, site: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.sites[at] === site);
}

export function elsewhere(cohort: ImageCohort, site: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.sites[at] !== site);
}

export function runOf(cohort: ImageCohort, run: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.ids[at].includes(`_run-${run}`));
}

export function firstPeople(cohort: ImageCohort, count: number): ImageCohort {
  const some = new Set([...new Set(cohort.subjects)].slice(0, count));
  return rowsWhere(cohort, (at) => some.has(cohort.subjects[at]));
}
