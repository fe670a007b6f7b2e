import { devianceTerm, stirlingError } from './saddle-point';

/**
 * The upper tail of the χ² distribution, P(χ² ≥ `statistic`) = Q(df/2, statistic/2), accurate to about 1e-13
 * relative far into the tail (regularized incomplete gamma function, DLMF 8.7.1 and 8.9.2).
 *
 * @param statistic - the result is `NaN` for `NaN` and 1 for values ≤ 0
 * @param df - degrees of freedom, greater than zero
 */
export function chiSquareUpperTail(statistic: number, df: number): number {
  if (Number.isNaN(statistic) || !(df > 0)) return NaN;
  if (statistic <= 0) return 1;
  if (statistic === Infinity) return 0;
  const a = df / 2;
  const x = statistic / 2;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** xᵃ e⁻ˣ / Γ(a), in Loader's saddle-point form. */
function gammaKernel(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - devianceTerm(a, x)) * Math.sqrt(a / (2 * Math.PI));
}

/** P(a, x) by its power series, which converges fast below the mean. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return gammaKernel(a, x) * sum;
}

/** Q(a, x) by its continued fraction, which converges fast above the mean (modified Lentz method). */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / nonZero(b);
  let fraction = d;
  for (let k = 1; k < 100000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2.3e-16) break;
  }
  return gammaKernel(a, x) * fraction;
}
