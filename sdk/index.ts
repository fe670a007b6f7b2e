/**
 * Concord removes scanner and site effects from multi-site brain MRI. This is the front door: every public name,
 * grouped by step.
 *
 * @packageDocumentation
 */
export { version } from './version';
export { ConcordError } from './errors';
export type { ErrorCode, Where, ConcordErrorOptions } from './errors';

// Nouns
export { continuous, categorical } from './data/covariate';
export type { Covariate, ContinuousCovariate, CategoricalCovariate } from './data/covariate';
export { makeParticipants, siteNames, covariateNamed } from './data/participants';
export type { Participants } from './data/participants';
export { makeFeatureMatrix, featureColumn } from './data/feature-matrix';
export type { FeatureMatrix } from './data/feature-matrix';
export { makeFeatureCohort, takeSubjects, selectFeatures } from './data/cohort';
export type { Cohort, FeatureCohort, CohortRecord } from './data/cohort';
export type { Issue, IssueCode, Severity } from './data/issue';
export type { Provenance, ProvenanceStep } from './data/provenance';
export type { JsonValue, JsonObject } from './data/json';
export type { RunOptions, Progress } from './data/run-options';
export type { Harmonizer } from './data/harmonizer';
