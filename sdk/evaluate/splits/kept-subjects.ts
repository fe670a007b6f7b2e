import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';

/**
 * The cohort restricted to the subjects a harmonizer kept, when it left some out at the user's request.
 *
 * @param after - the cohort harmonized as a whole
 * @throws ConcordError `invalid-option` when `after` has a subject that the cohort does not have.
 */
export function keptSubjects(cohort: FeatureCohort, after: FeatureCohort): FeatureCohort {
  const rowOf = new Map(cohort.participants.ids.map((id, row) => [id, row]));
  const rows = after.participants.ids.map((id) => {
    const row = rowOf.get(id);
    if (row !== undefined) return row;
    const hint = suggestName(
      id,
      cohort.participants.ids,
      'the cohort does not have it; give the same cohort harmonized',
    );
    throw new ConcordError('invalid-option', `unknown subject after harmonization: "${id}" (${hint})`, {
      where: { subject: id },
    });
  });
  return rows.length === cohort.participants.ids.length && rows.every((row, at) => row === at)
    ? cohort
    : takeSubjects(cohort, rows);
}
