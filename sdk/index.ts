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

// Load and save
export { loadTable } from './io/load-table';
export type {
  LoadTableOptions,
  TableOptions,
  CovariateSpec,
  FeatureSelection,
  ParticipantsFile,
} from './io/table-options';
export { loadFreeSurferStats } from './io/load-free-surfer-stats';
export type { LoadFreeSurferStatsOptions, FreeSurferMeasure } from './io/load-free-surfer-stats';
export { writeTable } from './io/write-table';
export type { WrittenTable } from './io/write-table';
export { rewriteTable } from './io/rewrite-table';
export type { RewriteTableOptions, RewrittenTable } from './io/rewrite-table';
export { toDataFrame, fromDataFrame } from './io/data-frame';
export type { FrameInput } from './io/data-frame';
export type { DataFrameLike, SeriesLike } from './io/data-frame-like';
export type { DanfoModule } from './io/danfojs';
export type { WriteFileOptions } from './io/write-file';
export { saveModel, loadModel } from './models';
export type { Model } from './models';

// Simulate
export { simulateFeatureCohort } from './simulate/simulate-feature-cohort';
export type { SimulatedFeatureCohort } from './simulate/simulate-feature-cohort';
export type {
  SimulateFeatureCohortOptions,
  SimulatedSite,
  SiteEffectOptions,
  Spread,
} from './simulate/simulation-options';
export type { FeatureTruth, SiteTruth, SimulatedPrior } from './simulate/feature-truth';

// Harmonize
export { fitCombat } from './combat/fit-combat';
export { applyCombat } from './combat/apply-combat';
export type { ApplyCombatOptions } from './combat/apply-combat';
export { combatHarmonizer } from './combat/combat-harmonizer';
export type { CombatHarmonizerOptions } from './combat/combat-harmonizer';
export type { CombatOptions, PreservedCovariate } from './combat/combat-options';
export type { UnseenSitePolicy } from './combat/unseen-site';
export type {
  CombatModel,
  CombatSettings,
  CombatEb,
  CombatSite,
  CombatPrior,
  CombatCovariate,
  FeatureStatus,
} from './combat/combat-model';

export { siteScaling } from './baselines/site-scaling';
export type { SiteScalingModel, FeatureMoments } from './baselines/site-scaling';

// Evaluate
export { auditTable } from './evaluate/audit-table';
export type { AuditOptions } from './evaluate/audit-table';
export { evaluateTable } from './evaluate/evaluate-table';
export type { EvaluateTableOptions } from './evaluate/evaluate-table';
export { evaluateInFolds } from './evaluate/evaluate-in-folds';
export type { SplitEvaluation } from './evaluate/evaluate-splits';
export type { EvaluateOptions } from './evaluate/evaluate-options';
export { siteProbe } from './evaluate/site-probe';
export type { SiteProbeOptions, SiteProbeResult } from './evaluate/site-probe';
export { formatAudit } from './evaluate/format-audit';
export { auditToJson } from './evaluate/audit-json';
export type {
  TableAudit,
  SiteProbe,
  SiteTests,
  FeatureTest,
  TestResult,
  VarianceShare,
  CovariateRegression,
  CovariateClassification,
  CovariateSlopes,
  DistanceCorrelation,
  Interval,
  Protocol,
} from './evaluate/audit';

// Plot
export { plotFeatureBySite } from './plot/plot-feature-by-site';
export type { FeatureBySiteOptions } from './plot/plot-feature-by-site';
export { plotDensities } from './plot/plot-densities';
export type { DensitiesOptions } from './plot/plot-densities';
export { plotSiteEffects } from './plot/plot-site-effects';
export type { SiteEffectsOptions } from './plot/plot-site-effects';
export { plotPriors } from './plot/plot-priors';
export { plotPca } from './plot/plot-pca';
export type { PcaOptions } from './plot/plot-pca';
export { plotSlopes } from './plot/plot-slopes';
export { plotAudit } from './plot/plot-audit';
export { plotVariance } from './plot/plot-variance';
export { auditRows } from './evaluate/audit-rows';
export type { AuditRow, AuditValue, AuditQuestion } from './evaluate/audit-rows';
export { auditFindings } from './evaluate/audit-findings';
export type { AuditFinding, Grade } from './evaluate/audit-findings';
export type { Figure, Trace, Layout } from './plot/figure';

// Show in a notebook
export { show } from './notebook/show';
export type { ShowOptions } from './notebook/show';
export type { TableLimits } from './notebook/table-view';
export type { FigureOptions } from './notebook/figure-view';
export { progressBar } from './notebook/progress-bar';
export { interruptSignal, releaseInterruptSignal } from './notebook/interrupt-signal';

// Report
export { harmonizationReport } from './report/harmonization-report';
export type { HarmonizationResult, HarmonizationReportOptions } from './report/harmonization-report';
export { renderReport } from './report/render-report';
export { writeReport } from './report/write-report';
export type { ReportContent, ReportFact, ReportFigure } from './report/report-content';
