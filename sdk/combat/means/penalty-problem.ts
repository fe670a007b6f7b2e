/** One smooth: its columns, and the penalty on their coefficients. */
export interface SmoothPenalty {
  /** The first of its columns. */
  readonly first: number;
  readonly size: number;
  /** S: size × size, row-major. */
  readonly penalty: Float64Array;
  /** How many directions the penalty does not see: one, the straight line. */
  readonly free: number;
}

/**
 * Penalized least squares after sites and linear covariates were taken out of everything (Frisch–Waugh): minimize
 * ‖y − Xβ‖² + Σ λ βᵀSβ, with G = XᵀX the same for all features.
 */
export interface PenaltyProblem {
  /** G: size × size, row-major. */
  readonly gram: Float64Array;
  readonly size: number;
  readonly smooths: readonly SmoothPenalty[];
  /** Values of a feature. */
  readonly rows: number;
  /** Sites and linear covariates, which are not penalized. */
  readonly unpenalized: number;
}

/** One feature in it. */
export interface PenaltyTarget {
  /** Xᵀy. */
  readonly products: Float64Array;
  /** yᵀy. */
  readonly squares: number;
  /** Which column of the table it is. */
  readonly feature: number;
}

/** What λ is to make lowest, and which λ are tried: any, where that is not said. */
export interface SmoothingSearch {
  readonly score: 'reml' | 'gcv';
  readonly among?: readonly number[];
}

/** How λ is chosen: by the score that is to be lowest, or given: one λ per smooth. */
export type SmoothingChoice = SmoothingSearch | ((feature: number) => readonly number[]);

/** A feature's curves. */
export interface PenaltySolution {
  readonly beta: Float64Array;
  /** λ of each smooth. */
  readonly penalties: readonly number[];
  /** Effective degrees of freedom of each smooth. */
  readonly freedom: readonly number[];
}

/** Finds the curves of any feature of a problem. */
export type PenaltySolver = (target: PenaltyTarget) => PenaltySolution;

/** What the scores are made of, at one choice of λ. */
export interface PenaltyFit {
  /** ‖y − Xβ‖². */
  readonly residual: number;
  /** ‖y − Xβ‖² + Σ λ βᵀSβ. */
  readonly penalized: number;
  /** log |G + Σ λS|. */
  readonly logDeterminant: number;
  /** Σ rank S · log λ. */
  readonly logPenalty: number;
  /** Effective degrees of freedom of all smooths. */
  readonly freedom: number;
}

/**
 * What λ is to make lowest.
 *
 * - `reml`: restricted likelihood with the residual variance put in, as mgcv's `method = "REML"` (Wood 2011, J. R. Statist. Soc.
 *   B 73:3), but for terms that λ does not change: ((n − M) log φ + log |A| − Σ rank S · log λ) / 2, where
 *   φ = (RSS + Σ λ βᵀSβ)/(n − M) and M counts what is not penalized.
 * - `gcv`: generalized cross-validation (Golub, Heath & Wahba 1979, Technometrics 21:215): n RSS / (n − edf)².
 */
export function smoothingScore(
  score: 'reml' | 'gcv',
  { rows, unpenalized, smooths }: PenaltyProblem,
): (fit: PenaltyFit) => number {
  const left = rows - unpenalized - smooths.reduce((sum, { free }) => sum + free, 0);
  if (score === 'gcv') {
    return ({ residual, freedom }) => (rows * residual) / (rows - unpenalized - freedom) ** 2;
  }
  return ({ penalized, logDeterminant, logPenalty }) =>
    (left * Math.log(penalized / left) + logDeterminant - logPenalty) / 2;
}
