import { covariateNamed } from '../data/people/participants';
import type { HospitalTable } from './hospital-table';
import { waysToPart } from './hospital-table';
import type { FederatedSmooth, FederatedStudy } from './study';

/** Too few persons for the sums that are of them. */
export interface SmallCell {
  readonly cell: string;
  readonly persons: number;
  /** So many are needed. */
  readonly needed: number;
}

/** Intervals between neighboring inner knots; the first and the last are open at their ends, where curves are lines. */
function intervalsOf({ splines }: Pick<FederatedSmooth, 'splines'>): number {
  return splines - 3;
}

/** A run of neighboring intervals, and how many sums are of nobody but the persons in it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** B-splines that are 0 elsewhere. */
  readonly single: number;
  /** Products of two B-splines that are 0 elsewhere. */
  readonly double: number;
}

/** A B-spline is above 0 on four intervals, or fewer at the ends. */
function stretchesOf(splines: number): readonly Stretch[] {
  const intervals = intervalsOf({ splines });
  return Array.from({ length: intervals }, (_, from) =>
    Array.from({ length: intervals - from }, (__, more) => stretch(splines, [from, from + more])),
  )
    .flat()
    .filter(({ double }) => double > 0);
}

function stretch(splines: number, [from, to]: readonly [number, number]): Stretch {
  let [single, double] = [0, 0];
  for (let i = 0; i < splines; i++) {
    for (let j = i; j <= Math.min(splines - 1, i + 3); j++) {
      const inside = Math.max(0, j - 3) >= from && Math.min(splines - 4, i) <= to;
      if (inside) double++;
      if (inside && i === j) single++;
    }
  }
  return { from, to, single, double };
}

/**
 * The first stretch of a curve that too few persons are on, though some are. Sums of B-splines, and of their products, are sums
 * of powers of what the curve is of: as many of these as there are persons on a stretch give away the age of each. So there
 * are to be more persons on it than sums that are only of them: at each site, of each level, and of all.
 */
export function smallStretch(
  table: HospitalTable,
  study: Pick<FederatedStudy, 'terms' | 'smooths' | 'preserve'>,
  { rows, minimum }: { readonly rows: readonly number[]; readonly minimum: number },
): SmallCell | undefined {
  const curves = study.smooths.flatMap((smooth) => curvesOf(table, smooth, rows));
  for (const curve of curves) {
    const small = smallOnCurve(table, curve, { study, minimum });
    if (small !== undefined) return small;
  }
  return curves
    .flatMap((one, at) => curves.slice(at + 1).map((other) => [one, other] as const))
    .filter(([one, other]) => one.smooth !== other.smooth)
    .map(([one, other]) => smallWhereBoth(table, [one, other], minimum))
    .find((small) => small !== undefined);
}

/** A curve, whom it is of, and on which interval each of them is. */
interface Curve {
  readonly smooth: FederatedSmooth;
  readonly label: string;
  readonly rows: readonly number[];
  readonly intervalOf: (row: number) => number;
}

/** One curve, or one for each level that a row has. */
function curvesOf(
  { cohort: { participants } }: HospitalTable,
  smooth: FederatedSmooth,
  rows: readonly number[],
): readonly Curve[] {
  const { name, by, knots } = smooth;
  const covariate = covariateNamed(participants, name);
  if (covariate.kind !== 'continuous') return [];
  const intervals = intervalsOf(smooth);
  const width = (knots[1] - knots[0]) / intervals;
  const intervalOf = (row: number): number =>
    Math.min(intervals - 1, Math.max(0, Math.floor((covariate.values[row] - knots[0]) / width)));
  if (by === undefined) return [{ smooth, label: name, rows, intervalOf }];
  const factor = covariateNamed(participants, by);
  if (factor.kind !== 'categorical') return [];
  return factor.levels.map((level, code) => {
    const own = rows.filter((row) => factor.codes[row] === code);
    return { smooth, label: `${name} of ${by}=${level}`, rows: own, intervalOf };
  });
}

/** On which intervals each person has scans. */
type Tally = ReadonlyMap<string, ReadonlySet<number>>;

function smallOnCurve(
  table: HospitalTable,
  curve: Curve,
  { study, minimum }: { readonly study: Parameters<typeof smallStretch>[1]; readonly minimum: number },
): SmallCell | undefined {
  const cells = waysToPart(table, study).map(({ of }) => tallies(table, curve, of));
  const whole = tallies(table, curve, () => '').get('');
  if (whole === undefined) return undefined;
  for (const part of stretchesOf(curve.smooth.splines)) {
    const label = `${curve.label} ${stretchLabel(curve.smooth, part)}`;
    let sums = part.double;
    for (const tally of cells) {
      const met = [...tally].map(([cell, own]) => ({ cell, persons: onStretch(own, part) }));
      const present = met.filter(({ persons }) => persons > 0);
      const needed = Math.max(minimum, part.single + 1);
      const small = present.find(({ persons }) => persons < needed);
      if (part.single > 0 && small !== undefined) {
        return { cell: `${label} at ${small.cell}`, persons: small.persons, needed };
      }
      sums += Math.max(0, present.length - 1) * part.single;
    }
    const persons = onStretch(whole, part);
    const needed = Math.max(minimum, sums + 1);
    if (persons > 0 && persons < needed) return { cell: label, persons, needed };
  }
  return undefined;
}

function tallies(
  { cohort: { participants } }: HospitalTable,
  { rows, intervalOf }: Curve,
  cellOf: (row: number) => string,
): ReadonlyMap<string, Tally> {
  const found = new Map<string, Map<string, Set<number>>>();
  for (const row of rows) {
    const cell = cellOf(row);
    const own = found.get(cell) ?? new Map<string, Set<number>>();
    const person = participants.persons[row];
    found.set(cell, own.set(person, (own.get(person) ?? new Set()).add(intervalOf(row))));
  }
  return found;
}

function onStretch(tally: Tally, { from, to }: Stretch): number {
  let persons = 0;
  for (const places of tally.values())
    if ([...places].some((place) => place >= from && place <= to)) persons++;
  return persons;
}

/** Products of B-splines of two curves are of the persons who are on a stretch of both. */
function smallWhereBoth(
  { cohort: { participants } }: HospitalTable,
  [one, other]: readonly [Curve, Curve],
  minimum: number,
): SmallCell | undefined {
  const shared = new Set(other.rows);
  const rows = one.rows.filter((row) => shared.has(row));
  const places = rows.map((row) => [one.intervalOf(row), other.intervalOf(row)] as const);
  const single = ({ smooth }: Curve): readonly Stretch[] =>
    stretchesOf(smooth.splines).filter((part) => part.single > 0);
  for (const first of single(one)) {
    for (const second of single(other)) {
      const on = rows.filter((_, at) => {
        const [x, y] = places[at];
        return x >= first.from && x <= first.to && y >= second.from && y <= second.to;
      });
      const persons = new Set(on.map((row) => participants.persons[row])).size;
      const needed = Math.max(minimum, first.single * second.single + 1);
      if (persons === 0 || persons >= needed) continue;
      const cell = `${one.label} ${stretchLabel(one.smooth, first)} with ${other.label} ${stretchLabel(other.smooth, second)}`;
      return { cell, persons, needed };
    }
  }
  return undefined;
}

function stretchLabel(smooth: FederatedSmooth, { from, to }: Stretch): string {
  const [first, last] = smooth.knots;
  const intervals = intervalsOf(smooth);
  const at = (knot: number): string =>
    String(Number((first + (knot * (last - first)) / intervals).toPrecision(4)));
  if (from === 0 && to === intervals - 1) return 'anywhere';
  if (from === 0) return `below ${at(to + 1)}`;
  return to === intervals - 1 ? `from ${at(from)} on` : `from ${at(from)} to ${at(to + 1)}`;
}
