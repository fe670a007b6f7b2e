/**
 * Inside an audit: its rows, findings and JSON, matched cohorts, evaluation in folds.
 *
 * @module
 */
export { comparisonToJson } from '../evaluate/comparison/comparison-json';
export type { ImageStateAudit } from '../evaluate/images-audit/image-audit';
export type { ImageSetDistances } from '../evaluate/images-audit/set-distances';
export { judgeRaw } from '../compare/judge-raw';
export type { JudgeRawOptions } from '../compare/judge-raw';
export type { JudgedRaw } from '../evaluate/images-audit/judged-raw';
export { alignCohorts } from '../evaluate/matching/align-cohorts';
export type { AlignedCohorts } from '../evaluate/matching/align-cohorts';
export { evaluateInFolds } from '../evaluate/evaluate-in-folds';
export type { HeldOutOptions } from '../evaluate/evaluate-in-folds';
export type { SplitEvaluation } from '../evaluate/splits/evaluate-splits';
export { auditToJson as toJson } from '../evaluate/rows/audit-json';
export type {
  BatchTests,
  SiteProbe,
  SiteTests,
  FeatureTest,
  TestResult,
  VarianceShare,
  CovariateRegression,
  CovariateClassification,
  CovariateSlopes,
  DistanceCorrelation,
  PersonFeatureTest,
  PersonReliability,
  PersonSiteTests,
  SiteSeparation,
  Protocol,
} from '../evaluate/audit';
export { auditRows as rows } from '../evaluate/rows/audit-rows';
export type {
  AuditDirection,
  AuditQuestion,
  AuditReference,
  AuditRow,
  AuditRule,
  AuditValue,
} from '../evaluate/rows/audit-row';
export { auditFindings as findings } from '../evaluate/findings/audit-findings';
export type { AuditFinding, Grade } from '../evaluate/findings/audit-finding';
export { featureResults } from '../report/feature-results';
export type { FeatureResult, FeatureResultsOptions } from '../report/feature-results';
