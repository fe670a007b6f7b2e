/** How two lists of numbers vary about their means, over the places where both have one. */
export interface JointSpread {
  /** How many places that is. */
  readonly count: number;
  /** Sums of squares about the means. */
  readonly squaresA: number;
  readonly squaresB: number;
  /** The sum of products about the means. */
  readonly products: number;
}

/**
 * Sums squares and products about the means, over the places where neither is `NaN`. The means come first, so that ones that are
 * large beside the spread cost no digits, and from the first pair, so that values that do not vary have squares of exactly 0.
 */
export function jointSpread(a: ArrayLike<number>, b: ArrayLike<number>): JointSpread {
  let [count, firstA, firstB, sumA, sumB] = [0, 0, 0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at], b[at]];
    if (x !== x || y !== y) continue;
    if (count++ === 0) [firstA, firstB] = [x, y];
    sumA += x - firstA;
    sumB += y - firstB;
  }
  const [meanA, meanB] = [firstA + sumA / count, firstB + sumB / count];
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] - meanA, b[at] - meanB];
    if (x !== x || y !== y) continue;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  return { count, squaresA, squaresB, products };
}

/**
 * Pearson's correlation over the places where both have a number.
 *
 * @param spread - as {@link jointSpread} gives it
 * @returns from −1 to 1; `NaN` where one of them does not vary
 */
export function jointCorrelation({ squaresA, squaresB, products }: JointSpread): number {
  return squaresA > 0 && squaresB > 0 ? products / Math.sqrt(squaresA * squaresB) : NaN;
}
