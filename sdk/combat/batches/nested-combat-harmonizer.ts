import { checkedHarmonizer } from '../../data/calls/checked-harmonizer';
import { requireCall } from '../../data/calls/require-call';
import { chosenTarget, requireNoTarget } from '../../data/harmonize-to';
import type { Harmonizer } from '../../data/harmonizer';
import type { ApplyCombatOptions } from '../apply-combat';
import { keptCovariates } from '../combat-options';
import { applyNestedCombat } from './apply-nested-combat';
import { fitNestedCombat } from './fit-nested-combat';
import type { NestedCombatModel } from './nested-combat-model';
import type { NestedCombatOptions } from './nested-combat-options';

/** Options of {@link nestedCombatHarmonizer}: those of fitting and of applying. */
export type NestedCombatHarmonizerOptions = NestedCombatOptions & ApplyCombatOptions;

/**
 * Nested ComBat as a {@link Harmonizer}, for audits and comparisons: inside folds, the order is searched in the fold. Audits do
 * not take its batch variables for biology.
 *
 * @example
 * ```ts
 * const method = combat.nestedCombatHarmonizer({ batches: ['site', 'kernel'], preserve: ['age'], unseen: 'estimate' });
 * const audit = await auditTable(cohort, method);
 * ```
 *
 * @throws ConcordError `invalid-option` for an option that does not exist.
 */
export function nestedCombatHarmonizer(
  options: NestedCombatHarmonizerOptions,
): Harmonizer<NestedCombatModel> {
  requireNoTarget(options);
  requireCall('combat.nestedCombatHarmonizer', { options });
  const { unseen, ...fitting } = options;
  const { missingCovariates, signal, onProgress } = options;
  const kept = keptCovariates(fitting);
  const method: Harmonizer<NestedCombatModel> = {
    name: 'Nested ComBat',
    kind: 'features',
    canPreserve: true,
    preserves: kept.preserve.map(({ name }) => name),
    curves: kept.smooth.map(({ name }) => name),
    removes: options.batches,
    fit: (cohort, run) => fitNestedCombat(cohort, { ...fitting, ...run }),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(nestedTargets(model), target);
      return applyNestedCombat(model, cohort, { unseen, missingCovariates, signal, onProgress, ...run });
    },
    targets: nestedTargets,
  };
  return checkedHarmonizer(method, { verb: 'combat.nestedCombatHarmonizer', modelType: 'NestedCombatModel' });
}

/** What a nested model harmonizes to: the average, or the reference levels. */
export function nestedTargets({ settings: { references } }: NestedCombatModel): readonly string[] {
  const levels = Object.entries(references).map(([name, level]) => `${name} ${level}`);
  return [levels.length === 0 ? 'average' : levels.join(', ')];
}
