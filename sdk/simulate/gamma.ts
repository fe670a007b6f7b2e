import type { Random } from '../math/random';

/**
 * Draws from the gamma distribution of this shape and scale 1 (Marsaglia & Tsang 2000, "A simple method for
 * generating gamma variables", ACM TOMS 26:363), by squeezing and rejection.
 *
 * @param shape - at least 1
 */
export function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform(); // in (0, 1]: its logarithm is finite
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Draws from the inverse gamma distribution: the reciprocal of a gamma draw, times `scale`. */
export function drawInverseGamma(shape: number, scale: number, random: Random): number {
  return scale / drawGamma(shape, random);
}
