/** How far a covariance is drawn towards one of equal variances and no correlations. */
export interface Shrinkage {
  /** From 0, the covariance as it is, to 1, equal variances alone. */
  readonly share: number;
  /** The mean variance over the columns. */
  readonly variance: number;
}

/**
 * The shrinkage ρ of Ledoit & Wolf (2004, Journal of Multivariate Analysis 88:365, lemma 3.1 and theorem 3.2) for which
 * (1 − ρ) S + ρ μ I is closest to the covariance sought, S = XᵀX / n being the empirical one and μ the mean of its
 * diagonal: μ = tr(S) / p, δ² = ‖S − μI‖² / p, β² = min(δ², Σₖ ‖xₖxₖᵀ − S‖² / (n² p)), ρ = β² / δ².
 *
 * @param x - rows × columns, each column of mean 0
 * @param products - XᵀX or X Xᵀ, whichever is at hand: their squared entries have the same sum
 */
export function ledoitWolf(x: Float64Array, columns: number, products: Float64Array): Shrinkage {
  const rows = x.length / columns;
  let trace = 0;
  let fourth = 0;
  let frobenius = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    let length = 0;
    for (let k = 0; k < columns; k++, at++) length += x[at] * x[at];
    trace += length;
    fourth += length * length;
  }
  for (let at = 0; at < products.length; at++) frobenius += products[at] * products[at];
  const variance = trace / rows / columns;
  const squares = frobenius / rows ** 2;
  const distance = (squares - columns * variance ** 2) / columns;
  const error = (fourth / rows - squares) / (rows * columns);
  return { share: distance > 0 ? Math.min(1, Math.max(0, error) / distance) : 1, variance };
}
