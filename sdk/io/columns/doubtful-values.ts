import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { groupBy } from '../../data/group-by';
import { advise, option } from '../../remedy';
import { eachColumn } from './column-profile';
import { mayRepeat, repeatedMarks } from './repeated-marks';
import type { Shape, TightLimits } from '../text/tight-limits';
import { areWithin, isBeyond, shapeOf, tightLimits } from '../text/tight-limits';

/** A value that looks like a mark of a missing one, or like a slip. */
export interface DoubtfulValue {
  readonly value: number;
  readonly count: number;
  /** The range of the values that are not in doubt. */
  readonly low: number;
  readonly high: number;
}

/** The numbers by which programs and questionnaires mark missing, refused and unknown values. */
export const markNumbers: ReadonlySet<number> = new Set([
  ...[77, 88, 99, 777, 888, 999, 7777, 8888, 9999, 99999, 999999],
  ...[-1, -7, -8, -9, -77, -88, -99, -777, -888, -999, -7777, -8888, -9999, -99999, -999999],
]);

/**
 * Finds the values of a column that are not like the rest of it:
 *
 * - a well-known mark (999, −9999, 88, −1 …) that is further from the rest than half of the range of the rest and more
 *   than 2.5 robust standard deviations (interquartile range / 1.349) from its median; or that is negative where the rest
 *   is not, and most of the rest is above zero;
 * - a value at an end that is there again and again, apart from the rest (see {@link repeatedMarks});
 * - 0 where all the rest is above a quarter of its median, the median is more than five robust standard deviations above
 *   zero, and no more than a fifth are 0;
 * - any value further from the rest than `reach` times the rest's range, where only one in fifty or fewer (or a single one)
 *   is;
 * - in a column of 10 values or more whose other values are all above zero, with a median more than five robust standard
 *   deviations above it, what at most one in twenty (or a single one) is: more than 12 of them from the median, and
 *   further from the rest than its range and than its tail on that side reaches; or further than the range (above the
 *   rest, twice the range) and the slip of a decimal sign; or negative, and further than half of the range;
 * - in a column of ages whose median is one of a person's in years: what is below 0 or above 120, and 0 where all the rest
 *   is at least 5.
 *
 * Robust measures are used because the marks themselves would stretch a standard deviation. Honest heavy tails, such as
 * lesion volumes, rarely have a gap of ten times their whole range.
 *
 * @param values - at least 5 values; `NaN` marks a missing one
 */
export function doubtfulValues(
  values: Float64Array,
  { reach, isAge = false }: { readonly reach: number; readonly isAge?: boolean },
): readonly DoubtfulValue[] {
  if (!isAge && !mayHoldDoubtful(values)) return [];
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length < 5) return [];
  const repeated = repeatedMarks(sorted, markNumbers);
  const unmarked = repeated.size === 0 ? sorted : sorted.filter((value) => !repeated.has(value));
  const ordinary = ordinaryValues(unmarked);
  const tight = tightLimits(ordinary);
  if (ordinary === sorted && isOrdinary(sorted, { tight, reach, isAge })) return [];
  const near = ordinary.filter((value) => !isBeyond(value, tight));
  const shape = shapeOf(withoutFarEnds(near, reach));
  const counts = new Map<number, number>();
  const plausible = isAge && shape.median >= 0 && shape.median <= 120;
  for (const value of sorted) {
    const inside = value >= shape.low && value <= shape.high;
    const unborn = value === 0 && shape.low >= 5;
    const impossible = plausible && (value < 0 || value > 120 || unborn);
    if (
      !impossible &&
      !repeated.has(value) &&
      !isBeyond(value, tight) &&
      (inside || !isDoubtful(value, shape, { reach, share: shareOf(sorted, value) }))
    )
      continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const others = sorted.filter((value) => !counts.has(value));
  const [low, high] = others.length === 0 ? [shape.low, shape.high] : [others[0], others[others.length - 1]];
  return [...counts].map(([value, count]) => ({ value, count, low, high }));
}

/** Whether both ends of sorted values without marks are near the rest: then nothing is in doubt, as in most columns. */
function isOrdinary(
  sorted: Float64Array,
  {
    tight,
    reach,
    isAge,
  }: { readonly tight: TightLimits | undefined; readonly reach: number; readonly isAge: boolean },
): boolean {
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  if (isAge && (low < 0 || high > 120)) return false;
  return areWithin(low, high, tight) && withoutFarEnds(sorted, reach).length === sorted.length;
}

/** A mark that no measure of a few digits comes near: −999, 9999; most of a column may hold it. */
function isStrongMark(value: number): boolean {
  return markNumbers.has(value) && Math.abs(value) >= 777;
}

/**
 * The sorted values against which the others are held: those that are no marks, and no 0 where few are; where that leaves
 * less than half of them, those that are no strong marks, at least 5; else all.
 */
function ordinaryValues(sorted: Float64Array): Float64Array {
  if (!sorted.some((value) => Number.isInteger(value) && (value === 0 || markNumbers.has(value))))
    return sorted;
  const zeros = sorted.filter((value) => value === 0).length;
  const few = zeros <= 0.2 * sorted.length;
  const ordinary = sorted.filter((value) => !markNumbers.has(value) && !(few && value === 0));
  if (ordinary.length * 2 >= sorted.length) return ordinary;
  const unmarked = sorted.filter((value) => !isStrongMark(value));
  return unmarked.length >= 5 ? unmarked : sorted;
}

/**
 * Whether a look at all is worth it: there is a mark or a 0, or a value so far from the mean as one that is doubtful must
 * be: (n − 1)/√n standard deviations where it is alone among n, and about 4 where one in twenty is 12 robust ones from the
 * rest; or a negative one, though the mean is clearly above zero.
 */
function mayHoldDoubtful(values: Float64Array): boolean {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (Number.isInteger(value) && (value === 0 || markNumbers.has(value))) return true;
    count++;
    const from = value - mean;
    mean += from / count;
    squares += from * (value - mean);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const deviation = Math.sqrt(squares / Math.max(1, count));
  if (low < 0 && mean > 1.5 * deviation) return true;
  if (mayRepeat(values, low, high)) return true;
  const least = Math.min(3.6, (0.8 * (count - 1)) / Math.sqrt(count));
  return Math.max(high - mean, mean - low) >= least * deviation;
}

function isDoubtful(
  value: number,
  { low, high, median, spread }: Shape,
  { reach, share }: { readonly reach: number; readonly share: number },
): boolean {
  const range = high - low;
  const away = value < low ? low - value : value - high;
  if (value === 0) return low > 0.25 * median && median > 5 * spread && share <= 0.2;
  if (markNumbers.has(value) && (share <= 0.5 || isStrongMark(value))) {
    if (away > range / 2 && Math.abs(value - median) > 2.5 * spread) return true;
    if (value < 0 && low >= 0 && median > 0) return true;
  }
  return away > reach * range && share <= 0.02;
}

function shareOf(sorted: Float64Array, value: number): number {
  let count = 0;
  for (const other of sorted) if (other === value) count++;
  // A single value is as rare as can be, however few there are.
  return count === 1 ? 0 : count / sorted.length;
}

/** Takes off the ends of sorted values what is far from the rest: up to one in fifty, and one at least. */
function withoutFarEnds(sorted: Float64Array, reach: number): Float64Array {
  let from = 0;
  let to = sorted.length;
  const most = Math.max(1, Math.floor(0.02 * sorted.length));
  for (let taken = 1; taken <= most && to - from > 4; taken++) {
    // Only a gap below or above everything that is left makes a far end.
    if (sorted[taken] - sorted[taken - 1] > reach * (sorted[to - 1] - sorted[taken])) from = taken;
  }
  for (let taken = 1; taken <= most && to - from > 4; taken++) {
    const last = sorted.length - taken;
    if (sorted[last] - sorted[last - 1] > reach * (sorted[last - 1] - sorted[from])) to = last;
  }
  return sorted.subarray(from, to);
}

/** How far, in ranges of the rest, an unknown value must be: of features there are many, and their tails are heavier. */
const reachOf = { covariate: 3, feature: 10 } as const;

/**
 * Warns of values that look like marks of missing ones, in continuous covariates and in features, naming column, value and
 * count. The values stay: what they mean only the user knows.
 */
export function doubtfulValueIssues(
  covariates: readonly Covariate[],
  features: { readonly names: readonly string[]; readonly values: Float64Array },
  file: string,
): readonly Issue[] {
  const found: Found[] = [];
  const manyInOne: Issue[] = [];
  const note = (own: readonly Found[]): void => {
    if (own.length > 3) manyInOne.push(manyOfOneColumn(own, file));
    else found.push(...own);
  };
  for (const covariate of covariates) {
    if (covariate.kind === 'categorical') continue;
    const isAge = /(^|[^a-z])age([^a-z]|$)/i.test(covariate.name);
    const doubtful = doubtfulValues(covariate.values, { reach: reachOf.covariate, isAge });
    note(doubtful.map((one) => ({ ...one, column: covariate.name, rows: covariate.values.length })));
  }
  const width = features.names.length;
  eachColumn(features.values, width, (at, values) => {
    const column = features.names[at];
    const doubtful = doubtfulValues(values, { reach: reachOf.feature });
    note(doubtful.map((one) => ({ ...one, column, rows: values.length })));
  });
  const single = [...groupBy(found, ({ value }) => value).values()].flatMap((own) =>
    own.length > 3 ? [inManyColumns(own, file)] : own.map((one) => inOneColumn(one, file)),
  );
  return [...manyInOne, ...single];
}

interface Found extends DoubtfulValue {
  readonly column: string;
  readonly rows: number;
}

function inOneColumn({ column, value, count, rows, low, high }: Found, file: string): Issue {
  const message =
    `column "${column}" holds ${value} in ${count} of ${rows} rows, far from its other values (${low} to ${high}); ` +
    'it is taken as a number';
  return makeIssue('doubtful-value', message, { file, column }, remedyFor(`${column}=${value}`));
}

/** Many different values of a column, such as ages in months among ages in years. */
function manyOfOneColumn(own: readonly Found[], file: string): Issue {
  const [{ column, rows, low, high }] = own;
  const count = own.reduce((sum, one) => sum + one.count, 0);
  const first = own[0].value;
  const last = own[own.length - 1].value;
  const message =
    `column "${column}" holds ${own.length} different values (${first} to ${last}) in ${count} of ${rows} rows that are far ` +
    `from its other values (${low} to ${high}); they are taken as numbers`;
  return makeIssue('doubtful-value', message, { file, column });
}

function inManyColumns(found: readonly Found[], file: string): Issue {
  const columns = found.map(({ column, count }) => `"${column}" (${count})`).join(', ');
  const message =
    `${found.length} columns hold ${found[0].value}, far from their other values, and it is taken as a number: ` +
    columns;
  return makeIssue('doubtful-value', message, { file }, remedyFor(String(found[0].value)));
}

function remedyFor(mark: string): ReturnType<typeof advise> {
  return advise`if it marks a missing value, say so with ${option('missing', mark)}; if it is a slip, correct the table`;
}

/** The values without those that look like marks of missing ones, for judging what the column holds; a copy where any is. */
export function withoutDoubtful(values: Float64Array): Float64Array {
  const found = new Set(
    doubtfulValues(values, { reach: reachOf.feature })
      .map(({ value }) => value)
      .filter((value) => markNumbers.has(value)),
  );
  return found.size === 0 ? values : values.map((value) => (found.has(value) ? NaN : value));
}
