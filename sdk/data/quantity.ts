import { ConcordError } from '../errors';
import type { FeatureCohort } from './cohort';
import { columnAt } from './feature-matrix';
import { listNames, quoteName } from './list-names';
import { suggestName } from './nearest-names';

/** Something measured on a scale, one number per row of a cohort: a feature, or a continuous covariate. */
export interface Quantity {
  readonly name: string;
  /** The unit, where it is known: covariates may have one. */
  readonly unit?: string;
  /** One number per row; `NaN` where it is missing. */
  readonly values: Float64Array;
}

/**
 * The quantity of that name: a feature, or a continuous covariate.
 *
 * @throws ConcordError `unknown-column` with the nearest names when there is none; `invalid-option` for a covariate with
 * levels, and for a name that both a feature and a covariate have.
 */
export function quantityNamed(cohort: FeatureCohort, name: string): Quantity {
  const { features, participants } = cohort;
  const column = features.features.indexOf(name);
  const covariate = participants.covariates.find((known) => known.name === name);
  if (column !== -1 && covariate !== undefined) {
    throw refusal(name, 'both a feature and a covariate have this name (rename one of them)');
  }
  if (column !== -1) return { name, values: columnAt(features, column) };
  if (covariate?.kind === 'continuous') {
    const { unit, values } = covariate;
    return unit === undefined ? { name, values } : { name, unit, values };
  }
  if (covariate !== undefined) {
    throw refusal(name, `it has levels, ${listNames(covariate.levels)}, where a quantity is needed`);
  }
  const continuous = participants.covariates.filter(({ kind }) => kind === 'continuous');
  const known = [...continuous.map((one) => one.name), ...features.features];
  const hint = suggestName(String(name), known, `there are ${listNames(known)}`);
  throw new ConcordError(
    'unknown-column',
    `unknown feature or covariate: ${quoteName(String(name))} (${hint})`,
    {
      where: { column: String(name) },
    },
  );
}

function refusal(name: string, why: string): ConcordError {
  return new ConcordError('invalid-option', `invalid quantity: ${quoteName(name)}: ${why}`, {
    where: { column: name },
  });
}

/** Its name with its unit: `age (years)`. */
export function quantityTitle({ name, unit }: Pick<Quantity, 'name' | 'unit'>): string {
  return unit === undefined ? name : `${name} (${unit})`;
}
