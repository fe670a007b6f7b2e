/**
 * The share of a feature's variance that lies between sites (η², the one-way sum of squares between groups over
 * the total), over the subjects with a value.
 *
 * @param values - one per subject; `NaN` where missing
 * @param codes - the site index of each subject, from 0
 * @returns from 0 to 1; `NaN` when the values do not differ
 */
export function siteShare(values: ArrayLike<number>, codes: Int32Array): number {
  const sums: number[] = [];
  const counts: number[] = [];
  let total = 0;
  let used = 0;
  for (let row = 0; row < codes.length; row++) {
    if (Number.isNaN(values[row])) continue;
    sums[codes[row]] = (sums[codes[row]] ?? 0) + values[row];
    counts[codes[row]] = (counts[codes[row]] ?? 0) + 1;
    total += values[row];
    used++;
  }
  const mean = total / used;
  let all = 0;
  for (let row = 0; row < codes.length; row++) {
    if (!Number.isNaN(values[row])) all += (values[row] - mean) ** 2;
  }
  const between = sums.reduce(
    (sum, siteSum, code) => sum + counts[code] * (siteSum / counts[code] - mean) ** 2,
    0,
  );
  return all > 0 ? between / all : NaN;
}
