/**
 * The members of ComBat's family that have a step more than `fitCombat`, whose options are those of their first step.
 *
 * @module
 */
export { fitCovbat } from '../combat/covbat/fit-covbat';
export type { CovbatOptions } from '../combat/covbat/covbat-options';
export { applyCovbat } from '../combat/covbat/apply-covbat';
export { harmonizeCovbat } from '../combat/covbat/harmonize-covbat';
export { covbatHarmonizer } from '../combat/covbat/covbat-harmonizer';
export type { CovbatHarmonizerOptions } from '../combat/covbat/covbat-harmonizer';
export type { CovbatModel, CovbatSettings } from '../combat/covbat/covbat-model';
export { newSiteError } from '../combat/new-site-error';
export type { NewSiteError, NewSiteErrorOptions } from '../combat/new-site-error';
export type { NewSiteEstimate } from '../combat/new-site-policy';
export { fitNestedCombat } from '../combat/batches/fit-nested-combat';
export type { NestedCombatOptions } from '../combat/batches/nested-combat-options';
export { applyNestedCombat } from '../combat/batches/apply-nested-combat';
export { nestedCombatHarmonizer } from '../combat/batches/nested-combat-harmonizer';
export type { NestedCombatHarmonizerOptions } from '../combat/batches/nested-combat-harmonizer';
export type {
  BatchStep,
  DifferingFeatures,
  NestedCombatModel,
  NestedCombatSettings,
  TriedOrder,
} from '../combat/batches/nested-combat-model';
export type { BatchVariable } from '../combat/batches/batch-variables';
export type { MixtureSplit } from '../combat/batches/mixture-split';
export type { NormalPart } from '../math/statistics/two-normals';
export { fitLongitudinal } from '../combat/longitudinal/fit-longitudinal';
export type {
  ApplyLongitudinalOptions,
  LongitudinalOptions,
  UnseenPersonPolicy,
} from '../combat/longitudinal/longitudinal-options';
export { applyLongitudinal } from '../combat/longitudinal/apply-longitudinal';
export { longitudinalHarmonizer } from '../combat/longitudinal/longitudinal-harmonizer';
export type { LongitudinalHarmonizerOptions } from '../combat/longitudinal/longitudinal-harmonizer';
export type {
  LongitudinalModel,
  LongitudinalSettings,
  LongitudinalTime,
} from '../combat/longitudinal/longitudinal-model';
