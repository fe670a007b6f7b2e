import type { FittedBlock } from './mean-model';

/** What one pass over a block sums; arrays are row-major, with a number for each feature in a row. */
export interface SiteSums {
  /** Sites × width: the sum of the values there are. */
  readonly sums: Float64Array;
  /** Columns × width: sums of weight × value. */
  readonly products: Float64Array;
  /** The number of missing cells of each feature. */
  readonly gaps: Float64Array;
}

/** Passes over a block of features: those that a regression on sites and covariates needs. Missing cells count as 0. */
export interface SitePasses {
  /** @param weights - columns × rows, row-major */
  sum(weights: Float64Array): SiteSums;
  /**
   * What is left of sums of values at sites once covariates are at their mean, the intercepts: sum / size − means × coefficients.
   *
   * @param means - the mean of each design column at each site: sites × columns
   */
  intercepts(sums: Pick<SiteSums, 'sums' | 'products'>, means: Float64Array): Float64Array;
  /** Sites × width: the squares of what is left of the values there are. */
  squares(fit: Pick<FittedBlock, 'intercepts' | 'coefficients'>): Float64Array;
}
