import { ConcordError } from '../errors';

/** A vector of complex numbers: real and imaginary parts, equally long. */
export interface ComplexVector {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The discrete Fourier transform X[k] = Σₙ x[n] e^(−2πi·kn/N), by Cooley and Tukey's radix-2 algorithm (1965, Math.
 * Comput. 19:297): N log₂ N steps.
 *
 * @param imaginary - left out: zero
 * @throws ConcordError `invalid-option` unless the length is a power of two.
 */
export function fft(real: Float64Array, imaginary?: Float64Array): ComplexVector {
  const size = real.length;
  if (size === 0 || (size & (size - 1)) !== 0) {
    throw new ConcordError('invalid-option', `invalid length: ${size} (a power of two is required)`);
  }
  const result = bitReversed(real, imaginary);
  for (let half = 1; half < size; half *= 2) combine(result, half);
  return result;
}

/** The inverse of {@link fft}: x[n] = (1/N) Σₖ X[k] e^(2πi·kn/N). */
export function inverseFft({ real, imaginary }: ComplexVector): ComplexVector {
  const size = real.length;
  const { real: re, imaginary: im } = fft(
    real,
    imaginary.map((value) => -value),
  );
  return { real: re.map((value) => value / size), imaginary: im.map((value) => -value / size) };
}

/** A copy in which the elements are in the order of their bit-reversed positions. */
function bitReversed(real: Float64Array, imaginary?: Float64Array): ComplexVector {
  const size = real.length;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let i = 0, reversed = 0; i < size; i++) {
    re[reversed] = real[i];
    if (imaginary !== undefined) im[reversed] = imaginary[i];
    // Adds one to the reversed number: the carry runs from the highest bit downwards.
    let bit = size >> 1;
    while ((reversed & bit) !== 0) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
  }
  return { real: re, imaginary: im };
}

/** One stage: pairs of transforms of length `half` become transforms of twice that length, in place. */
function combine({ real, imaginary }: ComplexVector, half: number): void {
  for (let k = 0; k < half; k++) {
    const cosine = Math.cos((Math.PI * k) / half);
    const sine = -Math.sin((Math.PI * k) / half);
    for (let even = k; even < real.length; even += 2 * half) {
      const odd = even + half;
      const re = cosine * real[odd] - sine * imaginary[odd];
      const im = cosine * imaginary[odd] + sine * real[odd];
      real[odd] = real[even] - re;
      imaginary[odd] = imaginary[even] - im;
      real[even] += re;
      imaginary[even] += im;
    }
  }
}
