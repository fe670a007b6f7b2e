import { chosenTarget, requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import type { ApplyCombatOptions } from './apply-combat';
import { applyCombat } from './apply-combat';
import type { CombatModel } from './combat-model';
import type { CombatOptions } from './combat-options';
import { keptCovariates } from './combat-options';
import { fitCombat } from './fit-combat';
import { requireCall } from '../data/calls/require-call';
import { checkedHarmonizer } from '../data/calls/checked-harmonizer';

/** Options of {@link combatHarmonizer}: those of fitting and of applying. */
export type CombatHarmonizerOptions = CombatOptions & ApplyCombatOptions;

/**
 * ComBat as a {@link Harmonizer}, for audits and comparisons.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }));
 * ```
 *
 * @throws ConcordError `invalid-option` for an option that does not exist.
 */
export function combatHarmonizer(options: CombatHarmonizerOptions = {}): Harmonizer<CombatModel> {
  requireNoTarget(options);
  requireCall('combatHarmonizer', { options });
  const { unseen, ...fitting } = options;
  const { missingCovariates, signal, onProgress } = options;
  const targets = ({ settings }: CombatModel): readonly string[] => [settings.reference ?? 'average'];
  const kept = keptCovariates(options);
  const method: Harmonizer<CombatModel> = {
    name: 'ComBat',
    kind: 'features',
    canPreserve: true,
    preserves: kept.preserve.map(({ name }) => name),
    curves: kept.smooth.map(({ name }) => name),
    fit: (cohort, run) => fitCombat(cohort, { ...fitting, ...run }),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(targets(model), target);
      return applyCombat(model, cohort, { unseen, missingCovariates, signal, onProgress, ...run });
    },
    targets,
  };
  return checkedHarmonizer(method, { verb: 'combatHarmonizer', modelType: 'CombatModel' });
}
