/**
 * ComBat over hospitals that may not share data: a coordinator and hospitals exchange signed messages of sums, by mail or any
 * other way, and have in the end the model that `fitCombat` would have learned from all tables joined.
 *
 * @module
 */
export {
  federatedKeysOf as keysOf,
  keyFingerprint as fingerprint,
  makeFederatedKeys as makeKeys,
} from '../federate/message';
export type { FederatedKeys, FederatedMessage, FederatedStep } from '../federate/message';
export { makeFederatedStudy as makeStudy } from '../federate/study';
export type { FederatedCovariate, FederatedStudyOptions } from '../federate/study';
export { makeFederatedAnswer as makeAnswer } from '../federate/make-answer';
export type { FederatedAnswerOptions } from '../federate/make-answer';
export {
  combineFederatedAnswers as combineAnswers,
  federatedModelOf as modelOf,
} from '../federate/combine-answers';
export type { CombineAnswersOptions, FederatedRound } from '../federate/combine-answers';
