import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/covariate';
import { covariateNamed } from '../data/participants';

/**
 * A cohort whose features are covariates: a column of its values for a continuous one, an indicator column per level
 * but the first for a categorical one. What a subject lacks is a missing cell.
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

function columnsOf(
  covariate: Covariate,
): readonly { readonly name: string; readonly values: Float64Array }[] {
  if (covariate.kind === 'continuous') return [{ name: covariate.name, values: covariate.values }];
  return covariate.levels.slice(1).map((level, index) => ({
    name: `${covariate.name}=${level}`,
    values: Float64Array.from(covariate.codes, (code) => (code === -1 ? NaN : Number(code === index + 1))),
  }));
}
