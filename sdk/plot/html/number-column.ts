/** The most decimals at which a column of numbers still reads well with the same for all. */
const mostDecimals = 6;

/**
 * With how many decimals all numbers of a column are written, so that their points are one below the other: as many as the
 * one with the most needs at five significant digits. `null` where they are of too many sizes for that (p values): then
 * each has its own.
 *
 * @param numbers - those of the column; `NaN` marks missing ones
 */
export function columnDecimals(numbers: Iterable<number>): number | null {
  let most = 0;
  for (const value of numbers) {
    if (!Number.isFinite(value)) continue;
    const text = fiveDigits(value);
    if (text.includes('e')) return null;
    most = Math.max(most, text.length - 1 - (text.includes('.') ? text.indexOf('.') : text.length - 1));
    if (most > mostDecimals) return null;
  }
  return most;
}

/** A number of such a column as text. */
export function columnNumber(value: number, decimals: number | null): string {
  return decimals === null || !Number.isFinite(value) ? fiveDigits(value) : value.toFixed(decimals);
}

/** A whole number as it is, any other to five significant digits. */
function fiveDigits(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
