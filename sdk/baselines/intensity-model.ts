import type { Issue } from '../data/issue';
import type { FcmNormalizeOptions, FcmSettings } from '../intensity/fcm-normalize';
import type { HistogramMatchingOptions } from '../intensity/histogram-matching';
import type { KdeNormalizeOptions, KdeSettings } from '../intensity/kde-normalize';
import type { NyulOptions } from '../intensity/nyul';
import type { NyulSettings } from '../intensity/nyul-model';
import type { PercentileScaleOptions, PercentileSettings } from '../intensity/percentile-scale';
import type { RegionSettings } from '../intensity/region';
import type { WhiteStripeOptions, WhiteStripeSettings } from '../intensity/white-stripe';

/** The options of each intensity normalization that a harmonizer takes over; their defaults are the same. */
export interface IntensityMethodOptions {
  readonly 'z-score': object;
  readonly percentile: Pick<PercentileScaleOptions, 'percentiles'>;
  readonly 'white-stripe': Pick<WhiteStripeOptions, 'contrast' | 'bandwidth' | 'width'>;
  readonly 'kde-mode': Pick<KdeNormalizeOptions, 'contrast' | 'bandwidth'>;
  readonly fcm: Pick<FcmNormalizeOptions, 'contrast' | 'tissue'>;
  readonly nyul: Pick<NyulOptions, 'landmarks'>;
  readonly 'histogram-matching': Pick<HistogramMatchingOptions, 'levels'>;
}

/** The intensity normalizations that can serve as harmonizers. */
export type IntensityMethod = keyof IntensityMethodOptions;

/** A method with its settings, and what it learned from the scans it was fitted on. */
export type FittedMethod =
  | { readonly method: 'z-score' }
  | { readonly method: 'percentile'; readonly settings: PercentileSettings }
  | { readonly method: 'white-stripe'; readonly settings: WhiteStripeSettings }
  | { readonly method: 'kde-mode'; readonly settings: KdeSettings }
  | { readonly method: 'fcm'; readonly settings: FcmSettings }
  | { readonly method: 'nyul'; readonly settings: NyulSettings; readonly standard: readonly number[] }
  | { readonly method: 'histogram-matching'; readonly quantiles: readonly number[] };

/** What scans can be brought to: the intensities of a site, or the average of all. */
export interface IntensityTarget {
  /** The site, or `average`. */
  readonly name: string;
  /** How many scans it was learned from. */
  readonly scans: number;
  /** The method, with what it needs to make a scan's own map. */
  readonly fitted: FittedMethod;
  /** Follows every scan's own map, y → scale · y + offset: back to the intensities of the scans it was learned from. */
  readonly calibration: { readonly scale: number; readonly offset: number };
}

/** What an intensity harmonizer learned. Plain JSON. */
export interface IntensityModel {
  readonly kind: 'intensity';
  /** `average` first, then the sites that had usable scans. */
  readonly targets: readonly IntensityTarget[];
  /** How many scans it was fitted on. */
  readonly scans: number;
  /** What these measured, by their BIDS suffix, where that is known. */
  readonly suffix?: string;
  readonly region: RegionSettings;
  /** What was noticed while fitting: scans that could not be used, and sites without any that could. */
  readonly issues: readonly Issue[];
}
