import { devianceTerm, stirlingError } from './saddle-point';

/**
 * The upper tail of Fisher's F distribution, P(F ≥ `f`), accurate to about 1e-13 relative far into the tail: a small
 * tail is computed as such, not as one minus a large lower one.
 *
 * P = I_x(d₂/2, d₁/2) at x = d₂ / (d₂ + d₁ f), the regularized incomplete beta function (DLMF 8.17).
 *
 * @param f - the statistic; the result is `NaN` for `NaN` and 1 for values ≤ 0
 * @param numerator - d₁ > 0, degrees of freedom of the numerator
 * @param denominator - d₂ > 0, degrees of freedom of the denominator
 */
export function fUpperTail(f: number, numerator: number, denominator: number): number {
  if (Number.isNaN(f) || !(numerator > 0) || !(denominator > 0)) return NaN;
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const scaled = numerator * f;
  const total = denominator + scaled;
  return incompleteBeta(denominator / 2, numerator / 2, denominator / total, scaled / total);
}

/**
 * The regularized incomplete beta function I_x(a, b).
 *
 * @param a - greater than zero
 * @param b - greater than zero
 * @param x - in [0, 1]
 * @param complement - 1 − x, passed so that neither loses digits
 */
function incompleteBeta(a: number, b: number, x: number, complement: number): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  // The fraction converges fast on this side of the mean; on the other side its mirror image does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, complement, x);
  return (betaKernel(a, b, x, complement) / a) * betaFraction(a, b, x);
}

/** xᵃ (1 − x)ᵇ / B(a, b), in Loader's saddle-point form. */
function betaKernel(a: number, b: number, x: number, complement: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    devianceTerm(a, n * x) -
    devianceTerm(b, n * complement);
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by the modified Lentz method. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  // Convergence takes of the order of √max(a, b) terms; the bound is never met.
  for (let m = 1; m < 100000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2.3e-16) break;
  }
  return fraction;
}
