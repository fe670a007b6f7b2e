import { mean, sampleVariance } from '../../math/statistics/moments';
import type { CombatPrior } from '../combat-model';

/** The standardized data of one site in the few numbers that empirical Bayes needs, per feature. */
export interface SiteStatistics {
  /** γ̂: the mean of the standardized values. */
  readonly location: Float64Array;
  /** δ̂²: their variance, divided by n − 1; 1 where only the location is adjusted. */
  readonly scale: Float64Array;
  /** Σ(Z − γ̂)²: their sum of squares about the mean. */
  readonly squares: Float64Array;
  /** The number of values. */
  readonly counts: Float64Array;
  /** Robust only: the standardized values of each feature, whose midvariance about any γ takes the place of their squares. */
  readonly values?: readonly Float64Array[];
}

/** Site effects after shrinkage, per feature. */
export interface Shrunken {
  /** γ*. */
  readonly location: Float64Array;
  /** δ*². */
  readonly scale: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Fits the priors of one site by the method of moments over its features (Johnson, Li & Rabinovic 2007,
 * Biostatistics 8:118, section 3.2): γ ~ N(γ̄, τ²) and δ² ~ inverse gamma with shape (m² + 2s²)/s² and scale
 * (m³ + ms²)/s², where m and s² are the mean and variance of δ̂².
 */
export function fitPrior(location: Float64Array, scale: Float64Array): CombatPrior {
  const m = mean(scale);
  const s2 = sampleVariance(scale);
  return {
    locationMean: mean(location),
    locationVariance: sampleVariance(location),
    // Equal scales leave the inverse gamma undetermined.
    scaleShape: s2 > 0 ? (2 * s2 + m * m) / s2 : NaN,
    scaleScale: s2 > 0 ? (m * s2 + m * m * m) / s2 : NaN,
  };
}

/**
 * The posterior means of the location alone, at unit scale: γ* = (n τ² γ̂ + γ̄) / (n τ² + 1), equation 3.1 of Johnson et
 * al. (2007) at δ² = 1.
 *
 * @param counts - the number of values behind each γ̂. The published mean-only form takes 1 for every site.
 */
export function shrinkLocation(
  location: Float64Array,
  prior: CombatPrior,
  counts: (feature: number) => number,
): Float64Array {
  const { locationMean, locationVariance } = prior;
  const shrunken = new Float64Array(location.length);
  for (let i = 0; i < shrunken.length; i++) {
    const weight = locationVariance * counts(i);
    shrunken[i] = (weight * location[i] + locationMean) / (weight + 1);
  }
  return shrunken;
}

/**
 * Makes the function that gives the non-parametric posterior means of a feature: those of all other features, each
 * weighted by the likelihood of this feature's data under it (Johnson et al. 2007, section 3.3). It works on
 * logarithms, so that large sites do not underflow, and on sums of squares, so that its cost, O(features) a call,
 * does not depend on the number of subjects.
 */
export function nonparametricShrinker(
  statistics: SiteStatistics,
): (feature: number) => { readonly location: number; readonly scale: number } {
  const { location, scale, squares, counts } = statistics;
  const size = location.length;
  const logDensity = scale.map((delta) => -0.5 * Math.log(2 * Math.PI * delta));
  const precision = scale.map((delta) => 0.5 / delta);
  const scratch = new Float64Array(size);
  return (i) => {
    const n = counts[i];
    let highest = -Infinity;
    for (let j = 0; j < size; j++) {
      const difference = location[i] - location[j];
      const distance = squares[i] + n * difference * difference;
      // A feature without spread at this site has no density to weigh by.
      const usable = j !== i && scale[j] > 0;
      scratch[j] = usable ? n * logDensity[j] - distance * precision[j] : -Infinity;
      if (scratch[j] > highest) highest = scratch[j];
    }
    let total = 0;
    let gamma = 0;
    let delta = 0;
    for (let j = 0; j < size; j++) {
      // Weights below e⁻⁵⁰ of the largest are lost in the rounding of the sum.
      if (scratch[j] - highest > -50) {
        const weight = Math.exp(scratch[j] - highest);
        total += weight;
        gamma += weight * location[j];
        delta += weight * scale[j];
      }
    }
    return { location: gamma / total, scale: delta / total };
  };
}
