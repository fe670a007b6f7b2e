import { binValues } from '../statistics/value-bins';

/**
 * The threshold that best divides values into two classes: the one that makes the variance between the classes largest
 * (Otsu 1979, IEEE Trans. Syst. Man Cybern. 9:62).
 *
 * @param values - finite numbers
 * @param binCount - bins of equal width in which the values are gathered
 * @returns values above it belong to the upper class; values that are all alike: that value
 * @throws ConcordError `invalid-number` on a value that is not finite.
 */
export function otsuThreshold(values: ArrayLike<number>, binCount = 256): number {
  const { centers, counts, total } = binValues(values, binCount);
  let sum = 0;
  for (let bin = 0; bin < centers.length; bin++) sum += counts[bin] * centers[bin];
  let below = 0;
  let sumBelow = 0;
  let largest = -1;
  let threshold = centers.length > 0 ? centers[0] : NaN;
  for (let bin = 0; bin + 1 < centers.length; bin++) {
    below += counts[bin];
    sumBelow += counts[bin] * centers[bin];
    const gap = sumBelow / below - (sum - sumBelow) / (total - below);
    const between = below * (total - below) * gap * gap;
    if (between > largest) {
      largest = between;
      threshold = (centers[bin] + centers[bin + 1]) / 2;
    }
  }
  return threshold;
}
