import { medianOf } from '../../math/statistics/median';
import { mean } from '../../math/statistics/moments';

/** The location and scale of standardized values, and how far they are from any other location. */
export interface LocationScale {
  /** γ̂. */
  readonly location: number;
  /** (n − 1) δ̂²: for the mean and variance, Σ(Z − γ̂)². */
  readonly squares: number;
}

/** The mean of some values, and their sum of squares about it. */
export function meanAndSquares(values: Float64Array): LocationScale {
  const location = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - location) ** 2;
  return { location, squares };
}

/** The median of some values, and n − 1 times their biweight midvariance about it. */
export function medianAndMidvariance(values: Float64Array): LocationScale {
  const location = medianOf(values);
  return { location, squares: (values.length - 1) * biweightMidvariance(values, location) };
}

/** 9 / Φ⁻¹(¾): the tuning of 9 median deviations, in standard deviations of a normal sample. */
const reach = 9 / 0.6744897501960817;

/**
 * The biweight midvariance about a center (Wilcox 2012, "Introduction to Robust Estimation and Hypothesis Testing", §3.12.1;
 * as ComBatFamily 0.2.1 has it with `robust.LS`): n Σ d² (1 − u²)⁴ / [Σ (1 − u²)(1 − 5u²)]² over the values with |u| < 1,
 * where d is the distance from the center, u = d / (c MAD) and c = 9 / 0.6745.
 *
 * @returns 0 where more than half of the values are at the center
 */
export function biweightMidvariance(values: Float64Array, center: number): number {
  const limit = reach * medianOf(values.map((value) => Math.abs(value - center)));
  if (!(limit > 0)) return 0;
  let above = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = values[i] - center;
    const u2 = (distance / limit) ** 2;
    if (u2 >= 1) continue;
    above += distance * distance * (1 - u2) ** 4;
    below += (1 - u2) * (1 - 5 * u2);
  }
  return (values.length * above) / (below * below);
}
