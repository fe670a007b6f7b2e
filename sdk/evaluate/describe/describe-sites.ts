import { max, mean, min, sampleStandardDeviation } from 'simple-statistics';
import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { hasRepeatedPersons } from '../../data/people/participants';
import { quantityTitle } from '../../data/quantity';
import { groupsBy } from './groups';

/** One site in the table of a paper: texts as they are printed, by the heading of their column. */
export type SiteDescription = Readonly<Record<string, string | number>>;

/**
 * Table 1 of a paper: for each site, and for all together, how many there are, the mean ± standard deviation and the range of
 * each continuous covariate, the number and share of each level of the others, and how many values are missing. Shares are
 * of those whose level is known. Rows are scans or visits; where persons have several, they are counted too, and a person's
 * covariates count once for each row. `groupSummary` gives the numbers behind it.
 *
 * @returns one row per site in the order of names, then `all`; columns are named as in print: `age (years), mean ± SD`
 * @example
 * ```ts
 * show(describeSites(cohort));
 * await writeRows(describeSites(cohort), 'table-1.csv');
 * ```
 */
export function describeSites(cohort: FeatureCohort): readonly SiteDescription[] {
  requireCall('describeSites', { cohort });
  const { ids, covariates } = cohort.participants;
  const sites = groupsBy(cohort, ['site']).map(({ labels, rows }) => ({ name: labels.site ?? '', rows }));
  const groups = [...sites, { name: 'all', rows: [...ids.keys()] }];
  const repeated = hasRepeatedPersons(cohort.participants);
  return groups.map(({ name, rows }) => ({
    site: name,
    n: rows.length,
    ...(repeated ? { persons: new Set(rows.map((row) => cohort.participants.persons[row])).size } : {}),
    ...Object.fromEntries(covariates.flatMap((covariate) => describeCovariate(covariate, rows))),
  }));
}

/** The columns of one covariate, each with its heading. */
function describeCovariate(
  covariate: Covariate,
  rows: readonly number[],
): readonly (readonly [string, string | number])[] {
  const { name } = covariate;
  const known = rows.filter((row) =>
    covariate.kind === 'continuous' ? !Number.isNaN(covariate.values[row]) : covariate.codes[row] !== -1,
  );
  const missing: readonly [string, number][] = anyMissing(covariate)
    ? [[`${name}, missing`, rows.length - known.length]]
    : [];
  if (covariate.kind === 'continuous') {
    const title = quantityTitle(covariate);
    const { center, range } = described(known.map((row) => covariate.values[row]));
    return [[`${title}, mean ± SD`, center], [`${title}, range`, range], ...missing];
  }
  const levels = covariate.levels.map((level, code): [string, string] => {
    const count = known.filter((row) => covariate.codes[row] === code).length;
    const share = known.length === 0 ? '' : ` (${((100 * count) / known.length).toFixed(1)} %)`;
    return [`${name} ${level}, n (%)`, `${count}${share}`];
  });
  return [...levels, ...missing];
}

/** Whether any row of the cohort lacks it: the column of missing values is the same for all sites, or there is none. */
function anyMissing(covariate: Covariate): boolean {
  return covariate.kind === 'continuous' ? covariate.values.some(Number.isNaN) : covariate.codes.includes(-1);
}

/** As in print: one decimal more for the mean than large numbers need, the range as it is. */
function described(values: readonly number[]): { readonly center: string; readonly range: string } {
  if (values.length === 0) return { center: 'none', range: 'none' };
  const decimals = Math.abs(mean(values)) >= 1 ? 1 : 3;
  const spread = values.length === 1 ? '' : ` ± ${sampleStandardDeviation(values).toFixed(decimals)}`;
  const short = (value: number): string => String(Number(value.toFixed(decimals)));
  return {
    center: `${mean(values).toFixed(decimals)}${spread}`,
    range: `${short(min(values))} to ${short(max(values))}`,
  };
}
