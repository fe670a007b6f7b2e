/** Arithmetic mean. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Sample variance (divided by n − 1). */
export function variance(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - center) ** 2;
  return sum / (values.length - 1);
}

/** The middle value (the upper of two). */
export function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

/** Pearson correlation. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centerA = mean(a);
  const centerB = mean(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - centerA) * (b[i] - centerB);
  return sum / (a.length - 1) / Math.sqrt(variance(a) * variance(b));
}
