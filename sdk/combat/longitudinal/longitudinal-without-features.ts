import type { Participants } from '../../data/people/participants';
import { personNames } from '../../data/people/participants';
import type { CombatModel } from '../combat-model';
import type { LongitudinalModel, LongitudinalSettings } from './longitudinal-model';
import type { ScanTimes } from './person-requirements';

const none = new Float64Array(0);

/** The same persons beside another ComBat model. */
export function besideCombat(model: LongitudinalModel, combat: CombatModel): LongitudinalModel {
  return { ...model, combat };
}

/** What a longitudinal model has whatever its features: of a model whose features are elsewhere. */
export function longitudinalWithoutFeatures(
  combat: CombatModel,
  participants: Participants,
  {
    settings,
    time,
  }: {
    readonly settings: LongitudinalSettings;
    readonly time: Pick<ScanTimes, 'center' | 'spread'> | undefined;
  },
): LongitudinalModel {
  return {
    kind: 'longitudinal',
    schema: 1,
    version: combat.version,
    settings,
    combat,
    persons: personNames(participants),
    scans: participants.ids,
    time: time === undefined ? null : { center: time.center, spread: time.spread },
    effects: none,
    covariance: none,
    residualVariance: none,
    criterion: none,
    issues: combat.issues,
    provenance: combat.provenance,
  };
}
