/** The arithmetic mean; `NaN` of no values. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** The variance with divisor n − 1, in two passes so that a large mean costs no digits; `NaN` of fewer than two. */
export function sampleVariance(values: Float64Array): number {
  if (values.length < 2) return NaN;
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const off = values[i] - center;
    sum += off * off;
  }
  return sum / (values.length - 1);
}
