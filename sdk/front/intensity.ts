/**
 * Intensity normalizations of one volume; `steps` has them for cohorts, `intensityHarmonizer` as methods to compare.
 *
 * @module
 */
export type { LearnedIntensityModel } from '../intensity/intensity-model-json';
export type { RegionOptions, RegionSettings } from '../intensity/region';
export type { PeakOptions } from '../intensity/tissue-peak';
export { contrastOf } from '../data/images/contrast';
export type { Contrast } from '../data/images/contrast';
export { zScore } from '../intensity/z-score';
export type { ZScoreOptions } from '../intensity/z-score';
export { percentileScale } from '../intensity/percentile-scale';
export type { PercentileScaleOptions, PercentileSettings } from '../intensity/percentile-scale';
export { whiteStripe } from '../intensity/white-stripe';
export type { WhiteStripeOptions, WhiteStripeSettings } from '../intensity/white-stripe';
export { kdeNormalize } from '../intensity/kde-normalize';
export type { KdeNormalizeOptions, KdeSettings } from '../intensity/kde-normalize';
export { fcmNormalize } from '../intensity/fcm-normalize';
export type { FcmNormalizeOptions, FcmSettings, Tissue } from '../intensity/fcm-normalize';
export { applyNyul, fitNyul } from '../intensity/nyul';
export type { NyulOptions } from '../intensity/nyul';
export type { NyulModel, NyulSettings } from '../intensity/nyul-model';
export { applyHistogramMatching, fitHistogramMatching } from '../intensity/histogram-matching';
export type { HistogramMatchingOptions } from '../intensity/histogram-matching';
export type { HistogramMatchingModel } from '../intensity/histogram-matching-model';
