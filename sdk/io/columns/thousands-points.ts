import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { medianInPlace } from '../../math/statistics/median-in-place';
import { advise, option } from '../../remedy';
import type { NumberFormat } from '../cells/number-format';
import { eachColumn } from './column-profile';
import { markNumbers } from './doubtful-values';

/** So many different whole numbers, well-known marks of missing values aside, are no marks. */
const fewestWhole = 5;
/** Of measures of three decimals one in a thousand is whole by chance; here one in fifty at least. */
const leastShare = 0.02;
/** Whole numbers below 1,000 are so many times the others in the median, which are thousands of the same measure. */
const leastRatio = 10;

/**
 * Warns of columns where points seem to separate thousands: `987` is beside `1.012`, read as 1.012, which is a thousand times
 * too small.
 *
 * @param format - where it names a sign, the user has said how numbers are written
 */
export function thousandsPointIssues(
  { names, values }: { readonly names: readonly string[]; readonly values: Float64Array },
  { decimal, thousands }: NumberFormat,
  file: string,
): readonly Issue[] {
  if (decimal !== undefined || thousands !== undefined) return [];
  const found: string[] = [];
  eachColumn(values, names.length, (at, own) => {
    if (pointsSeparateThousands(own)) found.push(names[at]);
  });
  if (found.length === 0) return [];
  const message =
    `whole numbers below 1,000 are beside numbers with three decimals from 1 on in ${found.length === 1 ? 'column' : `${found.length} columns,`} ` +
    `${listNames(found, 5)}: points may separate thousands there, and were read as decimal points`;
  return [
    makeIssue(
      'doubtful-value',
      message,
      { file, column: found[0] },
      advise`if "1.012" is 1012, write it so in the table, or say so with ${option('decimal', ',')} and ${option('thousands', '.')}; if not, there is nothing to do`,
    ),
  ];
}

/**
 * Whether a column is one of whole numbers whose thousands are separated by points: all are 1 or more; those that are whole are
 * below 1,000, of several values and too many for chance; the others have up to three decimals, mostly three (one in ten ends with
 * a 0), and are much smaller than the whole ones.
 */
function pointsSeparateThousands(values: Float64Array): boolean {
  const whole: number[] = [];
  const broken: number[] = [];
  let three = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!(value >= 1 && value < 1000)) return false;
    if (markNumbers.has(value)) continue;
    if (Number.isInteger(value)) whole.push(value);
    else {
      if (!hasDecimals(value, 3)) return false;
      if (!hasDecimals(value, 2)) three++;
      broken.push(value);
    }
  }
  if (broken.length === 0 || three < 0.75 * broken.length) return false;
  if (whole.length < leastShare * (whole.length + broken.length)) return false;
  if (new Set(whole).size < fewestWhole) return false;
  const median = (list: readonly number[]): number => medianInPlace(Float64Array.from(list), 0, list.length);
  return median(whole) >= leastRatio * median(broken);
}

/** Whether a number has no more decimals than this. */
function hasDecimals(value: number, count: number): boolean {
  return Number(value.toFixed(count)) === value;
}
