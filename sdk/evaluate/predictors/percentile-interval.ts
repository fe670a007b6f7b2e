import { quantileSorted } from 'simple-statistics';
import type { Interval } from '../audit';

/** How a bootstrap is drawn. */
export interface BootstrapOptions {
  readonly seed: number;
  /** @defaultValue 0.95 */
  readonly level?: number;
  /** @defaultValue 2000 */
  readonly resamples?: number;
}

/**
 * The percentiles of a statistic drawn again and again.
 *
 * @param draw - the statistic of a resample, 0 …; those that are `NaN` do not count
 */
export function percentileInterval(
  draw: (resample: number) => number,
  estimate: number,
  { level = 0.95, resamples = 2000 }: Omit<BootstrapOptions, 'seed'>,
): Interval {
  const drawn = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) drawn[resample] = draw(resample);
  return intervalOf(drawn, estimate, level);
}

/** The percentiles of what was drawn; what is `NaN` does not count. */
export function intervalOf(drawn: Float64Array, estimate: number, level = 0.95): Interval {
  const values = Array.from(drawn.filter((value) => !Number.isNaN(value)).sort());
  if (values.length === 0) return { estimate, low: NaN, high: NaN, level };
  return {
    estimate,
    low: quantileSorted(values, (1 - level) / 2),
    high: quantileSorted(values, (1 + level) / 2),
    level,
  };
}
