import { quantile } from '../../math/statistics/quantiles';

/** The intensities drawn darkest and brightest. */
export type IntensityWindow = readonly [low: number, high: number];

/** Above this many values, evenly spaced ones stand in for them all: no percentile moves visibly. */
const most = 1 << 20;

/** Intensities on a grid, with or without a mask. */
export interface MaskedValues {
  readonly data: ArrayLike<number>;
  readonly mask?: ArrayLike<number>;
}

/**
 * The intensities that a picture or a histogram is about, in ascending order: those in the mask; without one those
 * that are not exactly 0, which is what scanners and masks leave outside; all of them where that leaves none. What is
 * not finite is left out.
 *
 * @param limit - of more values, at least half that many, evenly spaced, stand in for them all
 */
export function shownValues({ data, mask }: MaskedValues, limit: number = most): Float64Array {
  const inside = mask ?? data;
  let count = 0;
  for (let i = 0; i < data.length; i++) if (inside[i] !== 0 && Number.isFinite(data[i])) count++;
  const everything = count === 0;
  if (everything) for (let i = 0; i < data.length; i++) if (Number.isFinite(data[i])) count++;
  const step = Math.max(1, Math.ceil(count / limit));
  const values = new Float64Array(Math.ceil(count / step));
  for (let i = 0, met = 0; i < data.length; i++) {
    if ((!everything && inside[i] === 0) || !Number.isFinite(data[i])) continue;
    if (met % step === 0) values[met / step] = data[i];
    met++;
  }
  return values.sort();
}

/**
 * A window from the 1st to the 99.5th percentile of sorted values, so that a few bright voxels do not darken the rest.
 */
export function robustWindow(sorted: ArrayLike<number>): IntensityWindow {
  if (sorted.length === 0) return [0, 1];
  const low = quantile(sorted, 0.01);
  const high = quantile(sorted, 0.995);
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}
