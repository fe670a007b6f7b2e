import type { FeatureCohort } from '../../data/cohort';
import { covariateNamed } from '../../data/people/participants';
import { columnsOf } from '../../math/linear/covariate-columns';

/**
 * A cohort whose features are the columns of its covariates, by {@link columnsOf}. What a subject lacks is a missing
 * cell.
 *
 * @returns `undefined` when that makes no column
 */
export function covariateFeatures(
  cohort: FeatureCohort,
  names: readonly string[],
): FeatureCohort | undefined {
  const { participants } = cohort;
  const columns = names.flatMap((name) => columnsOf(covariateNamed(participants, name)));
  if (columns.length === 0) return undefined;
  const values = new Float64Array(participants.ids.length * columns.length);
  columns.forEach((column, k) => {
    column.values.forEach((value, row) => (values[row * columns.length + k] = value));
  });
  const features = columns.map(({ name }) => name);
  return { ...cohort, features: { values, subjects: participants.ids, features } };
}
