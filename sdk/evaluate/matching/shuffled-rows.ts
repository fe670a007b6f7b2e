import type { FeatureCohort } from '../../data/cohort';
import { columnAt } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { siteCodes, siteNames } from '../../data/people/participants';

/** Fewer features do not separate participants. */
const LEAST_FEATURES = 5;
/** More features and participants than these are not needed to see it. */
const MOST_FEATURES = 200;
const MOST_ROWS = 1000;
/** Above this mean square difference between standardized values a row is unlike itself: between strangers it is 2. */
const STRANGE = 0.6;
/** Up to this it is the same person: a correlation of 0.9. */
const SAME = 0.2;
/** A match is evident where the next best and the own row are so many times farther. */
const EVIDENT = 4;

/** A row whose values after harmonization are evidently those that another row had before. */
interface Mismatch {
  readonly row: number;
  readonly like: number;
}

/**
 * Warns where values after harmonization are evidently those of other participants: rows that were shuffled while the ids
 * were not. Values are standardized, those before within their sites, and a row counts where its mean square distance to
 * itself is large, that to another row is small, and all others are several times further; three such rows, or two that
 * changed places, and a quarter at least of the rows that are not like themselves.
 *
 * @param before - the raw cohort
 * @param after - the same subjects and features in the same order
 */
export function shuffledRowsIssue(before: FeatureCohort, after: FeatureCohort): readonly Issue[] {
  const mismatches = findMismatches(before, after);
  const changed = mismatches.some(({ row, like }) =>
    mismatches.some((other) => other.row === like && other.like === row),
  );
  if (mismatches.length < 3 && !changed) return [];
  const { ids } = before.participants;
  const [{ row, like }] = mismatches;
  const which = listNames(mismatches.map((one) => ids[one.row]));
  const message =
    `${mismatches.length} of ${ids.length} participants have the values of others after harmonization: ${which}; those of ` +
    `${quoteName(ids[row])} are like those of ${quoteName(ids[like])} before`;
  return [makeIssue('shuffled-rows', message, { subject: ids[row] })];
}

function findMismatches(before: FeatureCohort, after: FeatureCohort): readonly Mismatch[] {
  const width = before.features.features.length;
  const rows = before.participants.ids.length;
  if (width < LEAST_FEATURES || rows < 6) return [];
  const columns = everyNth(width, MOST_FEATURES);
  const raw = standardizedColumns(before, columns, true);
  const now = standardizedColumns(after, columns, false);
  const own = Float64Array.from({ length: rows }, (_, row) =>
    distance(raw, now, { row, other: row, columns }),
  );
  const strange = [...own.keys()].filter((row) => own[row] > STRANGE);
  if (strange.length < 2) return [];
  const looked = everyNth(strange.length, MOST_ROWS).map((at) => strange[at]);
  const found = looked.flatMap((row) => {
    let best = Infinity;
    let next = Infinity;
    let like = -1;
    for (let other = 0; other < rows; other++) {
      // The values of `row` after, beside those of `other` before.
      const far = distance(raw, now, { row: other, other: row, columns });
      if (far < best) [best, next, like] = [far, best, other];
      else if (far < next) next = far;
    }
    const evident = like !== row && best < SAME && next > EVIDENT * best && own[row] > EVIDENT * best;
    return evident ? [{ row, like }] : [];
  });
  // Among many rows that are like nobody, a few are like somebody by chance.
  return found.length * 4 >= looked.length ? found : [];
}

/** At most `most` of `count` positions, evenly spread. */
function everyNth(count: number, most: number): readonly number[] {
  const kept = Math.min(count, most);
  return Array.from({ length: kept }, (_, at) => Math.floor((at * count) / kept));
}

/** Rows × columns: every column with mean 0 and standard deviation 1, within each site or over all; outliers cut at 4. */
function standardizedColumns(
  cohort: FeatureCohort,
  columns: readonly number[],
  bySite: boolean,
): Float64Array {
  const { participants, features } = cohort;
  const names = siteNames(participants);
  const codes = bySite ? siteCodes(participants, names) : new Int32Array(participants.ids.length);
  const sites = bySite ? names.length : 1;
  const out = new Float64Array(participants.ids.length * columns.length);
  columns.forEach((column, k) => {
    const values = columnAt(features, column);
    const [count, mean, square] = [0, 1, 2].map(() => new Float64Array(sites));
    values.forEach((value, row) => {
      if (Number.isNaN(value)) return;
      const code = codes[row];
      count[code]++;
      const off = value - mean[code];
      mean[code] += off / count[code];
      square[code] += off * (value - mean[code]);
    });
    values.forEach((value, row) => {
      const sd = Math.sqrt(square[codes[row]] / Math.max(1, count[codes[row]] - 1));
      const z = sd > 0 ? (value - mean[codes[row]]) / sd : NaN;
      out[row * columns.length + k] = Math.max(-4, Math.min(4, z));
    });
  });
  return out;
}

/** The mean square between a row before and a row after, over the features that both have; infinite where few are. */
function distance(
  raw: Float64Array,
  now: Float64Array,
  at: { readonly row: number; readonly other: number; readonly columns: readonly number[] },
): number {
  const width = at.columns.length;
  let sum = 0;
  let count = 0;
  for (let k = 0; k < width; k++) {
    const off = raw[at.row * width + k] - now[at.other * width + k];
    if (Number.isNaN(off)) continue;
    sum += off * off;
    count++;
  }
  return count >= LEAST_FEATURES ? sum / count : Infinity;
}
