import { finiteRange } from './finite-range';
import { ConcordError } from '../../errors';

/** A smooth density on evenly spaced points. */
export interface KernelDensity {
  /** The first point; point i is at `start + i * step`. */
  readonly start: number;
  readonly step: number;
  /** The density at each point; it integrates to 1. */
  readonly density: Float64Array;
  /** Its second derivative at each point: negative where the density arches upwards, at modes and shoulders. */
  readonly curvature: Float64Array;
  /** The standard deviation of the Gaussian kernel, in the unit of the values. */
  readonly bandwidth: number;
}

/** Points per bandwidth. Linear binning errs by less than (step / bandwidth)² / 8 of the curvature: about 1e-4. */
const pointsPerBandwidth = 32;
const mostPoints = 1 << 20;

/** How many bandwidths the kernel reaches: beyond six a Gaussian is below 2e-8 of its height. */
const reach = 6;

/**
 * Estimates the density of values with a Gaussian kernel (Silverman 1986, "Density estimation for statistics and data
 * analysis", chapter 2; linear binning after Wand 1994, J. Comput. Graph. Stat. 3:433), and its second derivative.
 *
 * @param values - finite numbers
 * @param bandwidth - the standard deviation of the kernel **in the unit of the values**, not a factor of their spread
 * @throws ConcordError `invalid-option` on a bandwidth that is not positive, or below a 30,000th of the range;
 * `too-little-data` without values; `invalid-number` on a value that is not finite.
 */
export function kernelDensity(values: ArrayLike<number>, bandwidth: number): KernelDensity {
  const [low, high] = range(values);
  const step = bandwidth / pointsPerBandwidth;
  const count = Math.ceil((high - low) / step) + 2 * reach * pointsPerBandwidth + 2;
  if (!(bandwidth > 0 && count <= mostPoints)) {
    const least = ((high - low) * pointsPerBandwidth) / (mostPoints - 2 * reach * pointsPerBandwidth - 3);
    throw new ConcordError(
      'invalid-option',
      `invalid bandwidth: ${bandwidth} (a number in the unit of the values, at least ${least} for a range of ${high - low})`,
    );
  }
  const start = low - reach * bandwidth;
  const weights = linearBins(values, start, step, count);
  const scale = 1 / (bandwidth * Math.sqrt(2 * Math.PI));
  const taps = reach * pointsPerBandwidth;
  const kernel = Float64Array.from({ length: taps + 1 }, (_, i) => {
    return scale * Math.exp(-0.5 * (i / pointsPerBandwidth) ** 2);
  });
  const bend = kernel.map((height, i) => (height * ((i / pointsPerBandwidth) ** 2 - 1)) / bandwidth ** 2);
  return {
    start,
    step,
    density: convolve(weights, kernel),
    curvature: convolve(weights, bend),
    bandwidth,
  };
}

function range(values: ArrayLike<number>): readonly [low: number, high: number] {
  if (values.length === 0) {
    throw new ConcordError('too-little-data', 'a density requires at least one value');
  }
  return finiteRange(values);
}

/** Shares each value out over the two points around it, so that its place is kept; the weights sum to 1. */
function linearBins(values: ArrayLike<number>, start: number, step: number, count: number): Float64Array {
  const weights = new Float64Array(count);
  const one = 1 / values.length;
  for (let i = 0; i < values.length; i++) {
    const position = (values[i] - start) / step;
    const below = Math.floor(position);
    const share = position - below;
    weights[below] += (1 - share) * one;
    weights[below + 1] += share * one;
  }
  return weights;
}

/** Convolves with a symmetric kernel given by its right half. */
function convolve(weights: Float64Array, half: Float64Array): Float64Array {
  const result = new Float64Array(weights.length);
  for (let from = 0; from < weights.length; from++) {
    const weight = weights[from];
    if (weight === 0) continue;
    const first = Math.max(0, from - half.length + 1);
    const last = Math.min(weights.length - 1, from + half.length - 1);
    for (let to = first; to <= last; to++) result[to] += weight * half[Math.abs(to - from)];
  }
  return result;
}
