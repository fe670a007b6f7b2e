import type { KernelDensity } from './kernel-density';

/** Where a density arches upwards the most: at a mode, or at a shoulder of a greater mode. */
export interface DensityPeak {
  /** Where it is, in the unit of the values. */
  readonly value: number;
  /** The density there. */
  readonly height: number;
}

/** Options of {@link densityPeaks}. */
export interface DensityPeakOptions {
  /**
   * Peaks lower than this share of the highest density are left out: the rare values of the tails.
   *
   * @defaultValue 0.2
   */
  readonly leastHeight?: number;
}

/**
 * Finds the modes and the shoulders of a density, ascending: the local maxima of its negative second derivative.
 *
 * A tissue whose intensities overlap with those of a larger one has no mode of its own, only a shoulder on the other's;
 * of two overlapping Gaussians each keeps a maximum of negative curvature close to its center long after the smaller
 * mode has gone. Where the tissues are well apart, these places are the modes.
 */
export function densityPeaks(
  estimate: KernelDensity,
  options: DensityPeakOptions = {},
): readonly DensityPeak[] {
  const { leastHeight = 0.2 } = options;
  const { density, curvature, start, step } = estimate;
  let highest = 0;
  for (const height of density) if (height > highest) highest = height;
  const peaks: DensityPeak[] = [];
  for (let i = 1; i + 1 < density.length; i++) {
    if (density[i] < leastHeight * highest || curvature[i] >= 0) continue;
    if (!(curvature[i] < curvature[i - 1] && curvature[i] <= curvature[i + 1])) continue;
    peaks.push({ value: start + step * (i + vertex(curvature, i)), height: density[i] });
  }
  return peaks;
}

/** How far from point i, in steps, the parabola through it and its neighbors has its vertex. */
function vertex(heights: Float64Array, i: number): number {
  const before = heights[i - 1];
  const here = heights[i];
  const after = heights[i + 1];
  const bend = before - 2 * here + after;
  return bend === 0 ? 0 : (0.5 * (before - after)) / bend;
}
