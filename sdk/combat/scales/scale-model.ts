import type { BlockEstimates, FeatureBlock } from '../means/mean-model';
import type { LocationScale } from './location-scale';

/** What the sites have together of one feature, or the reference site alone, where there is one. */
export interface PooledSquares {
  /** How many values. */
  readonly present: number;
  /** The squares of their residuals. */
  readonly squares: number;
}

/** σ of one feature. */
export interface FeatureSpread {
  /** σ̂, where it depends on covariates at their mean. */
  readonly sd: number;
  /** The squares that it was measured by: 0 where it can be 0 though some residual is not. */
  readonly squares: number;
}

/** What one site has of one feature, in units of σ. */
export interface MeasuredSite extends LocationScale {
  /** The standardized values themselves, where shrinking needs them. */
  readonly values?: Float64Array;
}

/** A scale model fitted to a block of features. */
export interface ScaledBlock {
  /** The mean model: as it came, or fitted again where μ depends on σ. */
  readonly estimates: BlockEstimates;
  /** ω̂: scale columns × width. */
  readonly slopes: Float64Array;
  /** 1 where the likelihood of σ has no highest point. */
  readonly endless: Uint8Array;
  /** σ̂ of a feature. */
  spread(w: number, pooled: PooledSquares): FeatureSpread;
  /** γ̂ and Σ(Z − γ̂)² of a site. */
  site(w: number, site: number, about: { readonly center: number; readonly sd: number }): MeasuredSite;
}

/**
 * A scale model σ of the frame: how much scans vary about the mean model, and in what way sites are measured. Members differ in it:
 * the root of the mean squared residual (ComBat), a biweight midvariance (robust), or a σ for each scan that depends on its
 * covariates (ComBatLS).
 */
export interface ScaleModel {
  /** How many columns of covariates σ depends on. */
  readonly columns: number;
  /** Whether shrinking needs the standardized values, and not only their squares. */
  readonly keepsValues: boolean;
  fit(block: FeatureBlock, first: BlockEstimates): ScaledBlock;
}
