import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { advise, option } from '../../remedy';
import { eachColumn } from './column-profile';

/** Fewer scans may have one value by chance, where measures are coarse. */
const fewest = 5;
/** A value that so many scans of other sites have too is a usual one, such as no lesion. */
const usualShare = 0.1;

/**
 * Warns of features that have one and the same value in all scans of a site, and vary elsewhere: 0 or a mean that was written where
 * nothing was measured. To a model they vary by the effects of covariates, which it would take for the spread of the site, and
 * it would make measures of them that nobody made.
 */
export function constantAtSiteIssues(
  { names, values }: { readonly names: readonly string[]; readonly values: Float64Array },
  sites: readonly string[],
  file: string,
): readonly Issue[] {
  const labels = [...new Set(sites)];
  if (labels.length < 2) return [];
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const codes = Int32Array.from(sites, (site) => codeOf.get(site) ?? 0);
  const found = new Map<string, { readonly column: string; readonly value: number }[]>();
  eachColumn(values, names.length, (at, own) => {
    for (const { site, value } of constantSites(own, codes, labels.length)) {
      const all = found.get(labels[site]) ?? [];
      all.push({ column: names[at], value });
      found.set(labels[site], all);
    }
  });
  return [...found].map(([site, all]) => {
    const [{ column, value }] = all;
    const different = new Set(all.map((one) => one.value)).size > 1 ? 'one value each' : String(value);
    const message =
      `all scans of site ${quoteName(site)} have ${different} in ${all.length === 1 ? 'column' : `${all.length} columns,`} ` +
      `${listNames(
        all.map((one) => one.column),
        5,
      )}, which ${all.length === 1 ? 'varies' : 'vary'} elsewhere; taken as measured`;
    return makeIssue(
      'constant-at-site',
      message,
      { file, column, site },
      advise`if nothing was measured there, leave the cells empty, or say so with ${option('missing', `${column}=${value}`)}`,
    );
  });
}

/** The sites whose values of a column are all the same, and no usual value of the others. */
function constantSites(
  values: Float64Array,
  codes: Int32Array,
  count: number,
): readonly { readonly site: number; readonly value: number }[] {
  const first = new Float64Array(count).fill(NaN);
  const sizes = new Int32Array(count);
  const varied = new Uint8Array(count);
  let left = count;
  for (let row = 0; row < values.length && left > 0; row++) {
    const value = values[row];
    const site = codes[row];
    if (Number.isNaN(value) || varied[site] === 1) continue;
    if (sizes[site]++ === 0) first[site] = value;
    else if (value !== first[site]) {
      varied[site] = 1;
      left--;
    }
  }
  if (left === 0) return [];
  return [...first].flatMap((value, site) => {
    if (varied[site] === 1 || sizes[site] < fewest) return [];
    let [others, same] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      if (codes[row] === site || Number.isNaN(values[row])) continue;
      others++;
      if (values[row] === value) same++;
    }
    // Where all sites have one value each there is no measure that varies.
    const isUsual = same > usualShare * others;
    return others === 0 || isUsual || !varied.includes(1) ? [] : [{ site, value }];
  });
}
