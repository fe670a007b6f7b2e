import type { Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import { jointCorrelation, jointSpread } from '../../math/statistics/correlation';
import type { ColumnProfile } from './column-profile';

/** What the values of a column are compared with, one entry per row. */
export interface RowContext {
  readonly ids: readonly string[];
  readonly sites: readonly string[];
  readonly covariates: readonly Covariate[];
}

/**
 * What the values of a column say against taking it for a measure of the brain, whatever its name; `undefined` where they
 * say nothing. Found are
 *
 * - the subject's id again, or the number in it (from 5 rows);
 * - one value throughout (from 5 rows);
 * - a covariate again: a correlation above 0.999 (from 10 rows), or one value for each level of a categorical one;
 * - a code of the site: the same value all over each site (from 3 rows a site), or whole numbers of few kinds (a quarter
 *   of the rows at most) each of which is met at one site only (from 12 rows);
 * - a counter: whole numbers that grow by one from row to row, nine times out of ten or more (from 5 rows), or that are
 *   all different and fill at least half of their range (from 10 rows), in whatever order;
 * - dates written as numbers: 20190131, or as spreadsheets count days: 43831 (from 10 rows).
 *
 * Tables of fewer rows say too little, and nothing is concluded from them.
 */
export function valuesSpeakAgainst(
  values: Float64Array,
  profile: ColumnProfile,
  context: RowContext,
): string | undefined {
  if (profile.count >= 5 && repeatsIds(values, context.ids)) return 'it repeats the subject id';
  if (profile.count >= 5 && profile.min === profile.max) return 'it has the same value in every row';
  const covariate = context.covariates.find((one) => repeatsCovariate(values, profile, one));
  if (covariate !== undefined) return `it repeats the covariate ${covariate.name}`;
  if (isSiteCode(values, profile, context.sites)) return 'it is a code of the site';
  if (!profile.whole) return undefined;
  if (isCounter(values, profile)) return 'it counts rows';
  if (profile.count >= 5 && areDates(values, profile)) return 'it holds dates';
  if (areSerialDates(values, profile)) return 'it holds dates as spreadsheets count them, in days';
  return undefined;
}

function repeatsIds(values: Float64Array, ids: readonly string[]): boolean {
  return values.every((value, row) => Number.isNaN(value) || numberIn(ids[row]) === value);
}

/** The number at the end of an id; `NaN` where there is none. */
function numberIn(id: string): number {
  const digits = /\d+$/.exec(id.trim());
  return digits === null ? NaN : Number(digits[0]);
}

function repeatsCovariate(values: Float64Array, profile: ColumnProfile, covariate: Covariate): boolean {
  if (covariate.kind === 'continuous') {
    return profile.count >= 10 && Math.abs(jointCorrelation(jointSpread(values, covariate.values))) > 0.999;
  }
  const { levels, codes } = covariate;
  if (!profile.whole || profile.count < 4 * levels.length || profile.distinct !== levels.length) return false;
  return determines(codes, values, (row) => !isMissing(covariate, row));
}

/** Whether every value of `by` goes with one value only. */
function determines(
  by: ArrayLike<number | string>,
  values: Float64Array,
  counts: (row: number) => boolean,
): boolean {
  const valueOf = new Map<number | string, number>();
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]) || !counts(row)) continue;
    const known = valueOf.get(by[row]);
    if (known === undefined) valueOf.set(by[row], values[row]);
    else if (known !== values[row]) return false;
  }
  return true;
}

function isSiteCode(values: Float64Array, profile: ColumnProfile, sites: readonly string[]): boolean {
  if (profile.min === profile.max) return false;
  const sameAtSite = determines(sites, values, () => true);
  const isShort = profile.whole && profile.count >= 12 && profile.distinct <= profile.count / 4;
  // Most columns are done here, before the sites are counted.
  if (!sameAtSite && !isShort) return false;
  const siteCount = new Set(sites).size;
  if (siteCount < 2) return false;
  if (sameAtSite && profile.count >= 3 * siteCount) return true;
  if (!isShort) return false;
  const siteOf = new Map<number, string>();
  return values.every((value, row) => {
    if (Number.isNaN(value)) return true;
    const known = siteOf.get(value);
    if (known === undefined) siteOf.set(value, sites[row]);
    return known === undefined || known === sites[row];
  });
}

function isCounter(values: Float64Array, { count, min, max, distinct }: ColumnProfile): boolean {
  let steps = 0;
  for (let row = 1; row < values.length; row++) if (values[row] - values[row - 1] === 1) steps++;
  if (count >= 5 && steps >= 0.9 * (count - 1)) return true;
  return count >= 10 && distinct === count && max - min + 1 <= 2 * count;
}

/** Years 1900 to 2100, months, days. */
/** Whether numbers are dates, as 20040503 is; the profile is that of the values. */
export function areDates(values: Float64Array, { min, max, whole }: ColumnProfile): boolean {
  if (!whole || min < 19_000_101 || max > 21_001_231) return false;
  return values.every((value) => {
    if (Number.isNaN(value)) return true;
    const month = Math.floor(value / 100) % 100;
    const day = value % 100;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  });
}

/** 1 January 2000 and 31 December 2039, in days as spreadsheets count them. */
const serialDays = [36_526, 51_135] as const;
/** Measures of brains of persons vary by more than this share of their mean; dates of a study that takes up to 15 years by less. */
const leastVariation = 0.04;

/** Whether numbers are dates as spreadsheets write them where a column is formatted as numbers: 43831 is 1 January 2020. */
export function areSerialDates(values: Float64Array, { count, min, max, whole }: ColumnProfile): boolean {
  if (!whole || count < 10 || min < serialDays[0] || max > serialDays[1] || min === max) return false;
  let [mean, squares] = [0, 0];
  for (const value of values) if (!Number.isNaN(value)) mean += value / count;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (count - 1)) < leastVariation * mean;
}

/**
 * Whether whole numbers among measures with decimals look like a score, a count or a code: at least 10 of them, within
 * 150 of each other (a scale of intelligence, not a volume in mm³), below 1,000, and a fifth of them or more repeated.
 */
export function looksLikeScore({ whole, count, min, max, distinct }: ColumnProfile): boolean {
  if (!whole || count < 10) return false;
  return max - min <= 150 && Math.max(Math.abs(min), Math.abs(max)) < 1000 && distinct <= 0.8 * count;
}

/**
 * Whether numbers with decimals among measures that nearly all differ look like a setting, a score or a code: field strengths
 * of 1.5 and 3, a rating of 0, 0.5 and 1. They have six values at most, each met five times on average and three times at
 * least: of a small region that was not found in most scans, few volumes are met again.
 */
export function looksLikeSteps(values: Float64Array, { whole, count }: ColumnProfile): boolean {
  if (whole || count < 10) return false;
  const met = new Map<number, number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    met.set(value, (met.get(value) ?? 0) + 1);
    if (met.size > mostSteps) return false;
  }
  return count >= 5 * met.size && Math.min(...met.values()) >= 3;
}

/** So few values are those of steps. */
const mostSteps = 6;
