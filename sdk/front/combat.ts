/**
 * The members of ComBat's family that have a step more than `fitCombat`, whose options are those of their first step.
 *
 * @module
 */
export { fitCovbat } from '../combat/covbat/fit-covbat';
export type { CovbatOptions } from '../combat/covbat/covbat-options';
export { applyCovbat } from '../combat/covbat/apply-covbat';
export { covbatHarmonizer } from '../combat/covbat/covbat-harmonizer';
export type { CovbatHarmonizerOptions } from '../combat/covbat/covbat-harmonizer';
export type { CovbatModel, CovbatSettings } from '../combat/covbat/covbat-model';
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
