import { mean, sampleVariance } from '../../math/statistics/moments';
import type { CombatPrior } from '../combat-model';
import { biweightMidvariance } from '../scales/location-scale';

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
 * The parametric posterior means, found by alternating between location and scale (Johnson et al. 2007, eq. 3.1).
 * All features iterate together until the largest relative change is at most `tolerance`; like the published codes
 * this divides by the signed old value, so that a negative location never holds the loop.
 */
export function shrinkParametric(
  statistics: SiteStatistics,
  prior: CombatPrior,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): Shrunken {
  const { location: gammaHat, squares, counts, values } = statistics;
  const location = gammaHat.slice();
  const scale = statistics.scale.slice();
  const { locationMean, locationVariance, scaleShape, scaleScale } = prior;
  // With equal scales everywhere the inverse gamma narrows to a point: its limit is their common value.
  const point = Number.isFinite(scaleShape) ? undefined : mean(statistics.scale);
  let iterations = 0;
  let moving = true;
  while (moving && iterations < maxIterations) {
    moving = false;
    let sum = 0;
    for (let i = 0; i < location.length; i++) {
      const weight = locationVariance * counts[i];
      const gamma = (weight * gammaHat[i] + scale[i] * locationMean) / (weight + scale[i]);
      const off = gammaHat[i] - gamma;
      const distance =
        values === undefined
          ? squares[i] + counts[i] * (off * off)
          : (counts[i] - 1) * biweightMidvariance(values[i], gamma);
      const delta = point ?? (0.5 * distance + scaleScale) / (counts[i] / 2 + scaleShape - 1);
      // One feature that moves is enough to go on: divisions cost more than the rest.
      moving ||=
        relativeChange(gamma, location[i]) > tolerance || relativeChange(delta, scale[i]) > tolerance;
      sum += gamma + delta;
      location[i] = gamma;
      scale[i] = delta;
    }
    iterations++;
    if (Number.isNaN(sum)) return { location, scale, iterations, converged: false };
  }
  return { location, scale, iterations, converged: !moving };
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

function relativeChange(now: number, before: number): number {
  return now === before ? 0 : Math.abs(now - before) / before;
}
