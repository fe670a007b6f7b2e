import type { FeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { counted } from '../../data/counted';
import { listAlike } from '../../data/list-names';
import { rowsBy } from '../../data/group-by';

/** So many different values that nobody else has are no chance; a scan of nothing but 0 or −999 is another matter. */
const fewestOwn = 3;
/** How many features a scan is first known by. */
const keyed = 8;

/**
 * Warns of scans with the same values in every feature, such as one scan that is listed under two ids, or a block of rows that was
 * copied over another: they count twice, and are on both sides of folds. Values that others have too (0, small counts) do not count
 * as the same: three different ones at least are of these scans alone.
 */
export function sameValuesIssues(
  { subjects, features, values }: FeatureMatrix,
  persons: readonly string[],
  file: string,
): readonly Issue[] {
  const width = features.length;
  if (width < fewestOwn) return [];
  const first = Math.min(keyed, width);
  const groups = rowsBy(subjects.map((_, row) => values.subarray(row * width, row * width + first).join()));
  const same = [...groups.values()].flatMap((rows) => {
    const alike = rows.filter((row) => isSameRow(values, width, [rows[0], row]));
    return alike.length > 1 && areTheirOwn(values, width, alike) ? [alike] : [];
  });
  if (same.length === 0) return [];
  const scans = same.reduce((sum, rows) => sum + rows.length, 0);
  const pairs = listAlike(same.map((rows) => rows.map((row) => subjects[row])));
  const others = same.some((rows) => new Set(rows.map((row) => persons[row])).size > 1);
  const message =
    `${counted(scans, 'row')} of ${file} have the values of another in every feature: ${pairs}; ` +
    (others ? 'each counts as a person of its own' : 'each counts as a scan');
  return [makeIssue('same-values', message, { file, subject: subjects[same[0][1]] })];
}

function isSameRow(values: Float64Array, width: number, [one, other]: readonly [number, number]): boolean {
  for (let w = 0; w < width; w++) {
    if (!Object.is(values[one * width + w], values[other * width + w])) return false;
  }
  return true;
}

/** Whether there are features of which no other row has the value of these. */
function areTheirOwn(values: Float64Array, width: number, rows: readonly number[]): boolean {
  const own = new Set<number>();
  for (let w = 0; w < width && own.size < fewestOwn; w++) {
    const value = values[rows[0] * width + w];
    if (Number.isNaN(value)) continue;
    let met = 0;
    for (let at = w; at < values.length; at += width) if (values[at] === value) met++;
    if (met === rows.length) own.add(value);
  }
  return own.size >= fewestOwn;
}
