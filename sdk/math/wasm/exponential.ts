/** Powers of two from −1022 to 0, by their place. */
const powers = Float64Array.from({ length: 1023 }, (_, at) => 2 ** (at - 1022));
/** 1 / k! for k from 13 down to 1. */
const series: readonly number[] = [
  ...[1 / 6227020800, 1 / 479001600, 1 / 39916800, 1 / 3628800, 1 / 362880, 1 / 40320, 1 / 5040, 1 / 720],
  ...[1 / 120, 1 / 24, 1 / 6, 1 / 2, 1],
];
/** Adding it rounds to a whole number. */
const rounding = 1.5 * 2 ** 52;

/**
 * e to the power x for x ≤ 0, 0 below −708: the same bits as the kernels of this folder compute, which cannot call
 * `Math.exp`.
 */
export function exponential(x: number): number {
  if (!(x >= -708)) return 0;
  const n = x * 1.4426950408889634 + rounding - rounding;
  const r = x - n * 0.69314718036912381649 - n * 1.90821492927058770002e-10;
  let q = series[0];
  for (let k = 1; k < series.length; k++) q = q * r + series[k];
  return (q * r + 1) * powers[n + 1022];
}
