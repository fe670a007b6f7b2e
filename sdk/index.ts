/**
 * Concord removes scanner and site effects from multi-site brain MRI. This is the front door: every public name,
 * grouped by step.
 *
 * @packageDocumentation
 */

// Version and errors
export { version } from './version';
export { ConcordError } from './errors';
export type { ErrorCode, Where, ConcordErrorOptions, NoticedIssue } from './errors';
export { adviceText } from './advice-text';
export type {
  Advice,
  Alternatives,
  Remedy,
  OptionRemedy,
  CallRemedy,
  RemedyValue,
  RemedyWording,
} from './remedy';

// Namespaces: what is not for everybody, in rooms of its own: `phantoms.make()`, `metrics.structuralSimilarity(…)`
export * as affine from './front/affine';
export * as audits from './front/audits';
export * as baselines from './front/baselines';
export * as combat from './front/combat';
export * as ddae from './front/ddae';
export * as federated from './front/federated';
export * as intensity from './front/intensity';
export * as methods from './front/methods';
export * as metrics from './front/metrics';
export * as murd from './front/murd';
export * as networks from './front/networks';
export * as phantoms from './front/phantoms';
export * as registrations from './front/registrations';
export * as reports from './front/reports';
export * as surfaces from './front/surfaces';
export * as volumes from './front/volumes';

// Nouns
export { continuous, categorical } from './data/people/covariate';
export type { Covariate, ContinuousCovariate, CategoricalCovariate } from './data/people/covariate';
export { makeParticipants, siteNames, personNames, covariateNamed } from './data/people/participants';
export type { Participants, ParticipantsRecord, WithParticipants } from './data/people/participants';
export type { ParticipantRow, ParticipantTest } from './data/people/participant-row';
export { makeFeatureMatrix, featureColumn } from './data/feature-matrix';
export type { FeatureMatrix } from './data/feature-matrix';
export { makeFeatureCohort, takeSubjects, selectFeatures } from './data/cohort';
export { joinImages } from './data/images/join-images';
export { makeVolumeCohort, makeImageCohort } from './data/cohort';
export type {
  Cohort,
  CohortOf,
  FeatureCohort,
  VolumeCohort,
  ImageCohort,
  CohortRecord,
  FeatureCohortRecord,
  ImageCohortRecord,
} from './data/cohort';
export type { TableReading, ColumnSetAside, CovariateReading } from './data/table-reading';
export { makeVolume } from './data/images/volume';
export type { Volume, VolumeHeader, VolumeRecord, Grid, Datatype } from './data/images/volume';
export type { Affine, Triple } from './data/images/affine';
export type { Scan, Scanner } from './data/images/scan';
export { makeImageSet, takeImages } from './data/images/image-set';
export type { ImageSet, SliceRecord, Plane } from './data/images/image-set';
export { streamVolumes } from './math/images/stream-volumes';
export type { StreamOptions, StreamResult } from './math/images/stream-volumes';
export type { Picture } from './data/images/picture';
export type { Issue, IssueCode } from './data/issue';
export type { Severity } from './data/issues/catalog';
export type { AuditIssueCode } from './data/issues/audit-issues';
export type { HarmonizingIssueCode } from './data/issues/harmonizing-issues';
export type { NetworkIssueCode } from './data/issues/network-issues';
export type { PeopleIssueCode } from './data/issues/people-issues';
export type { ScanIssueCode } from './data/issues/scan-issues';
export type { TableIssueCode } from './data/issues/table-issues';
export type {
  LearnedExtent,
  LearnedInput,
  LearnedKind,
  LearnedLook,
  LearnedPartReach,
  LearnedPlace,
  LearnedReach,
} from './nn/input/learned-input';
export type { Provenance, ProvenanceStep } from './data/provenance';
export type { JsonValue, JsonObject } from './data/json';
export type { RunOptions, Progress } from './data/run-options';
export type { Harmonizer, HarmonizeToOptions } from './data/harmonizer';

// Load and save
export { loadTable } from './io/tables/load-table';
export type {
  LoadTableOptions,
  SameLabels,
  TableOptions,
  CovariateSpec,
  FeatureSelection,
  ParticipantsFile,
} from './io/tables/table-options';
export type { MissingMarks, MissingOption } from './io/cells/missing-marks';
export type { DecimalSign, NumberFormat, ThousandsSign } from './io/cells/number-format';
export { loadFreeSurferStats } from './io/free-surfer/load-free-surfer-stats';
export type { LoadFreeSurferStatsOptions, FreeSurferMeasure } from './io/free-surfer/load-free-surfer-stats';
export { writeTable } from './io/tables/write-table';
export type { WrittenTable } from './io/tables/write-table';
export { writeRows } from './io/tables/write-rows';
export type { ResultRow } from './io/tables/write-rows';
export { rewriteTable } from './io/tables/rewrite-table';
export type { RewriteTableOptions, RewrittenTable } from './io/tables/rewrite-table';
export { toDataFrame, fromDataFrame } from './io/tables/data-frame';
export type { FrameInput } from './io/tables/data-frame';
export type { DataFrameLike, SeriesLike } from './io/tables/data-frame-like';
export type { DanfoModule } from './io/tables/danfojs';
export type { WriteFileOptions } from './io/files/write-file';
export { readVolume } from './io/volumes/read-volume';
export type { ReadVolumeOptions } from './io/volumes/read-volume';
export type { NonFinitePolicy } from './io/volumes/check-voxels';
export { writeVolume } from './io/volumes/write-volume';
export type { WriteVolumeOptions } from './io/volumes/write-volume';
export type { WrittenDatatype, VoxelScaling } from './io/volumes/formats/encode-voxels';
export { loadVolumes } from './io/volumes/load-volumes';
export type {
  VolumeEntry,
  LoadScanOptions,
  LoadVolumesOptions,
  LoadVolumeTableOptions,
} from './io/volumes/load-volumes';
export type { FileTableOptions } from './io/volumes/file-table';
export type { ScanCheck } from './io/volumes/check-scans';
export { loadSurfaceMaps } from './io/volumes/surfaces/load-surface-maps';
export type { SurfaceMapEntry, LoadSurfaceMapsOptions } from './io/volumes/surfaces/load-surface-maps';
export { loadBids } from './io/bids/load-bids';
export type { EntityFilter, LoadBidsOptions, SiteSource } from './io/bids/load-bids-options';
export { writeBids } from './io/bids/written/write-bids';
export type { WriteBidsOptions, WrittenBids } from './io/bids/written/write-bids-options';
export { saveImages } from './io/images/save-images';
export { loadImages } from './io/images/load-images';
export { writePicture } from './io/files/write-picture';
export { saveModel, loadModel, loadAnyModel } from './methods/save-model';
export { loadShippedModel } from './methods/shipped-models';
export type { Model, ModelOf } from './methods/save-model';
export type { ModelByKind } from './methods/methods';
export type { AnyModel } from './methods/method';

// Simulate
export { exampleTable } from './simulate/example-table';
export { simulateFeatureCohort } from './simulate/simulate-feature-cohort';
export type { SimulatedFeatureCohort } from './simulate/simulate-feature-cohort';
export type {
  SimulateFeatureCohortOptions,
  SimulatedSite,
  SiteEffectOptions,
  Spread,
} from './simulate/simulation-options';
export type { FeatureTruth, SiteTruth, SimulatedPrior } from './simulate/feature-truth';

export { simulateVertexCohort } from './simulate/simulate-vertex-cohort';
export type {
  SimulatedVertexCohort,
  SimulateVertexCohortOptions,
  VertexTruth,
} from './simulate/simulate-vertex-cohort';

export type { PhantomCohortOptions, PhantomPerson } from './simulate/phantom/phantom-plan';
export { simulateVolumeCohort } from './simulate/phantom/simulate-volume-cohort';
export type {
  PhantomCohortTruth,
  SimulatedVolumeCohort,
  SimulateVolumeCohortOptions,
} from './simulate/phantom/simulate-volume-cohort';
export { simulateSlices } from './simulate/phantom/simulate-slices';
export type {
  SimulatedSlices,
  SimulateSlicesOptions,
  SliceCohortTruth,
} from './simulate/phantom/simulate-slices';
export type { SliceOptions } from './simulate/phantom/slice-geometry';

// Preprocess
export { steps } from './steps';
export type { Steps } from './steps';
export { preprocess } from './preprocess/preprocess';
export type { StepRun, VolumeStep } from './preprocess/preprocess';
export type { SlicePositions } from './data/images/slice-positions';
export { toImages } from './preprocess/to-images';
export type { ToImagesOptions } from './preprocess/to-images';
export { replaceSlices } from './preprocess/slices/replace-slices';

// Harmonize
export { fitCombat } from './combat/fit-combat';
export { applyCombat } from './combat/apply-combat';
export type { ApplyCombatOptions, ApplyIntoOptions } from './combat/apply-combat';
export { combatHarmonizer } from './combat/combat-harmonizer';
export type { CombatHarmonizerOptions } from './combat/combat-harmonizer';
export type { CombatOptions, PreservedCovariate, SmoothTerm } from './combat/combat-options';
export type { SmoothBasis } from './combat/design/smooth-basis';
export type { CombatTerm } from './combat/design/formula';
export type { UnseenSitePolicy } from './combat/new-site-policy';
export type {
  CombatModel,
  CombatSettings,
  CombatEb,
  CombatMeanOnly,
  CombatSite,
  CombatPrior,
  CombatCovariate,
  CombatSmooth,
  FeatureStatus,
} from './combat/combat-model';

export { siteScaling } from './baselines/site-scaling';
export type { SiteScalingModel, FeatureMoments } from './baselines/site-scaling-model';

export { intensityHarmonizer } from './baselines/intensity-harmonizer';
export type { IntensityHarmonizerOptions } from './baselines/intensity-harmonizer';
export type {
  FittedMethod,
  IntensityMethod,
  IntensityMethodOptions,
  IntensityModel,
  IntensityTarget,
} from './baselines/intensity-model';

export { fitDdae } from './ddae/fit-ddae';
export type { FitDdaeOptions } from './ddae/fit-ddae';
export { harmonizeDdae } from './ddae/harmonize-ddae';
export type { HarmonizeDdaeOptions } from './ddae/harmonize-ddae';
export { harmonizeVolumes } from './methods/harmonize-volumes';
export type { HarmonizeVolumesOptions, TranslateVolumesOptions } from './methods/harmonize-volumes';
export { ddaeHarmonizer } from './ddae/ddae-harmonizer';
export type { DdaeHarmonizerOptions } from './ddae/ddae-harmonizer';
export type { DdaeTarget } from './ddae/ddae-target';
export type { DdaeModel } from './ddae/ddae-model';
export { fitMurd } from './murd/fit-murd';
export type { FitMurdOptions } from './murd/fit-murd';
export { murdHarmonizer } from './murd/murd-harmonizer';
export type { MurdHarmonizerOptions } from './murd/murd-harmonizer';
export type { MurdModel } from './murd/murd-model';

// Networks
export { useBackend } from './nn/backend/use-backend';
export type { UseBackendOptions } from './nn/backend/use-backend';
export type { BackendName, BackendReport, FailedBackend, StartedBackend } from './nn/backend/backend-report';
export type { TrainOptions } from './nn/train/train-options';
export type {
  TrainingPoint,
  TrainingRecord,
  TrainingSoFar,
  TrainingWatcher,
} from './data/networks/training-record';

// The machine
export { systemReport } from './cli/system/system-report';
export type { SystemReport, SystemReportOptions } from './cli/system/system-report';
export type { BackendTrial } from './cli/system/backend-trials';
export type { DiskRoom } from './cli/system/found-programs';

// Evaluate
export { auditTable } from './evaluate/audit-table';
export type { AuditOptions } from './evaluate/audit-table';
export { evaluateTable } from './evaluate/evaluate-table';
export type { EvaluateTableOptions } from './evaluate/evaluate-table';
export { auditImages } from './compare/audit-images';
export type { AuditImagesOptions } from './compare/audit-images';
export type { AlikeSlicesOptions } from './preprocess/slices/cut-alike';
export { compareMethods } from './compare/compare-methods';
export type { CompareMethodsOptions } from './compare/compare-options';
export type { AnyHarmonizer, ComparedHarmonizers } from './compare/compared-harmonizer';
export { formatComparison } from './evaluate/comparison/format-comparison';
export type {
  ComparedMethod,
  ComparedModel,
  ComparisonBudget,
  LeftOutMethod,
  ComparedValue,
  ComparisonFinding,
  ComparisonRow,
  MethodComparison,
  Standing,
} from './evaluate/comparison/method-comparison';
export type { EvaluateImagesOptions } from './evaluate/images-audit/image-audit-options';
export type { Audit, ImageAudit } from './evaluate/images-audit/image-audit';
export type { EvaluateOptions } from './evaluate/evaluate-options';
export { formatAudit } from './evaluate/rows/format-audit';
export type { TableAudit, Interval } from './evaluate/audit';

export { qualityReport } from './evaluate/quality/quality-report';
export type { QualityReport, QualityReportOptions, ScanQuality } from './evaluate/quality/quality-report';
export type { QualityFigures } from './evaluate/quality/quality-figures';
export { compareTravelers } from './evaluate/images/compare-travelers';
export type {
  CompareTravelersOptions,
  TravelerComparison,
  TravelerAgreement,
  SiteAgreement,
} from './evaluate/images/compare-travelers';
export { regionMeans } from './evaluate/images/region-means';
export type { RegionMeansOptions } from './evaluate/images/region-means';
export type { TissueLabels } from './evaluate/images/tissue-labels';

// Describe
export { groupSummary } from './evaluate/describe/group-summary';
export type { GroupSummaryOptions, GroupSummaryRow } from './evaluate/describe/group-summary';
export { describeSites } from './evaluate/describe/describe-sites';
export type { SiteDescription } from './evaluate/describe/describe-sites';

// Plot
export { montage } from './plot/panels/montage';
export type { MontageOptions, PictureOptions, SliceChoice } from './plot/panels/montage-options';
export { beforeAfter } from './plot/panels/before-after';
export type { BeforeAfterOptions } from './plot/panels/before-after';
export { differenceMap } from './plot/panels/difference-map';
export type { DifferenceMapOptions } from './plot/panels/difference-map';
export type { ColorMap } from './plot/panels/color-map';
export type { IntensityWindow } from './plot/panels/shown-values';
export { plotIntensities } from './plot/plot-intensities';
export type { IntensitiesOptions, SeenCohort } from './plot/plot-intensities';
export { plotFeatureBySite } from './plot/plot-feature-by-site';
export type { FeatureBySiteOptions } from './plot/plot-feature-by-site';
export { plotDensities } from './plot/plot-densities';
export type { DensitiesOptions } from './plot/plot-densities';
export { plotSiteEffects } from './plot/plot-site-effects';
export type { SiteEffectsOptions } from './plot/plot-site-effects';
export { plotPriors } from './plot/plot-priors';
export { plotPca } from './plot/plot-pca';
export type { PcaOptions } from './plot/pca-projection';
export { plotScatter } from './plot/plot-scatter';
export type { ScatterOptions } from './plot/plot-scatter';
export { plotSlopes } from './plot/plot-slopes';
export { plotComparison } from './plot/plot-comparison';
export { plotAudit } from './plot/plot-audit';
export { plotVariance } from './plot/plot-variance';
export type { Figure, Trace, Layout } from './plot/figure';
export { writeFigure } from './report/write-figure';
export type { WriteFigureOptions } from './report/write-figure';
export type { FigureTheme } from './plot/figure-theme';

export { plotTraining } from './plot/plot-training';
export type { PlotTrainingOptions } from './plot/plot-training';
export type { TrainingCurveOptions, TrainingRuns } from './plot/training-curves';

// Show in a notebook
export { show } from './notebook/show';
export type { ShowOptions } from './notebook/show';
export type { TableLimits } from './notebook/table-view';
export type { FigureForm, FigureOptions } from './notebook/figure-view';
export { view } from './notebook/viewer-view';
export type { ViewOptions, ViewerDisplayOptions } from './notebook/viewer-view';
export { clearOutput } from './notebook/clear-output';
export type { ClearOutputOptions } from './notebook/clear-output';
export { progressBar } from './notebook/progress-bar';
export { interruptSignal, releaseInterruptSignal } from './notebook/interrupt-signal';

export { watchTraining } from './notebook/training-view';
export type { WatchTrainingOptions } from './notebook/training-view';

// Report
export { writeReport } from './report/write-report';
export type { ReportContent } from './report/report-content';
