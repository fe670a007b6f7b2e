/**
 * Single figures of images, sites, persons and probes; `auditTable`, `auditImages` and `compareMethods` put them together.
 *
 * @module
 */
export { siteDataRange } from '../evaluate/images/site-data-range';
export { travelerTable } from '../evaluate/images/traveler-table';
export type { TravelerRow, TravelerTableOptions } from '../evaluate/images/traveler-table';
export { siteProbe } from '../evaluate/predictors/site-probe';
export type { SiteProbeOptions, SiteProbeResult } from '../evaluate/predictors/site-probe';
export { siteEffectSizes } from '../evaluate/site-figures/site-effect-sizes';
export type { SiteEffectSizes, SitePairEffect } from '../evaluate/site-figures/site-effect-sizes';
export { mahalanobisBetweenSites } from '../evaluate/site-figures/mahalanobis-between-sites';
export type { SiteMahalanobis, SitePairDistance } from '../evaluate/site-figures/mahalanobis-between-sites';
export { siteShareOfComponents } from '../evaluate/site-figures/site-share-of-components';
export type {
  ComponentSiteShare,
  SiteShareOfComponents,
  SiteShareOfComponentsOptions,
} from '../evaluate/site-figures/site-share-of-components';
export type { SiteFigureOptions } from '../evaluate/site-figures/person-site-means';
export { personAgreement } from '../evaluate/site-figures/person-agreement';
export type {
  FeatureAgreement,
  PersonAgreement,
  PersonAgreementOptions,
} from '../evaluate/site-figures/person-agreement';
export { imageProbe } from '../evaluate/probes/image-probe';
export type { ImageProbeOptions, ImageProbeResult } from '../evaluate/probes/image-probe';
export { compareImageSets, fitImageFeatures, imageFeatures } from '../evaluate/probes/image-features';
export type {
  FitImageFeaturesOptions,
  ImageFeatureModel,
  ImageSetDistance,
} from '../evaluate/probes/image-features';
export type { TrainedProbe } from '../evaluate/probes/probe-model';
export { frechetDistance } from '../evaluate/probes/frechet-distance';
export type { FeaturePoints } from '../evaluate/probes/frechet-distance';
export { kernelDistance } from '../evaluate/probes/kernel-distance';
export { imageAgreement } from '../evaluate/images/image-agreement';
export type { ImageAgreement } from '../evaluate/images/image-agreement';
export type { ImagePair, DataRangeOptions } from '../evaluate/images/image-pair';
export { meanAbsoluteError, peakSignalToNoise } from '../evaluate/images/intensity-error';
export { structuralSimilarity } from '../evaluate/images/structural-similarity';
export { multiScaleSimilarity } from '../evaluate/images/multi-scale-similarity';
export type { MultiScaleOptions, MultiScaleSimilarity } from '../evaluate/images/multi-scale-similarity';
export { diceOverlap } from '../math/images/dice-overlap';
export { gradientCorrelation } from '../evaluate/images/gradient-correlation';
export { sharpness } from '../evaluate/images/sharpness';
export type { SingleImage } from '../evaluate/images/sharpness';
export { tissueVolumeChange } from '../evaluate/images/tissue-volume-change';
export type {
  PartVolumeChange,
  TissueVolumeChange,
  TissueVolumeChangeOptions,
} from '../evaluate/images/tissue-volume-change';
export { wassersteinDistance, jensenShannonDistance } from '../evaluate/images/distribution-distance';
export type { JensenShannonOptions } from '../evaluate/images/distribution-distance';
export { siteDistances } from '../evaluate/images/site-distances';
export type { SiteDistance, SiteDistancesOptions } from '../evaluate/images/site-distances';
export { siteReliability } from '../evaluate/images/site-reliability';
export type { FeatureReliability } from '../evaluate/images/site-reliability';
export { intraclassCorrelation, coefficientOfVariation } from '../evaluate/images/reliability';
export { imageDistanceCorrelation } from '../evaluate/images/image-distance-correlation';
