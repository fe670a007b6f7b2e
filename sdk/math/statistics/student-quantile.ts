import { fUpperTail } from './f-distribution';

/**
 * The quantile of Student's t distribution, to about 1e-12 relative: t² has the distribution F of 1 and `freedom` degrees of freedom.
 *
 * @param probability - from a half to below 1
 * @param freedom - degrees of freedom, more than zero
 */
export function studentQuantile(probability: number, freedom: number): number {
  const tail = 2 * (1 - probability);
  let [low, high] = [0, 1];
  while (fUpperTail(high * high, 1, freedom) > tail && high < Number.MAX_VALUE)
    [low, high] = [high, 2 * high];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (fUpperTail(middle * middle, 1, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
