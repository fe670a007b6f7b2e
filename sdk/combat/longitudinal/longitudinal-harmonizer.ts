import { checkedHarmonizer } from '../../data/calls/checked-harmonizer';
import { requireCall } from '../../data/calls/require-call';
import { chosenTarget, requireNoTarget } from '../../data/harmonize-to';
import type { Harmonizer } from '../../data/harmonizer';
import { keptCovariates } from '../combat-options';
import { applyLongitudinal } from './apply-longitudinal';
import { fitLongitudinal } from './fit-longitudinal';
import type { LongitudinalModel } from './longitudinal-model';
import type { ApplyLongitudinalOptions, LongitudinalOptions } from './longitudinal-options';
import { longitudinalSteps } from './longitudinal-options';

/** Options of {@link longitudinalHarmonizer}: those of fitting and of applying. */
export type LongitudinalHarmonizerOptions = LongitudinalOptions & ApplyLongitudinalOptions;

/**
 * Longitudinal ComBat as a {@link Harmonizer}, for audits and comparisons. Folds keep the scans of a person together, so what
 * sets a held-out person apart is predicted from the person's own scans.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combat.longitudinalHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }));
 * ```
 *
 * @throws ConcordError `invalid-option` for an option that does not exist.
 */
export function longitudinalHarmonizer(
  options: LongitudinalHarmonizerOptions = {},
): Harmonizer<LongitudinalModel> {
  requireNoTarget(options);
  requireCall('combat.longitudinalHarmonizer', { options });
  const { unseen, unseenPersons, ...fitting } = options;
  const { missingCovariates, signal, onProgress } = options;
  const applying = { unseen, unseenPersons, missingCovariates, signal, onProgress };
  const targets = ({ combat }: LongitudinalModel): readonly string[] => [
    combat.settings.reference ?? 'average',
  ];
  const method: Harmonizer<LongitudinalModel> = {
    name: 'longitudinal ComBat',
    kind: 'features',
    canPreserve: true,
    preserves: keptCovariates(longitudinalSteps(fitting).combat).preserve.map(({ name }) => name),
    fit: (cohort, run) => fitLongitudinal(cohort, { ...fitting, ...run }),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(targets(model), target);
      return applyLongitudinal(model, cohort, { ...applying, ...run });
    },
    targets,
  };
  return checkedHarmonizer(method, {
    verb: 'combat.longitudinalHarmonizer',
    modelType: 'LongitudinalModel',
  });
}
