import { counted } from '../../data/counted';
import type { FeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listFirst, quoteName } from '../../data/list-names';
import { advise } from '../../remedy';
import { eachColumn } from '../columns/column-profile';
import { adviseWithout } from './without-option';

/** In fewer scans little is known of a feature. */
const fewestScans = 10;
/** Where half of the whole numbers are above this, decimals do not change what they say. */
const largestCount = 20;
/** So large a share of zeros is no chance. */
const zeroShare = 0.25;

/**
 * Says which features are small whole numbers (lesions, holes, microbleeds), or 0 in a quarter of the scans and more. A shift and a
 * factor for each site make other numbers of them, and cannot make sites alike that differ in how many are 0.
 */
export function countFeatureIssues({ features, values }: FeatureMatrix, file: string): readonly Issue[] {
  const found: { readonly name: string; readonly what: string }[] = [];
  eachColumn(values, features.length, (at, own) => {
    const what = countIn(own);
    if (what !== undefined) found.push({ name: features[at], what });
  });
  if (found.length === 0) return [];
  const shown = listFirst(found, ({ name, what }) => `${quoteName(name)} (${what})`);
  const message =
    `${counted(found.length, 'feature')} of ${file} ${found.length === 1 ? 'holds' : 'hold'} counts, or ${found.length === 1 ? 'is' : 'are'} often 0: ` +
    `${shown}. A shift and a factor for each site leave them neither whole nor 0, and do not change how often a site has 0`;
  return [
    makeIssue(
      'count-feature',
      message,
      { file, column: found[0].name },
      advise`leave them out ${adviseWithout(found.map(({ name }) => name))}, and give the site to a model of counts (Poisson, negative binomial, zero-inflated); nothing to do where approximate values are enough`,
    ),
  ];
}

/** What speaks for counts, in words. */
function countIn(values: Float64Array): string | undefined {
  let count = 0;
  let zeros = 0;
  let small = 0;
  let whole = true;
  let highest = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < 0) return undefined;
    count++;
    if (value === 0) zeros++;
    if (value <= largestCount) small++;
    whole &&= Number.isInteger(value);
    highest = Math.max(highest, value);
    // Most features are done here.
    if (!whole && zeros === 0 && count * (1 / zeroShare) > values.length * 3) return undefined;
  }
  if (count < fewestScans || highest === 0 || zeros === count) return undefined;
  if (whole && small * 2 >= count) return `whole numbers to ${highest}`;
  return zeros >= zeroShare * count ? `0 in ${zeros} of ${counted(count, 'scan')}` : undefined;
}
