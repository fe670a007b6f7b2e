import { finiteRange } from './finite-range';

/** Values gathered in bins of equal width, of which only those that hold something are listed. */
export interface ValueBins {
  /** The mean of the values in each bin, ascending. */
  readonly centers: Float64Array;
  /** How many values each bin holds. */
  readonly counts: Float64Array;
  /** How many values there are in all. */
  readonly total: number;
}

/**
 * Gathers values in bins of equal width between the least and the greatest, so that what is computed on the bins
 * costs the same for any number of values. Each bin is placed at the mean of what it holds: no first-order error.
 *
 * @throws ConcordError `invalid-number` on a value that is not finite.
 */
export function binValues(values: ArrayLike<number>, binCount = 65536): ValueBins {
  const [low, high] = finiteRange(values);
  const counts = new Float64Array(binCount);
  const offsets = new Float64Array(binCount);
  const perBin = high > low ? binCount / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.min(binCount - 1, Math.floor((values[i] - low) * perBin));
    counts[bin]++;
    offsets[bin] += values[i] - low;
  }
  // Those that hold something move to the front: most are empty where there are few values.
  let filled = 0;
  for (let bin = 0; bin < binCount; bin++) {
    if (counts[bin] === 0) continue;
    offsets[filled] = low + offsets[bin] / counts[bin];
    counts[filled++] = counts[bin];
  }
  return { centers: offsets.slice(0, filled), counts: counts.slice(0, filled), total: values.length };
}
