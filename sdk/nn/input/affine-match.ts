/** How one list of quantiles becomes another: `gain × value + offset`. */
export interface AffineMatch {
  readonly gain: number;
  readonly offset: number;
  /** What is left: root mean square, in standard deviations of the wanted quantiles. */
  readonly rest: number;
}

/**
 * The increasing affine map that brings quantiles nearest to others, by least squares, and what it leaves: the distance
 * of the shapes of two distributions whatever their scale and offset (the 2-Wasserstein distance after the best affine
 * map).
 */
export function matchQuantiles(given: readonly number[], wanted: readonly number[]): AffineMatch {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(given);
  const y = mean(wanted);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  given.forEach((value, i) => {
    xx += (value - x) ** 2;
    xy += (value - x) * (wanted[i] - y);
    yy += (wanted[i] - y) ** 2;
  });
  // Both lists ascend: the slope cannot be negative.
  const gain = xx > 0 ? xy / xx : 0;
  const left = Math.max(0, yy - gain * xy);
  return { gain, offset: y - gain * x, rest: yy > 0 ? Math.sqrt(left / yy) : 1 };
}
