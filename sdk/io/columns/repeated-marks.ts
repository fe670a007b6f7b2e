/** Fewer rows may have one value by chance. */
const fewestRows = 3;
/** How many times as often as the others a mark is there. */
const timesOften = 2.5;
/** A column of fewer different values is one of codes or counts, in which values come again. */
const fewestDifferent = 20;
/** A column has so many marks at each end at most. */
const mostMarks = 3;

/**
 * How the Uniform Data Set of NACC marks volumes that were not measured: as many eights or nines as the column has digits, which may be
 * close above what is measured.
 */
const digitMarks: ReadonlySet<number> = new Set([
  ...[8.8888, 88.8888, 888.8888, 8888.8888],
  ...[9.9999, 99.9999, 999.9999, 9999.9999],
]);

/**
 * The values at the ends of a column that are there again and again, and apart from the rest: −4 in every tenth row of thicknesses, 88.8888
 * among volumes. Of measures hardly two scans have the same value, so that one which many have, further from all others than
 * half of their range, marks something else, whatever the number is. 0 is not among them: small regions are not found in many scans.
 *
 * @param sorted - the values, ascending, without missing ones
 * @param marks - numbers by which programs mark missing values: a tenth of the range is far enough for these, as for 99 among ages up to 86
 */
export function repeatedMarks(sorted: Float64Array, marks: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  let different = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) different++;
  if (different < fewestDifferent) return found;
  const often = Math.max(fewestRows, (timesOften * sorted.length) / different);
  let from = 0;
  let to = sorted.length;
  const isMark = (value: number, count: number, gap: number, range: number): boolean =>
    value !== 0 &&
    count >= often &&
    (gap > range / (marks.has(value) ? 10 : 2) || (digitMarks.has(value) && gap > 0));
  for (let taken = 0; taken < mostMarks; taken++) {
    let next = from;
    while (next < to && sorted[next] === sorted[from]) next++;
    if (
      next === to ||
      !isMark(sorted[from], next - from, sorted[next] - sorted[from], sorted[to - 1] - sorted[next])
    )
      break;
    found.add(sorted[from]);
    from = next;
  }
  for (let taken = 0; taken < mostMarks; taken++) {
    let next = to;
    while (next > from && sorted[next - 1] === sorted[to - 1]) next--;
    if (next === from) break;
    const last = sorted[next - 1];
    if (!isMark(sorted[to - 1], to - next, sorted[to - 1] - last, last - sorted[from])) break;
    found.add(sorted[to - 1]);
    to = next;
  }
  // What most rows have is what the column is about.
  return (to - from) * 2 >= sorted.length ? found : new Set();
}

/** Whether the least or the greatest of some values is there so often that {@link repeatedMarks} are worth a look. */
export function mayRepeat(values: Float64Array, low: number, high: number): boolean {
  let [atLow, atHigh] = [0, 0];
  for (const value of values) {
    if (value === low) atLow++;
    if (value === high) atHigh++;
  }
  return atLow >= fewestRows || atHigh >= fewestRows;
}
