import { chosenTarget, requireNoTarget } from '../../data/harmonize-to';
import { keptCovariates } from '../../combat/combat-options';
import type { Harmonizer } from '../../data/harmonizer';
import type { ApplyPixelCombatOptions } from './apply-pixel-combat';
import { applyPixelCombat } from './apply-pixel-combat';
import type { PixelCombatOptions } from './fit-pixel-combat';
import { fitPixelCombat } from './fit-pixel-combat';
import type { PixelCombatModel } from './pixel-combat-model';
import { requireCall } from '../../data/calls/require-call';
import { checkedHarmonizer } from '../../data/calls/checked-harmonizer';

/** Options of {@link pixelCombatHarmonizer}: those of fitting and of applying. */
export type PixelCombatHarmonizerOptions = PixelCombatOptions & ApplyPixelCombatOptions;

/**
 * ComBat by pixels as a {@link Harmonizer} of slices, for audits and comparisons.
 *
 * @example
 * ```ts
 * const method = baselines.pixelCombatHarmonizer({ preserve: ['age', 'sex'] });
 * const after = await method.apply(await method.fit(slices), slices);
 * ```
 */
export function pixelCombatHarmonizer(
  options: PixelCombatHarmonizerOptions = {},
): Harmonizer<PixelCombatModel, 'images'> {
  requireNoTarget(options);
  requireCall('baselines.pixelCombatHarmonizer', { options });
  const { unseen, ...fit } = options;
  const targets = ({ combat }: PixelCombatModel): readonly string[] => [
    combat.settings.reference ?? 'average',
  ];
  const method: Harmonizer<PixelCombatModel, 'images'> = {
    name: 'ComBat by pixels',
    kind: 'images',
    canPreserve: true,
    preserves: keptCovariates(options).preserve.map(({ name }) => name),
    fit: (cohort, run) => fitPixelCombat(cohort, { ...fit, ...run }),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(targets(model), target);
      return applyPixelCombat(model, cohort, { unseen, ...run });
    },
    targets,
  };
  return checkedHarmonizer(method, {
    verb: 'baselines.pixelCombatHarmonizer',
    modelType: 'PixelCombatModel',
  });
}
