/**
 * Concord removes scanner and site effects from multi-site brain MRI. This is the front door: every public name,
 * grouped by step.
 *
 * @packageDocumentation
 */
export { version } from './version';
export { ConcordError } from './errors';
export type { ErrorCode, Where, ConcordErrorOptions } from './errors';
export { adviceText } from './remedy';
export type {
  Advice,
  Alternatives,
  Remedy,
  OptionRemedy,
  CallRemedy,
  RemedyValue,
  RemedyWording,
} from './remedy';

// Nouns
export { continuous, categorical } from './data/people/covariate';
export type { Covariate, ContinuousCovariate, CategoricalCovariate } from './data/people/covariate';
export { makeParticipants, siteNames, personNames, covariateNamed } from './data/people/participants';
export type { Participants, ParticipantsRecord } from './data/people/participants';
export { makeFeatureMatrix, featureColumn } from './data/feature-matrix';
export type { FeatureMatrix } from './data/feature-matrix';
export { makeNeighbourhood, neighbourhoodFromTriangles } from './data/neighbourhood';
export type { Neighbourhood } from './data/neighbourhood';
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
export { makeAffine, invertAffine, composeAffines, transformPoint, axisCodes } from './data/images/affine';
export type { Affine, Triple } from './data/images/affine';
export type { Scan, Scanner } from './data/images/scan';
export { makeImageSet, takeImages } from './data/images/image-set';
export type { ImageSet, SliceRecord, Plane } from './data/images/image-set';
export { streamVolumes } from './data/images/stream-volumes';
export type { StreamOptions, StreamResult } from './data/images/stream-volumes';
export type { Picture } from './data/images/picture';
export type { Issue, IssueCode, Severity } from './data/issue';
export { describeInput } from './nn/input/describe-input';
export { learntFrom } from './nn/input/take-in';
export type { LearntInput, LearntKind, LearntLook, LearntReach } from './nn/input/learnt-input';
export type { Provenance, ProvenanceStep } from './data/provenance';
export type { JsonValue, JsonObject } from './data/json';
export type { RunOptions, Progress } from './data/run-options';
export type { Harmonizer, HarmonizeToOptions } from './data/harmonizer';
export { harmonizedTo } from './data/harmonize-to';

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
export { rewriteTable } from './io/tables/rewrite-table';
export type { RewriteTableOptions, RewrittenTable } from './io/tables/rewrite-table';
export { toDataFrame, fromDataFrame } from './io/tables/data-frame';
export type { FrameInput } from './io/tables/data-frame';
export type { DataFrameLike, SeriesLike } from './io/tables/data-frame-like';
export type { DanfoModule } from './io/tables/danfojs';
export type { WriteFileOptions } from './io/files/write-file';
export { readVolume, readVolumeHeader } from './io/volumes/read-volume';
export type { ReadVolumeOptions, VolumeFileHeader } from './io/volumes/read-volume';
export type { NonFinitePolicy } from './io/volumes/check-voxels';
export { writeVolume, writeMask } from './io/volumes/write-volume';
export type { WriteVolumeOptions } from './io/volumes/write-volume';
export type { WrittenDatatype, VoxelScaling } from './io/volumes/formats/encode-voxels';
export { readMask } from './io/volumes/read-mask';
export { openScan } from './io/volumes/open-scan';
export type { OpenScanOptions } from './io/volumes/open-scan';
export { loadVolumes } from './io/volumes/load-volumes';
export type {
  VolumeEntry,
  LoadScanOptions,
  LoadVolumesOptions,
  LoadVolumeTableOptions,
} from './io/volumes/load-volumes';
export type { FileTableOptions } from './io/volumes/file-table';
export type { ScanCheck } from './io/volumes/check-scans';
export { loadSurfaceMaps } from './io/volumes/load-surface-maps';
export type { SurfaceMapEntry, LoadSurfaceMapsOptions } from './io/volumes/load-surface-maps';
export { readSurfaceMap } from './io/volumes/read-surface-map';
export { loadBids } from './io/bids/load-bids';
export type { EntityFilter, LoadBidsOptions, SiteSource } from './io/bids/load-bids-options';
export { writeBids } from './io/bids/written/write-bids';
export type { WriteBidsOptions, WrittenBids } from './io/bids/written/write-bids-options';
export { saveImages } from './io/images/save-images';
export { loadImages } from './io/images/load-images';
export { writePicture } from './io/files/write-picture';
export { saveModel, loadModel, loadAnyModel } from './methods/save-model';
export type { Model, ModelOf } from './methods/save-model';
export { addMethod, allMethods } from './methods/methods';
export type { ModelByKind } from './methods/methods';
export type {
  AnyModel,
  CardTable,
  FileStorage,
  FolderStorage,
  HarmonizerMakers,
  HarmonizerOptions,
  Method,
  ModelCard,
  ModelKind,
  PreparedSlices,
  SliceInput,
  SliceMethod,
} from './methods/method';
export { choiceOption, commandPart, valueOption } from './methods/method-option';
export type {
  CommandPart,
  MethodOption,
  MethodOptions,
  OptionTypes,
  ValuesOf,
} from './methods/method-option';
export type {
  ApplyCall,
  MethodCommand,
  ModelCovariate,
  ModelTable,
  ScansCall,
  TablesCall,
  TrainingCall,
  TrainingImages,
  TrainingPart,
  TrainingRange,
  TrainingSettings,
} from './methods/method-command';
export type { StoredModel } from './io/models/model-file';
export type { DoubleTable } from './io/networks/safetensors-file';
export type { StoredNetwork, NetworkDescription } from './data/networks/stored-network';
export type { LearntIntensityModel } from './intensity/intensity-model-json';
export { openImages } from './io/images/open-images';
export type { OpenImages } from './io/images/open-images';

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

export { simulateVertexCohort } from './simulate/simulate-vertex-cohort';
export type {
  SimulatedVertexCohort,
  SimulateVertexCohortOptions,
  VertexTruth,
} from './simulate/simulate-vertex-cohort';

export { makePhantom } from './simulate/phantom/phantom';
export type { Phantom } from './simulate/phantom/phantom';
export type { MakePhantomOptions } from './simulate/phantom/phantom-options';
export { expectedTraits, phantomEffects, phantomSpread } from './simulate/phantom/phantom-traits';
export type { PhantomSex, PhantomTraits } from './simulate/phantom/phantom-traits';
export { rescan, scanPhantom } from './simulate/phantom/scan-phantom';
export type { ScanOptions } from './simulate/phantom/scan-phantom';
export type { TissueFactors } from './simulate/phantom/scanner/scan-tissues';
export { estimateTissueMaps } from './simulate/phantom/estimate-tissue-maps';
export type { EstimateTissueMapsOptions } from './simulate/phantom/estimate-tissue-maps';
export { makeTissueMaps, tissueNames } from './simulate/phantom/tissues';
export type { PhantomTissue, TissueMaps } from './simulate/phantom/tissues';
export { tissueProperties } from './simulate/phantom/scanner/tissue-properties';
export type { TissueProperties } from './simulate/phantom/scanner/tissue-properties';
export { sequenceSignal } from './simulate/phantom/scanner/signal-equations';
export type {
  Mprage,
  Sequence,
  SpinEcho,
  SpoiledGradientEcho,
} from './simulate/phantom/scanner/signal-equations';
export { scannerPreset } from './simulate/phantom/scanner/scanner-presets';
export type { ScannerPreset } from './simulate/phantom/scanner/scanner-presets';
export type { CompleteScanner, PhantomScanner } from './simulate/phantom/scanner/phantom-scanner';
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
export { preprocess, preprocessVolume } from './preprocess/preprocess';
export type { VolumeStep } from './preprocess/preprocess';
export { withMask } from './preprocess/with-mask';
export { nonZeroMask } from './math/images/non-zero-mask';
export { reorient } from './preprocess/reorient';
export type { ReorientOptions } from './preprocess/reorient';
export { resample } from './preprocess/resample';
export type { ResampleOptions } from './preprocess/resample';
export type { Interpolation } from './math/images/interpolation';
export { cropPad, cropToMask } from './preprocess/crop-pad';
export type { CropPadOptions, CropToMaskOptions } from './preprocess/crop-pad';
export { robustFieldOfView } from './preprocess/field-of-view';
export type { FieldOfViewOptions } from './preprocess/field-of-view';
export { registerAffine } from './preprocess/registration/register-affine';
export type { RegisterAffineOptions } from './preprocess/registration/register-affine';
export { applyRegistration, invertRegistration } from './preprocess/registration/apply-registration';
export type { ApplyRegistrationOptions } from './preprocess/registration/apply-registration';
export { registrationFromJson, registrationToJson } from './data/images/affine-registration';
export type {
  AffineRegistration,
  RegistrationMetric,
  RegistrationSpaces,
} from './data/images/affine-registration';
export { loadRegistration, saveRegistration } from './io/files/registration-file';
export { register } from './preprocess/registration/register';
export type { RegisterOptions } from './preprocess/registration/register';
export { toSlices } from './preprocess/slices/to-slices';
export type { ToSlicesOptions } from './preprocess/slices/to-slices';
export type { SlicePositions } from './data/images/slice-positions';
export { fromSlices } from './preprocess/slices/from-slices';
export { toImages } from './preprocess/to-images';
export { volumeSource } from './preprocess/volume-source';
export type { VolumeSourceOptions } from './preprocess/volume-source';
export type { ToImagesOptions } from './preprocess/to-images';
export { replaceSlices } from './preprocess/slices/replace-slices';
export { brainMask } from './preprocess/brain-mask';
export type { BrainMaskOptions } from './preprocess/brain-mask';
export { applyMask } from './preprocess/apply-mask';
export type { ApplyMaskOptions } from './preprocess/apply-mask';
export { correctBias } from './preprocess/correct-bias';
export { biasField } from './preprocess/bias-field/bias-field';
export type { BiasField, MaskSource } from './preprocess/bias-field/bias-field';
export type { BiasFieldOptions } from './preprocess/bias-field/bias-field-options';
export type { BiasFieldLevel } from './preprocess/bias-field/estimate-log-field';

// Normalize intensities
export type { RegionOptions, RegionSettings } from './intensity/region';
export type { Contrast, PeakOptions } from './intensity/tissue-peak';
export { zScore } from './intensity/z-score';
export type { ZScoreOptions } from './intensity/z-score';
export { percentileScale } from './intensity/percentile-scale';
export type { PercentileScaleOptions, PercentileSettings } from './intensity/percentile-scale';
export { whiteStripe } from './intensity/white-stripe';
export type { WhiteStripeOptions, WhiteStripeSettings } from './intensity/white-stripe';
export { kdeNormalize } from './intensity/kde-normalize';
export type { KdeNormalizeOptions, KdeSettings } from './intensity/kde-normalize';
export { fcmNormalize } from './intensity/fcm-normalize';
export type { FcmNormalizeOptions, FcmSettings, Tissue } from './intensity/fcm-normalize';
export { applyNyul, fitNyul } from './intensity/nyul';
export type { NyulOptions } from './intensity/nyul';
export type { NyulModel, NyulSettings } from './intensity/nyul-model';
export { applyHistogramMatching, fitHistogramMatching } from './intensity/histogram-matching';
export type { HistogramMatchingOptions } from './intensity/histogram-matching';
export type { HistogramMatchingModel } from './intensity/histogram-matching-model';

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
  CombatMeanOnly,
  CombatSite,
  CombatPrior,
  CombatCovariate,
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
export { encode } from './ddae/encode';
export type { EncodeOptions } from './ddae/encode-options';
export { decode } from './ddae/decode';
export type { DecodeOptions } from './ddae/decode-options';
export type { DdaeTarget } from './ddae/ddae-target';
export type { DdaeCodes } from './ddae/ddae-codes';
export type { DdaeCohort } from './ddae/samples/given-samples';
export type { Independence, UnseenSite } from './ddae/ddae-model';
export type { DdaeModel, DdaeArchitecture, DdaeDiffusion, ImageScale, VertexScale } from './ddae/ddae-model';
export type { DdaeSize } from './ddae/network/ddae-sizes';
export type { KnownVariable } from './ddae/samples/known-variables';
export type { IntensityRange } from './nn/images/scan-intensity';
export type { ImageGeometry } from './nn/images/image-geometry';
export { fitMurd } from './murd/fit-murd';
export type { FitMurdOptions } from './murd/fit-murd';
export { translate } from './murd/translate';
export type { TranslateOptions, TranslateRunOptions } from './murd/translate';
export type { ReferenceStyle, SiteStyle, StyleChoice } from './murd/style-choice';
export { interpolate } from './murd/interpolate';
export type { InterpolateOptions } from './murd/interpolate';
export { contentOf, styleOf } from './murd/inspect';
export type { StyleOfOptions } from './murd/inspect';
export type { ImageRepresentation } from './data/images/image-representation';
export { murdHarmonizer } from './murd/murd-harmonizer';
export type { MurdHarmonizerOptions } from './murd/murd-harmonizer';
export { murdParameters } from './murd/murd-parameters';
export type { MurdPart } from './murd/murd-parameters';
export { murdSizes } from './murd/network/murd-sizes';
export type { MurdSize } from './murd/network/murd-sizes';
export type { MurdArchitecture, MurdDomain, MurdModel } from './murd/murd-model';
export type { MurdLossWeights } from './murd/training/loss-weights';
export type { Contrasts } from './murd/domains';
export { makeNoiseSchedule } from './diffusion/noise-schedule';
export type { NoiseSchedule, NoiseScheduleKind, NoiseScheduleOptions } from './diffusion/noise-schedule';
export type { Prediction } from './diffusion/noise-schedule';

// Networks
export { useBackend, backendReport } from './nn/backend/use-backend';
export type { UseBackendOptions } from './nn/backend/use-backend';
export { formatBackend } from './nn/backend/format-backend';
export type { BackendName, BackendReport, FailedBackend, StartedBackend } from './nn/backend/backend-report';
export { fitAutoencoder } from './nn/autoencoder/fit-autoencoder';
export type { FitAutoencoderOptions } from './nn/autoencoder/fit-autoencoder';
export { reconstructImages } from './nn/autoencoder/reconstruct-images';
export type { ReconstructImagesOptions } from './nn/autoencoder/reconstruct-images';
export type { AutoencoderArchitecture, AutoencoderModel } from './nn/autoencoder/autoencoder-model';
export type { IntensityScale } from './nn/autoencoder/intensity-scale';
export type { TrainOptions } from './nn/train/train-options';
export type { Augmentation } from './nn/train/augment';
export type {
  TrainingPoint,
  TrainingRecord,
  TrainingSoFar,
  TrainingWatcher,
} from './data/networks/training-record';
export { checkpointFolder } from './io/networks/checkpoint-folder';
export type { CheckpointFolder, CheckpointFolderOptions } from './io/networks/checkpoint-folder';
export type { Checkpoint, CheckpointStore, FoundCheckpoint } from './data/networks/checkpoint';
export { imageSource } from './data/images/memory-source';
export type { ImageSource } from './data/images/image-source';
export type { CohortSource, SliceSource } from './data/images/slice-source';
export type { Tree, WeightArray, WeightTable } from './data/networks/weights';

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
export { comparisonToJson } from './evaluate/comparison/comparison-json';
export type {
  ComparedMethod,
  ComparedValue,
  ComparisonFinding,
  ComparisonRow,
  MethodComparison,
  Standing,
} from './evaluate/comparison/method-comparison';
export type { EvaluateImagesOptions } from './evaluate/images-audit/image-audit-options';
export type { Audit, ImageAudit, ImageStateAudit } from './evaluate/images-audit/image-audit';
export type { ImageSetDistances } from './evaluate/images-audit/set-distances';
export { siteDataRange } from './evaluate/images/site-data-range';
export { alignCohorts } from './evaluate/matching/align-cohorts';
export type { AlignedCohorts } from './evaluate/matching/align-cohorts';
export { evaluateInFolds } from './evaluate/evaluate-in-folds';
export type { HeldOutOptions } from './evaluate/evaluate-in-folds';
export type { SplitEvaluation } from './evaluate/splits/evaluate-splits';
export type { EvaluateOptions } from './evaluate/evaluate-options';
export { siteProbe } from './evaluate/predictors/site-probe';
export type { SiteProbeOptions, SiteProbeResult } from './evaluate/predictors/site-probe';
export { siteEffectSizes } from './evaluate/site-figures/site-effect-sizes';
export type { SiteEffectSizes, SitePairEffect } from './evaluate/site-figures/site-effect-sizes';
export { mahalanobisBetweenSites } from './evaluate/site-figures/mahalanobis-between-sites';
export type { SiteMahalanobis, SitePairDistance } from './evaluate/site-figures/mahalanobis-between-sites';
export { siteShareOfComponents } from './evaluate/site-figures/site-share-of-components';
export type {
  ComponentSiteShare,
  SiteShareOfComponents,
  SiteShareOfComponentsOptions,
} from './evaluate/site-figures/site-share-of-components';
export type { SiteFigureOptions } from './evaluate/site-figures/person-site-means';
export { personAgreement } from './evaluate/site-figures/person-agreement';
export type {
  FeatureAgreement,
  PersonAgreement,
  PersonAgreementOptions,
} from './evaluate/site-figures/person-agreement';
export { formatAudit } from './evaluate/rows/format-audit';
export { auditToJson } from './evaluate/rows/audit-json';
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
  PersonReliability,
  SiteSeparation,
  Interval,
  Protocol,
} from './evaluate/audit';

export { imageProbe } from './evaluate/probes/image-probe';
export type { ImageProbeOptions, ImageProbeResult } from './evaluate/probes/image-probe';
export { compareImageSets, fitImageFeatures, imageFeatures } from './evaluate/probes/image-features';
export type {
  FitImageFeaturesOptions,
  ImageFeatureModel,
  ImageSetDistance,
} from './evaluate/probes/image-features';
export type { TrainedProbe } from './evaluate/probes/probe-model';
export { frechetDistance } from './evaluate/probes/frechet-distance';
export type { FeaturePoints } from './evaluate/probes/frechet-distance';
export { kernelDistance } from './evaluate/probes/kernel-distance';
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
export { imageAgreement } from './evaluate/images/image-agreement';
export type { ImageAgreement } from './evaluate/images/image-agreement';
export type { ImagePair, DataRangeOptions } from './evaluate/images/image-pair';
export { meanAbsoluteError, peakSignalToNoise } from './evaluate/images/intensity-error';
export { structuralSimilarity } from './evaluate/images/structural-similarity';
export { multiScaleSimilarity } from './evaluate/images/multi-scale-similarity';
export type { MultiScaleOptions, MultiScaleSimilarity } from './evaluate/images/multi-scale-similarity';
export { diceOverlap } from './math/images/dice-overlap';
export { gradientCorrelation } from './evaluate/images/gradient-correlation';
export { wassersteinDistance, jensenShannonDistance } from './evaluate/images/distribution-distance';
export type { JensenShannonOptions } from './evaluate/images/distribution-distance';
export { siteDistances } from './evaluate/images/site-distances';
export type { SiteDistance, SiteDistancesOptions } from './evaluate/images/site-distances';
export { regionMeans } from './evaluate/images/region-means';
export type { RegionMeansOptions } from './evaluate/images/region-means';
export type { TissueLabels } from './evaluate/images/tissue-labels';
export { siteReliability } from './evaluate/images/site-reliability';
export type { FeatureReliability } from './evaluate/images/site-reliability';
export { intraclassCorrelation, coefficientOfVariation } from './evaluate/images/reliability';
export { compareRepresentations, siteSilhouette } from './evaluate/images/representations';
export type { PairAgreement, RepresentationComparison } from './evaluate/images/representations';
export { imageDistanceCorrelation } from './evaluate/images/image-distance-correlation';

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
export { volumeViewer } from './plot/viewer/viewer';
export type {
  Viewer,
  ViewerOptions,
  ViewerImage,
  ViewerOverlay,
  ViewerLayer,
  ViewerColors,
} from './plot/viewer/viewer';
export { plotFeatureBySite } from './plot/plot-feature-by-site';
export type { FeatureBySiteOptions } from './plot/plot-feature-by-site';
export { plotDensities } from './plot/plot-densities';
export type { DensitiesOptions } from './plot/plot-densities';
export { plotSiteEffects } from './plot/plot-site-effects';
export type { SiteEffectsOptions } from './plot/plot-site-effects';
export { plotPriors } from './plot/plot-priors';
export { plotPca } from './plot/plot-pca';
export type { PcaOptions } from './plot/pca-projection';
export type { PlotRepresentationOptions } from './plot/plot-representation';
export { plotRepresentation } from './plot/plot-representation';
export { plotSlopes } from './plot/plot-slopes';
export { plotComparison } from './plot/plot-comparison';
export { plotAudit } from './plot/plot-audit';
export { plotVariance } from './plot/plot-variance';
export { auditRows } from './evaluate/rows/audit-rows';
export type {
  AuditDirection,
  AuditQuestion,
  AuditReference,
  AuditRow,
  AuditRule,
  AuditValue,
} from './evaluate/rows/audit-row';
export { auditFindings } from './evaluate/findings/audit-findings';
export type { AuditFinding, Grade } from './evaluate/findings/audit-finding';
export type { Figure, Trace, Layout } from './plot/figure';

export { plotTraining } from './plot/plot-training';
export type { PlotTrainingOptions } from './plot/plot-training';
export type { TrainingCurveOptions, TrainingRuns } from './plot/training-curves';

// Show in a notebook
export { show } from './notebook/show';
export type { ShowOptions } from './notebook/show';
export type { TableLimits } from './notebook/table-view';
export type { FigureOptions } from './notebook/figure-view';
export { view } from './notebook/viewer-view';
export type { ViewOptions, ViewerDisplayOptions } from './notebook/viewer-view';
export { progressBar } from './notebook/progress-bar';
export { interruptSignal, releaseInterruptSignal } from './notebook/interrupt-signal';

export { watchTraining } from './notebook/training-view';
export type { WatchTrainingOptions } from './notebook/training-view';

// Report
export { harmonizationReport } from './report/harmonization-report';
export type { HarmonizationResult, HarmonizationReportOptions } from './report/harmonization-report';
export { auditReport } from './report/audit-report';
export { comparisonReport } from './report/comparison-report';
export type { AuditReportOptions, AuditResult } from './report/audit-report';
export { imageAuditReport } from './report/image-audit-report';
export type { ImageAuditResult } from './report/image-audit-report';
export { scansReport } from './report/scans-report';
export type { ScansReportOptions, ScansResult } from './report/scans-report';
export { applicationReport } from './report/application-report';
export type { ApplicationReportOptions, ApplicationResult } from './report/application-report';
export { renderReport } from './report/render-report';
export { writeReport } from './report/write-report';
export type {
  ReportContent,
  ReportFact,
  ReportList,
  ReportReading,
  ReportFigure,
  ReportTable,
  ReportPicture,
  ReportViewer,
} from './report/report-content';
