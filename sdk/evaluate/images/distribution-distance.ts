import { ConcordError } from '../../errors';
import { finiteRange } from '../../math/statistics/finite-range';
import { requireCall } from '../../data/calls/require-call';

/**
 * The Wasserstein-1 (earth mover's) distance between two samples, in units of the values: the area between their
 * distribution functions.
 *
 * @throws ConcordError `too-little-data` when a sample is empty; `invalid-number` when a value is not finite.
 */
export function wassersteinDistance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  requireCall('metrics.wassersteinDistance', { one, other });
  requireSamples(one, other);
  const x = Float64Array.from(one).sort();
  const y = Float64Array.from(other).sort();
  let area = 0;
  let i = 0;
  let j = 0;
  let at = Math.min(x[0], y[0]);
  while (i < x.length || j < y.length) {
    const next = Math.min(i < x.length ? x[i] : Infinity, j < y.length ? y[j] : Infinity);
    area += Math.abs(i / x.length - j / y.length) * (next - at);
    at = next;
    while (i < x.length && x[i] === at) i++;
    while (j < y.length && y[j] === at) j++;
  }
  return area;
}

/** Options of {@link jensenShannonDistance}. */
export interface JensenShannonOptions {
  /**
   * Bins of the histograms, between the smallest and the largest value of both samples.
   *
   * @defaultValue `100`
   */
  readonly bins?: number;
  /** The range of the histograms instead; values outside fall into the outermost bins. */
  readonly range?: readonly [from: number, to: number];
}

/**
 * The Jensen–Shannon distance between the histograms of two samples: the square root of the divergence in bits (Lin
 * 1991; Endres & Schindelin 2003), from 0 for equal histograms to 1 for histograms without a bin in common. It
 * depends on the bins.
 *
 * @throws ConcordError `too-little-data` when a sample is empty; `invalid-number` when a value is not finite;
 * `invalid-option` for bad bins or range.
 */
export function jensenShannonDistance(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  options: JensenShannonOptions = {},
): number {
  requireCall('metrics.jensenShannonDistance', { one, other, options });
  requireSamples(one, other);
  const { bins = 100, range = commonRange(one, other) } = options;
  if (!(Number.isInteger(bins) && bins >= 1 && range[1] >= range[0])) {
    throw new ConcordError(
      'invalid-option',
      `invalid histogram: ${bins} bins from ${range[0]} to ${range[1]} (at least one bin, and a range that ascends)`,
    );
  }
  const p = shares(one, bins, range);
  const q = shares(other, bins, range);
  let divergence = 0;
  for (let bin = 0; bin < bins; bin++) {
    const middle = (p[bin] + q[bin]) / 2;
    if (p[bin] > 0) divergence += (p[bin] * Math.log2(p[bin] / middle)) / 2;
    if (q[bin] > 0) divergence += (q[bin] * Math.log2(q[bin] / middle)) / 2;
  }
  // Rounding may leave a trace below zero.
  return Math.sqrt(Math.max(divergence, 0));
}

function commonRange(one: ArrayLike<number>, other: ArrayLike<number>): readonly [number, number] {
  const [oneLow, oneHigh] = finiteRange(one);
  const [otherLow, otherHigh] = finiteRange(other);
  return [Math.min(oneLow, otherLow), Math.max(oneHigh, otherHigh)];
}

/** The share of the values in each bin; the last bin holds its upper edge. */
function shares(
  values: ArrayLike<number>,
  bins: number,
  [from, to]: readonly [number, number],
): Float64Array {
  const counts = new Float64Array(bins);
  const perValue = to > from ? bins / (to - from) : 0;
  for (let i = 0; i < values.length; i++) {
    counts[Math.min(Math.max(Math.floor((values[i] - from) * perValue), 0), bins - 1)]++;
  }
  return counts.map((count) => count / values.length);
}

function requireSamples(one: ArrayLike<number>, other: ArrayLike<number>): void {
  if (one.length === 0 || other.length === 0) {
    throw new ConcordError('too-little-data', 'too few values: a distance needs values on both sides');
  }
  // Refuses what is not a number: it would have no place in any order.
  finiteRange(one);
  finiteRange(other);
}
