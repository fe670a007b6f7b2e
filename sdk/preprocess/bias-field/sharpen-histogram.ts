import type { ComplexVector } from '../../math/fft';
import { fft, inverseFft } from '../../math/fft';
import { leastAndGreatest } from '../../math/statistics/least-and-greatest';

/** How a histogram is sharpened. */
export interface SharpenOptions {
  /** Full width at half maximum of the Gaussian that blurred it. */
  readonly fwhm: number;
  /** The noise term of the Wiener filter. */
  readonly wienerNoise: number;
  readonly histogramBins: number;
}

/** What the log intensity without a field is expected to be, by the log intensity that was measured. */
export interface SharpeningMap {
  /** The least measured value: that of the first entry. */
  readonly lowest: number;
  /** How far apart the entries are. */
  readonly step: number;
  /** E[u | v] per entry. */
  readonly expected: Float64Array;
}

/**
 * Sharpens the histogram of log intensities (Sled, Zijdenbos & Evans 1998, IEEE TMI 17:87, equations 7 to 12): a
 * field of Gaussian distribution F blurs the true distribution U into the measured V = F ∗ U. U is found by a Wiener
 * filter, and from it what a measured v is expected to have been: E[u | v] = (F ∗ (u·U)) / (F ∗ U).
 */
export function sharpenHistogram(values: Float64Array, options: SharpenOptions): SharpeningMap {
  const { lowest, step, counts } = linearHistogram(values, options);
  const bins = counts.length;
  // Twice the room and more, so that what the filters carry over one end does not come in at the other.
  const size = 2 ** (Math.ceil(Math.log2(bins)) + 1);
  const before = (size - bins) >> 1;
  const padded = new Float64Array(size);
  padded.set(counts, before);
  // The kernel is even, so that its transform is real.
  const blur = fft(gaussianKernel(size, options.fwhm / step)).real;
  const wiener = blur.map((value) => value / (value * value + options.wienerNoise));
  const sharp = filtered(padded, wiener).map((value) => Math.max(0, value));
  const above = filtered(
    sharp.map((share, bin) => share * (bin - before) * step),
    blur,
  );
  const weight = filtered(sharp, blur);
  const least = 1e-9 * weight.reduce((most, value) => Math.max(most, value));
  const expected = Float64Array.from({ length: bins }, (_, bin) => {
    const share = weight[before + bin];
    // Where nothing is expected nothing is known: the value stays what it is.
    return lowest + (share > least ? above[before + bin] / share : bin * step);
  });
  return { lowest, step, expected };
}

/** Looks a value up in a map, linear between its entries. */
export function lookUp({ lowest, step, expected }: SharpeningMap, value: number): number {
  const position = (value - lowest) / step;
  const entry = Math.floor(position);
  if (entry >= expected.length - 1) return expected[expected.length - 1];
  return expected[entry] + (expected[entry + 1] - expected[entry]) * (position - entry);
}

/** A histogram in which each value is shared between the two nearest bins, by distance (a triangular Parzen window). */
function linearHistogram(
  values: Float64Array,
  { histogramBins, fwhm }: SharpenOptions,
): { lowest: number; step: number; counts: Float64Array } {
  const [lowest, highest] = leastAndGreatest(values);
  // Values that are nearly alike get no finer bins than these: the blur must stay narrower than the padding.
  const step = Math.max((highest - lowest) / (histogramBins - 1), (3 * fwhm) / histogramBins);
  const counts = new Float64Array(histogramBins);
  for (const value of values) {
    const position = (value - lowest) / step;
    const bin = Math.min(Math.floor(position), histogramBins - 1);
    const share = position - bin;
    counts[bin] += 1 - share;
    if (bin + 1 < histogramBins) counts[bin + 1] += share;
  }
  return { lowest, step, counts };
}

/** A Gaussian of unit sum around bin 0, its left half at the end. */
function gaussianKernel(size: number, fwhm: number): Float64Array {
  const kernel = new Float64Array(size);
  const steepness = (4 * Math.LN2) / fwhm ** 2;
  const height = (2 * Math.sqrt(Math.LN2 / Math.PI)) / fwhm;
  for (let bin = 0; bin < size; bin++) {
    const distance = Math.min(bin, size - bin);
    kernel[bin] = height * Math.exp(-steepness * distance ** 2);
  }
  return kernel;
}

/** The signal times a real transfer function, in Fourier space. */
function filtered(signal: Float64Array, transfer: Float64Array): Float64Array {
  const { real, imaginary } = fft(signal);
  const product: ComplexVector = {
    real: real.map((value, k) => value * transfer[k]),
    imaginary: imaginary.map((value, k) => value * transfer[k]),
  };
  return inverseFft(product).real;
}
