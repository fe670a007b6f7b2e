import { ConcordError } from '../../errors';
import { rankCorrelation } from '../../math/statistics/rank-correlation';

/** The occasions on which every person was scanned. */
export interface Occasions {
  readonly kind: 'sites' | 'visits' | 'scans';
  /** Per pair of occasions, the rows of the persons scanned at both: first those at one, then those at the other. */
  readonly pairs: readonly (readonly {
    readonly one: readonly number[];
    readonly other: readonly number[];
  }[])[];
}

/** Fewer persons than this have no order to speak of. */
const fewest = 3;

/**
 * Finds the occasions that persons can be compared between: those given; else the sites, where a person was scanned at
 * several; else the first, second, … scan of each person, in the order of the rows.
 *
 * @param persons - the person of each row, as numbers from 0
 * @throws ConcordError `invalid-option` when there is not one occasion per row.
 */
export function makeOccasions(
  persons: Int32Array,
  sites: readonly string[],
  given?: readonly string[],
): Occasions {
  if (given !== undefined && given.length !== persons.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid occasions: ${given.length} for ${persons.length} rows (one for each row is required)`,
    );
  }
  if (given !== undefined) return { kind: 'visits', pairs: pairsOf(persons, given) };
  const siteOf = new Map<number, string>();
  let traveled = false;
  persons.forEach((person, row) => {
    const known = siteOf.get(person);
    if (known === undefined) siteOf.set(person, sites[row]);
    else traveled ||= known !== sites[row];
  });
  if (traveled) return { kind: 'sites', pairs: pairsOf(persons, sites) };
  const seen = new Map<number, number>();
  const order = Array.from(persons, (person) => {
    const at = seen.get(person) ?? 0;
    seen.set(person, at + 1);
    return String(at);
  });
  return { kind: 'scans', pairs: pairsOf(persons, order) };
}

function pairsOf(persons: Int32Array, occasions: readonly string[]): Occasions['pairs'] {
  const names = [...new Set(occasions)].sort();
  const rowsAt = names.map(() => new Map<number, number[]>());
  const position = new Map(names.map((name, at) => [name, at]));
  persons.forEach((person, row) => {
    const there = rowsAt[position.get(occasions[row]) ?? 0];
    const rows = there.get(person);
    if (rows === undefined) there.set(person, [row]);
    else rows.push(row);
  });
  return rowsAt.flatMap((first, i) =>
    rowsAt.slice(i + 1).map((second) =>
      [...first].flatMap(([person, one]) => {
        const other = second.get(person);
        return other === undefined ? [] : [{ one, other }];
      }),
    ),
  );
}

/**
 * Whether persons keep their order from one occasion to another: Spearman's rank correlation between every two occasions
 * with at least three persons in common, averaged with the weight of their number. Several scans of a person at one
 * occasion count as one, their mean.
 *
 * @param values - one per row; `NaN` where missing
 * @returns from −1 to 1; `NaN` where no two occasions can be compared
 */
export function orderConsistency(values: ArrayLike<number>, { pairs }: Occasions): number {
  let sum = 0;
  let weight = 0;
  for (const pair of pairs) {
    const one: number[] = [];
    const other: number[] = [];
    for (const rows of pair) {
      const a = meanPresent(values, rows.one);
      const b = meanPresent(values, rows.other);
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      one.push(a);
      other.push(b);
    }
    if (one.length < fewest) continue;
    const correlation = rankCorrelation(Float64Array.from(one), Float64Array.from(other));
    if (Number.isNaN(correlation)) continue;
    sum += one.length * correlation;
    weight += one.length;
  }
  return sum / weight;
}

function meanPresent(values: ArrayLike<number>, rows: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    if (Number.isNaN(values[row])) continue;
    sum += values[row];
    count++;
  }
  return sum / count;
}
