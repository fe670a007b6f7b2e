/** A run of neighboring features: the value of row r and column w is at `data[r * stride + offset + w]`. */
export interface FeatureBlock {
  readonly data: Float64Array;
  readonly stride: number;
  readonly offset: number;
  readonly width: number;
  /** Which column of the table is the first. */
  readonly first: number;
  /** Which columns of the table they are, where they are not neighbors there. */
  readonly columns?: readonly number[];
}

/** What every mean model is about: rows of known sites, and a centered design. The same for every feature. */
export interface MeanDesign {
  readonly siteCount: number;
  readonly codes: Int32Array;
  readonly siteSizes: Float64Array;
  /** Subjects × columns, centered over all subjects. */
  readonly values: Float64Array;
  readonly columns: number;
}

/** A mean model fitted to a block of features: arrays are row-major, one row per site, design column or smooth. */
export interface FittedBlock {
  /** B̂: the site intercepts at the mean covariates; `NaN` for a site without a value of the feature. */
  readonly intercepts: Float64Array;
  readonly coefficients: Float64Array;
  /** The sum of squared residuals at each site. */
  readonly squares: Float64Array;
  /** λ of each smooth: none where the mean model has no smooths. */
  readonly penalties: Float64Array;
  /** Effective degrees of freedom of each smooth. */
  readonly freedom: Float64Array;
}

/** The same, with what missing cells do to it. */
export interface BlockEstimates extends FittedBlock {
  /** The number of values at each site. */
  readonly counts: Float64Array;
  /** 1 where a feature cannot be fitted on the cells it has. */
  readonly failed: Uint8Array;
}

/**
 * A mean model μ of the frame: what is expected of a scan, its site's intercept + design × coefficients. Members differ in
 * how the coefficients are found: by least squares (ComBat), or by penalized least squares (ComBat-GAM). Sites are never
 * penalized, so that residuals sum to zero within each site, which is all that the frame relies on.
 */
export interface MeanModel {
  readonly design: MeanDesign;
  /** How many smooths there are, each with a λ of its own. */
  readonly smooths: number;
  /** Fits every feature of a block, on the cells that it has. */
  fit(block: FeatureBlock): BlockEstimates;
  /**
   * How much of a feature its columns explain, as the root of a mean square, where rows are elsewhere: else the columns say it.
   */
  explained?(feature: number): number;
  /** Prepares fits in which scans have weights, for a scale model whose σ differs between scans. */
  weighted(present: readonly number[]): WeightedFit;
}

/** One feature on the rows that it has. */
export interface WeightedFeature {
  readonly values: Float64Array;
  /** One per value: 1 over its variance, in any unit. */
  readonly weights: Float64Array;
  /** Which column of the table it is. */
  readonly feature: number;
  /** λ of each smooth, where they are not to be chosen again. */
  readonly penalties?: readonly number[];
}

/** A mean model fitted to one feature. */
export interface WeightedEstimates {
  /** One per site; `NaN` for a site without a value. */
  readonly intercepts: Float64Array;
  readonly coefficients: Float64Array;
  readonly penalties: readonly number[];
  readonly freedom: readonly number[];
  /** One per value. */
  readonly residuals: Float64Array;
}

/** Fits one feature by weighted least squares; `undefined` where its effects cannot be estimated. */
export type WeightedFit = (feature: WeightedFeature) => WeightedEstimates | undefined;
