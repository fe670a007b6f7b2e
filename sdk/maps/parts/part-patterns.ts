import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { MapValues } from '../../io/maps/map-format';
import type { KnownPart } from './known-parts';

/**
 * A map whose slope on the mean map is below this is not of that pattern: it is 1 in the mean of all scans, and about 0 where
 * vertices are in another order, or the map is of another part.
 */
const noSlope = 0.2;
/**
 * Besides, it correlates with the mean map by less than this. The slope alone is little, too, for maps like the others in a smaller
 * unit, as where one site is in µm and makes the mean map.
 */
const noCorrelation = 0.2;
/** A scan whose parts are exchanged has a slope of −1 where others have 1; with the same map twice it is 0, halfway. */
const exchangedSlope = -0.5;
/**
 * A slope is looked at where its standard deviation is at most this, so that the limits above are five and nine of them from 1.
 */
const steady = 0.16;
/**
 * Neighboring vertices vary together: a hemisphere of about 90,000 mm² has some 200 patches as wide as the 20 mm that thickness is
 * often smoothed by, so many of its values count as independent.
 */
const patches = 200;

/** Holds the patterns of maps against the mean maps of a model: each of its own part, and of the part that it may be taken for. */
export interface PartPatterns {
  /** Takes note of some neighboring vertices of a scan, all parts joined, before they are corrected. */
  note(row: number, first: number, values: MapValues): void;
  /** What was found of the scans, by their ids in the order of rows. */
  issues(ids: readonly string[]): readonly Issue[];
}

/** A pattern that maps of one part are held against: NaN at vertices that are not in it. */
interface Pattern {
  readonly first: number;
  readonly numbers: Float64Array;
  /** Six sums of each scan: of 1, of its values, of values times the pattern, of the pattern, of its square, of the values' squares. */
  readonly sums: Map<number, Float64Array>;
  /** Whether one scan's slope on it is little by chance. */
  readonly isSteady: boolean;
}

/** Two parts that can be exchanged, each with the difference of their mean maps, first less second. */
interface Exchange {
  readonly one: Pattern & { readonly name: string };
  readonly other: Pattern & { readonly name: string };
}

/**
 * Warns of maps that have no likeness to the others of their part, and of scans whose parts are exchanged, by the ids of scans.
 * Values of exactly 0 are left out, so that the medial wall does not make maps alike.
 *
 * @param log - whether the model works on logarithms
 */
export function partPatterns(known: readonly KnownPart[], log: boolean): PartPatterns {
  const parts = known.map(({ name, first, means, deviations }): VariedPart => {
    return { name, first, means, variances: deviations.map((sd) => sd * sd) };
  });
  const own = parts.map((part) => ({ ...pattern(part, part.means, part.variances), name: part.name }));
  const exchanges = parts.flatMap((one, k) =>
    parts
      .slice(k + 1)
      .filter(({ means }) => means.length === one.means.length)
      .map((other) => exchangeOf(one, other)),
  );
  const looked = [...own, ...exchanges.flatMap(({ one, other }) => [one, other])].filter(
    ({ isSteady }) => isSteady,
  );
  return {
    note(row, from, values) {
      for (const each of looked) addValues(each, row, { from, values, log });
    },
    issues: (ids) => issuesOf(own, exchanges, ids),
  };
}

interface VariedPart extends Pick<KnownPart, 'name' | 'first' | 'means'> {
  readonly variances: Float64Array;
}

function exchangeOf(one: VariedPart, other: VariedPart): Exchange {
  const difference = one.means.map((mean, vertex) => mean - other.means[vertex]);
  const variances = one.variances.map((variance, vertex) => variance + other.variances[vertex]);
  return {
    one: { ...pattern(one, difference, variances), name: one.name },
    other: { ...pattern(other, difference, variances), name: other.name },
  };
}

/** Makes a pattern, about its own mean, and finds how steady the slopes of single scans on it are. */
function pattern({ first }: Pick<KnownPart, 'first'>, raw: Float64Array, variances: Float64Array): Pattern {
  let [count, sum, noise] = [0, 0, 0];
  raw.forEach((number, vertex) => {
    if (Number.isNaN(number)) return;
    count++;
    sum += number;
    noise += variances[vertex];
  });
  const numbers = raw.map((number) => number - sum / count);
  const squares = numbers.reduce((all, number) => (Number.isNaN(number) ? all : all + number * number), 0);
  const deviation = Math.sqrt(noise / squares / Math.min(count, patches));
  return { first, numbers, sums: new Map(), isSteady: deviation <= steady };
}

function addValues(
  { first, numbers, sums }: Pattern,
  row: number,
  { from, values, log }: { readonly from: number; readonly values: MapValues; readonly log: boolean },
): void {
  const [begin, end] = [Math.max(first, from), Math.min(first + numbers.length, from + values.length)];
  if (begin >= end) return;
  const own = sums.get(row) ?? new Float64Array(6);
  sums.set(row, own);
  let [count, sum, both, alone, square, ownSquare] = [0, 0, 0, 0, 0, 0];
  for (let vertex = begin; vertex < end; vertex++) {
    const number = numbers[vertex - first];
    const value = values[vertex - from];
    if (number !== number || value !== value || value === 0 || (log && value < 0)) continue;
    const used = log ? Math.log(value) : value;
    count++;
    sum += used;
    both += used * number;
    alone += number;
    square += number * number;
    ownSquare += used * used;
  }
  own[0] += count;
  own[1] += sum;
  own[2] += both;
  own[3] += alone;
  own[4] += square;
  own[5] += ownSquare;
}

/**
 * By how much the values of a scan change where the pattern does by 1, and their correlation with it; `NaN` where it has too few of
 * them.
 */
function likenessOf(
  { numbers, sums }: Pattern,
  row: number,
): { readonly slope: number; readonly correlation: number } {
  const [count, sum, both, alone, square, ownSquare] = sums.get(row) ?? new Float64Array(6);
  // A map that is nearly empty is named as such.
  if (count < numbers.length / 4) return { slope: NaN, correlation: NaN };
  const together = both - (sum / count) * alone;
  const [variance, ownVariance] = [square - (alone / count) * alone, ownSquare - (sum / count) * sum];
  return { slope: together / variance, correlation: together / Math.sqrt(variance * ownVariance) };
}

function issuesOf(
  own: readonly (Pattern & { readonly name: string })[],
  exchanges: readonly Exchange[],
  ids: readonly string[],
): readonly Issue[] {
  const issues: Issue[] = [];
  const explained = new Set<string>();
  for (const { one, other } of exchanges) {
    const isExchanged = (row: number): boolean =>
      likenessOf(one, row).slope - likenessOf(other, row).slope < exchangedSlope;
    const found = ids.filter((_, row) => isExchanged(row));
    if (found.length === 0) continue;
    for (const id of found) for (const { name } of [one, other]) explained.add(`${name} ${id}`);
    const message =
      `maps of ${one.name} and ${other.name} seem to be exchanged in ${counted(found.length, 'scan')}: ${listNames(found, 5)} ` +
      `(what sets ${one.name} apart from ${other.name} in the mean of all scans is the other way round there)`;
    issues.push(makeIssue('exchanged-parts', message, { subject: found[0] }));
  }
  for (const each of own) {
    const rows = ids
      .map((id, row) => ({ id, ...likenessOf(each, row) }))
      .filter(
        ({ id, slope, correlation }) =>
          slope < noSlope && !(correlation >= noCorrelation) && !explained.has(`${each.name} ${id}`),
      );
    if (rows.length === 0) continue;
    const [{ id, slope }] = rows;
    const message =
      `${counted(rows.length, 'map')} of ${each.name} ${rows.length === 1 ? 'has' : 'have'} no likeness to the mean map: ` +
      `${listNames(
        rows.map((row) => row.id),
        5,
      )} (${id}: where the mean map differs by 1 it differs by ${slope.toFixed(2)})`;
    issues.push(makeIssue('unlike-maps', message, { subject: id }));
  }
  return issues;
}
