/**
 * The two ingredients of Loader's saddle-point form of the binomial, beta and gamma densities, which keeps full
 * relative accuracy where the textbook form cancels large logarithms of the gamma function.
 *
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */

/** Coefficients of the Stirling series of ln Γ: B₂ₖ / (2k(2k − 1)), k = 1 … 8 (Bernoulli numbers). */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
] as const;

/** Beyond this the series above is exact to float64. */
const SERIES_FROM = 16;

/**
 * The error of Stirling's approximation, δ(x) = ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π.
 *
 * @param x - greater than zero
 */
export function stirlingError(x: number): number {
  let error = 0;
  let at = x;
  // δ(x) − δ(x + 1) = (x + ½) ln(1 + 1/x) − 1 climbs to where the series holds.
  while (at < SERIES_FROM) {
    error += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const inverse = 1 / at;
  const square = inverse * inverse;
  let power = inverse;
  for (const coefficient of STIRLING) {
    error += coefficient * power;
    power *= square;
  }
  return error;
}

/**
 * The deviance term x ln(x / mean) + mean − x, zero at x = mean, without cancellation near it.
 *
 * @param x - greater than zero
 * @param mean - greater than zero
 */
export function devianceTerm(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  // With v = (x − mean)/(x + mean): ln(x/mean) = 2 artanh v, and the leading terms cancel by hand.
  const v = difference / (x + mean);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let k = 3; ; k += 2) {
    term *= v * v;
    const next = sum + term / k;
    if (next === sum) return sum;
    sum = next;
  }
}
