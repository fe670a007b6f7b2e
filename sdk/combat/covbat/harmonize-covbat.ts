import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import type { ApplyIntoOptions } from '../apply-combat';
import { applyScored } from './apply-covbat';
import type { CovbatModel } from './covbat-model';
import type { CovbatOptions } from './covbat-options';
import { fitScored } from './fit-covbat';

/**
 * Fits CovBat to a cohort and harmonizes it: what {@link fitCovbat} and then {@link applyCovbat} make of it, to rounding. It is quicker,
 * since the scores of the scans that a model is fitted on are known from the fit.
 *
 * @example
 * ```ts
 * const { model, after } = await combat.harmonizeCovbat(cohort, { preserve: ['age', 'sex'] });
 * ```
 *
 * @throws ConcordError what {@link fitCovbat} and {@link applyCovbat} throw.
 */
export async function harmonizeCovbat(
  cohort: FeatureCohort,
  options: CovbatOptions & ApplyIntoOptions = {},
): Promise<{ readonly model: CovbatModel; readonly after: FeatureCohort }> {
  requireCall('combat.harmonizeCovbat', { cohort, options });
  const { unseen, into, ...fitting } = options;
  const { missingCovariates, signal, onProgress } = options;
  const { model, fitted } = await fitScored(cohort, fitting);
  const applying = { unseen, into, missingCovariates, signal, onProgress };
  return { model, after: await applyScored(model, cohort, applying, fitted) };
}
