/**
 * q values of Benjamini & Hochberg (1995, JRSS B 57:289): for each p value the smallest false-discovery rate at
 * which it would be called significant. `NaN`s stay and do not count as tests.
 */
export function falseDiscoveryRate(p: ArrayLike<number>): Float64Array {
  const order = Array.from(p, (_, index) => index)
    .filter((index) => !Number.isNaN(p[index]))
    .sort((a, b) => p[b] - p[a]);
  const q = new Float64Array(p.length).fill(NaN);
  let smallest = 1;
  order.forEach((index, fromLargest) => {
    smallest = Math.min(smallest, (p[index] * order.length) / (order.length - fromLargest));
    q[index] = smallest;
  });
  return q;
}
