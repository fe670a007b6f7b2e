import type { Harmonizer } from '../data/harmonizer';
import type { ApplyCombatOptions } from './apply-combat';
import { applyCombat } from './apply-combat';
import type { CombatModel } from './combat-model';
import type { CombatOptions } from './combat-options';
import { fitCombat } from './fit-combat';

/** Options of {@link combatHarmonizer}: those of fitting and of applying. */
export type CombatHarmonizerOptions = CombatOptions & ApplyCombatOptions;

/**
 * ComBat as a {@link Harmonizer}, for audits and comparisons.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }));
 * ```
 */
export function combatHarmonizer(options: CombatHarmonizerOptions = {}): Harmonizer<CombatModel> {
  return {
    name: 'ComBat',
    kind: 'features',
    canPreserve: true,
    preserves: (options.preserve ?? []).map((item) => (typeof item === 'string' ? item : item.name)),
    fit: (cohort, run) => fitCombat(cohort, { ...options, ...run }),
    apply: (model, cohort, run) => applyCombat(model, cohort, { ...options, ...run }),
    targets: (model) => (model.settings.reference === null ? ['average'] : [model.settings.reference]),
  };
}
