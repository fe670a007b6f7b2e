import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { TextColumn } from './build-covariate';
import type { CollectedRows } from '../rows/collect-rows';
import { placeOf } from '../text/row-source';

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
