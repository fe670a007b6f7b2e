import { kernelDensityEstimation, sampleStandardDeviation } from 'simple-statistics';
import { quantile } from '../math/statistics/quantiles';

/** A density curve: heights `y` at positions `x`. */
export interface DensityCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const points = 128;

/** Above this many values their quantiles stand in for them: the curve looks the same and costs a hundredth. */
const most = 2000;

/**
 * Estimates the density of a sample with a Gaussian kernel and the normal reference bandwidth (Scott 1992), as
 * `simple-statistics` computes it, on a grid that reaches three bandwidths beyond the values.
 *
 * @returns `null` with fewer than three finite values, or when they do not differ
 */
export function densityCurve(values: ArrayLike<number>): DensityCurve | null {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length < 3) return null;
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const sample = thin(sorted);
  const density = kernelDensityEstimation(sample);
  const pad = 3 * 1.06 * sampleStandardDeviation(sample) * sample.length ** -0.2;
  const x = Array.from({ length: points }, (_, i) => low - pad + ((high - low + 2 * pad) * i) / (points - 1));
  const y = x.map(density);
  return y.every(Number.isFinite) ? { x, y } : null;
}

/** At most {@link most} evenly spaced quantiles of sorted values. */
function thin(sorted: Float64Array): number[] {
  if (sorted.length <= most) return [...sorted];
  return Array.from({ length: most }, (_, i) => quantile(sorted, (i + 0.5) / most));
}
