import { quantile } from '../math/statistics/quantiles';
import type { DensityCurve } from './density';

const bins = 200;

/** Spread of the Gaussian that smooths the counts, in bins: noise goes, the peaks of the tissues stay apart. */
const smoothing = 3;

/**
 * Estimates the density of a scan's intensities: counts in 200 bins from the 0.1th to the 99.9th percentile, smoothed
 * by a Gaussian of three bins, area 1. A bandwidth from the spread of all intensities would merge the tissues' peaks.
 *
 * @param sorted - in ascending order
 * @returns `null` when the values do not differ
 */
export function intensityCurve(sorted: Float64Array): DensityCurve | null {
  const low = quantile(sorted, 0.001);
  const high = quantile(sorted, 0.999);
  if (!(high > low)) return null;
  const width = (high - low) / bins;
  const counts = new Float64Array(bins);
  for (const value of sorted) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  const smooth = smoothed(counts);
  const area = smooth.reduce((sum, value) => sum + value, 0) * width;
  return {
    x: Array.from(counts, (_, bin) => low + (bin + 0.5) * width),
    y: Array.from(smooth, (value) => value / area),
  };
}

/** Each bin as the weighted mean of its neighbors; at the ends, of those that are there. */
function smoothed(counts: Float64Array): Float64Array {
  const reach = Math.ceil(4 * smoothing);
  return counts.map((_, bin) => {
    let sum = 0;
    let weights = 0;
    for (let at = Math.max(0, bin - reach); at <= Math.min(bins - 1, bin + reach); at++) {
      const weight = Math.exp(-((at - bin) ** 2) / (2 * smoothing ** 2));
      sum += weight * counts[at];
      weights += weight;
    }
    return sum / weights;
  });
}
