import type { Issue } from '../data/issue';

/** What `siteScaling` learns. Arrays hold one number per feature; `NaN` where there was nothing to learn from. */
export interface SiteScalingModel {
  readonly kind: 'site-scaling';
  readonly features: readonly string[];
  readonly pooled: FeatureMoments;
  readonly sites: readonly { readonly name: string; readonly moments: FeatureMoments }[];
  /** What was noticed while fitting, or while loading. */
  readonly issues: readonly Issue[];
}

/** Mean and standard deviation (divisor n − 1) of every feature over some subjects. */
export interface FeatureMoments {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}
