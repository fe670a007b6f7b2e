import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { listNames } from '../../../data/list-names';
import { ConcordError } from '../../../errors';
import { advise, option } from '../../../remedy';
import type { TextColumn } from '../build-covariate';
import type { CollectedRows } from '../../rows/collect-rows';
import { placeOf } from '../../text/row-source';

/**
 * The site of each subject.
 *
 * @throws ConcordError `missing-value` for a subject without one; `too-little-data` when all are of one site, unless
 * that is allowed.
 */
export function siteNamesOf(
  column: TextColumn,
  main: CollectedRows,
  allowSingleSite: boolean,
): readonly string[] {
  const sites = column.texts.map((site, row) => {
    if (site !== null) return site;
    throw missingSite(column, main, row);
  });
  if (!allowSingleSite && new Set(sites).size < 2) {
    const problem = `too little data: all subjects of ${column.file} are of one site, "${sites[0]}"`;
    throw new ConcordError('too-little-data', problem, {
      where: { file: column.file, column: column.name },
      remedy: advise`at least two are needed; to apply a fitted model, use ${option('allowSingleSite', true)}`,
    });
  }
  return sites;
}

/**
 * Warns where the column of sites is an indicator: it holds 0 and 1 only and is one of several numbered columns, as `Site1`,
 * `Site2` of studies that write n sites as n − 1 such columns for regressions. All sites but one are one site then.
 *
 * @param header - the names of all columns
 */
export function indicatorSiteIssues(
  { name, file }: Pick<TextColumn, 'name' | 'file'>,
  sites: readonly string[],
  header: readonly string[],
): readonly Issue[] {
  const stem = stemOf(name);
  const others = stem === '' ? [] : header.filter((one) => one !== name && stemOf(one) === stem);
  if (others.length === 0 || !sites.every((site) => /^[01](\.0*)?$/.test(site))) return [];
  const message =
    `the column of sites, "${name}", holds only 0 and 1, and there is ${listNames(others)} too: ` +
    'they look like indicators of one variable, of which one alone takes several sites for one';
  return [makeIssue('indicator-site', message, { file, column: name })];
}

/** `Site1`, `site_12`: the name without its number; empty where it has none. */
function stemOf(name: string): string {
  return /^(.*?[a-z])[_. -]?\d{1,3}$/i.exec(name)?.[1].toLowerCase() ?? '';
}

function missingSite(column: TextColumn, main: CollectedRows, row: number): ConcordError {
  const where = { file: column.file, row: column.lines[row], column: column.name, subject: main.ids[row] };
  const others = column.texts.filter((site) => site === null).length - 1;
  const more = others === 0 ? '' : `, and of ${others} more`;
  const marks = listNames([...(column.marks?.keys() ?? [])]);
  const problem = `missing site of subject "${main.ids[row]}" in ${placeOf(where)}${more}`;
  return new ConcordError('missing-value', problem, {
    where,
    remedy:
      column.marks === undefined
        ? ['fill it in, or remove the row']
        : advise`${marks} marks a missing value; fill it in, or remove the row; if it is a site, say which marks the column has, and no others, with ${option('missing', `${column.name}=only:NA`)}`,
  });
}
