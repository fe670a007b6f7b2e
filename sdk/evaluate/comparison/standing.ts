import type { Interval } from '../audit';
import type { AuditValue } from '../rows/audit-row';
import { whyInconclusive } from '../rows/inconclusive';
import type { ComparedValue, ComparisonRow, Standing } from './method-comparison';

type Measured = Pick<ComparisonRow, 'direction' | 'rule' | 'bounds' | 'chance' | 'floor' | 'raw' | 'values'>;

/** How each method compares with raw data, where the row's rule and the intervals of both allow a comparison. */
export function standings(row: Measured): Readonly<Record<string, Standing>> {
  const { rule, direction, raw, values } = row;
  const before = spanOf(row, raw);
  if (rule === undefined || direction === 'unchanged' || before === undefined) return {};
  const honest = Object.values(values).some(({ protocol }) => protocol !== 'in-sample');
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const after = spanOf(row, value);
      if (after === undefined) return [];
      const found = standingOf(row, { before, after, value });
      // Beside figures that do not flatter, one that does can only speak against its method.
      const said = found === 'worse' || !honest || value.protocol !== 'in-sample';
      return found === undefined || !said ? [] : [[name, found] as const];
    }),
  );
}

function standingOf(
  row: Measured,
  { before, after, value }: { readonly before: Span; readonly after: Span; readonly value: ComparedValue },
): Standing | undefined {
  if (whyInconclusive(row, row.raw, value) !== undefined) return 'inconclusive';
  const { direction, rule } = row;
  const sign = direction === 'lower' ? 1 : -1;
  if (isBelow(before, after, sign) || isHarm(value.change, sign)) return 'worse';
  if (!isBelow(after, before, sign)) return 'alike';
  // A harmonizer that keeps a covariate writes the tested participants' own values of it into their features.
  return rule === 'prediction' && value.protocol === 'in-sample' ? undefined : 'better';
}

/** Why the figures of methods are inconclusive, by the names of those that are. */
export function inconclusiveReasons(
  row: Measured,
  standing: Readonly<Record<string, Standing>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(standing).flatMap((name) => {
      const value: ComparedValue | undefined = row.values[name];
      if (standing[name] !== 'inconclusive' || value === undefined) return [];
      return [[name, whyInconclusive(row, row.raw, value) ?? '']];
    }),
  );
}

/** The methods that lead in a row among those better than raw data, and those that overlap with the first of them. */
export function bestOf(row: Measured, standing: Readonly<Record<string, Standing>>): readonly string[] {
  const better = Object.keys(standing).filter((name) => standing[name] === 'better');
  return better.filter((name) => !better.some((other) => beats(row, other, name)));
}

/** Whether the interval of one method is apart from that of another, on the good side. */
export function beats(row: Measured, one: string, other: string): boolean {
  const values = [one, other].map((name): ComparedValue | undefined => row.values[name]);
  const [own, theirs] = values.map((value) => spanOf(row, value));
  if (own === undefined || theirs === undefined || row.direction === 'unchanged') return false;
  if (values[0]?.protocol === 'in-sample' && values[1]?.protocol !== 'in-sample') return false;
  return isBelow(own, theirs, row.direction === 'lower' ? 1 : -1);
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** The interval of a value; of a site probe no lower than what guessing, or covariates alone, achieve. */
function spanOf({ rule, chance, floor }: Measured, value: AuditValue | undefined): Span | undefined {
  const { low = NaN, high = NaN } = value?.interval ?? {};
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  const bar = rule === 'identification' ? Math.max(chance?.value ?? 0, floor?.value ?? 0) : -Infinity;
  return { low: Math.max(low, bar), high: Math.max(high, bar) };
}

function isBelow(one: Span, other: Span, sign: 1 | -1): boolean {
  return sign === 1 ? one.high < other.low : one.low > other.high;
}

/** Whether the interval of a paired change is wholly on the bad side. */
function isHarm(change: Interval | undefined, sign: 1 | -1): boolean {
  if (change === undefined) return false;
  return sign === 1 ? change.low > 0 : change.high < 0;
}
