import { checkedHarmonizer } from '../../data/calls/checked-harmonizer';
import { requireCall } from '../../data/calls/require-call';
import { chosenTarget, requireNoTarget } from '../../data/harmonize-to';
import type { HarmonizerAtOnce } from '../../data/fit-and-apply';
import type { Harmonizer } from '../../data/harmonizer';
import type { ApplyCombatOptions } from '../apply-combat';
import { keptCovariates } from '../combat-options';
import { applyCovbat } from './apply-covbat';
import type { CovbatModel } from './covbat-model';
import type { CovbatOptions } from './covbat-options';
import { fitCovbat } from './fit-covbat';
import { harmonizeCovbat } from './harmonize-covbat';

/** Options of {@link covbatHarmonizer}: those of fitting and of applying. */
export type CovbatHarmonizerOptions = CovbatOptions & ApplyCombatOptions;

/**
 * CovBat as a {@link Harmonizer}, for audits and comparisons: inside folds, scores are learned in the fold.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combat.covbatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }));
 * ```
 *
 * @throws ConcordError `invalid-option` for an option that does not exist.
 */
export function covbatHarmonizer(options: CovbatHarmonizerOptions = {}): Harmonizer<CovbatModel> {
  requireNoTarget(options);
  requireCall('combat.covbatHarmonizer', { options });
  const { unseen, ...fitting } = options;
  const { missingCovariates, signal, onProgress } = options;
  const targets = ({ combat }: CovbatModel): readonly string[] => [combat.settings.reference ?? 'average'];
  const kept = keptCovariates(options);
  const method: HarmonizerAtOnce<CovbatModel> = {
    name: 'CovBat',
    kind: 'features',
    canPreserve: true,
    preserves: kept.preserve.map(({ name }) => name),
    curves: kept.smooth.map(({ name }) => name),
    fit: (cohort, run) => fitCovbat(cohort, { ...fitting, ...run }),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(targets(model), target);
      return applyCovbat(model, cohort, { unseen, missingCovariates, signal, onProgress, ...run });
    },
    fitAndApply: async (cohort, { target, ...run } = {}) => {
      const made = await harmonizeCovbat(cohort, { ...options, ...run });
      chosenTarget(targets(made.model), target);
      return made;
    },
    targets,
  };
  return checkedHarmonizer(method, { verb: 'combat.covbatHarmonizer', modelType: 'CovbatModel' });
}
