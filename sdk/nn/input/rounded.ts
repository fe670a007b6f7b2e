/** A number of a description, to so many digits after the point. JSON knows no −0. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits)) + 0;
}

/** The largest, rounded outwards: the scan that reaches farthest is within what scans reach. */
export function roundedMost(values: readonly number[]): number {
  return Math.ceil(1e4 * values.reduce((a, b) => Math.max(a, b), -Infinity)) / 1e4 + 0;
}

/** The smallest, rounded outwards, see {@link roundedMost}. */
export function roundedLeast(values: readonly number[]): number {
  return Math.floor(1e4 * values.reduce((a, b) => Math.min(a, b), Infinity)) / 1e4 + 0;
}
