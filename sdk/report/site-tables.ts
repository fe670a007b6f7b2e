import { median } from 'simple-statistics';
import type { FeatureCohort } from '../data/cohort';
import { siteNames } from '../data/people/participants';
import { describeSites } from '../evaluate/describe/describe-sites';
import type { ReportTable } from './report-content';

/** A value counts as outlying beyond so many robust deviations from the median of its feature at its site. */
const threshold = 3.5;

/** With fewer values a site's median says nothing of what is usual there. */
const fewestValues = 5;

/** Who was scanned where, and what is missing or stands out there: the tables of every report on a table. */
export function siteTables(cohort: FeatureCohort): readonly ReportTable[] {
  return [tableOne(cohort), gapsTable(cohort)];
}

/** Table 1 of a paper. */
function tableOne(cohort: FeatureCohort): ReportTable {
  const rows = describeSites(cohort);
  const columns = Object.keys(rows[0] ?? {});
  return {
    name: 'table-1',
    title: 'Table 1: participants by site',
    caption:
      'Continuous covariates as mean ± standard deviation and range; shares of levels are of those whose level is known.',
    columns,
    rows: rows.map((row) => columns.map((column) => row[column])),
    fixed: true,
  };
}

/** What is missing and what stands out at one site. */
interface SiteGaps {
  readonly cells: number;
  readonly missing: number;
  readonly outlying: number;
  /** Outlying values of each row of the site. */
  readonly byRow: ReadonlyMap<number, number>;
}

/** Missing and outlying values of each site, before harmonization. */
function gapsTable(cohort: FeatureCohort): ReportTable {
  const { participants } = cohort;
  return {
    name: 'missing-and-outlying',
    title: 'Missing and outlying values by site',
    caption:
      `Values before harmonization. One is outlying if it is more than ${threshold} robust deviations from the median of its ` +
      `feature at its site (0.6745 · (value − median) / MAD; of ${fewestValues} values or more). Nothing was left out for it: ` +
      'look at the scans of participants with many.',
    columns: [
      ...['site', 'participants', 'missing values', 'missing (%)'],
      ...['outlying values', 'outlying (%)', 'participant with most', 'outlying values there'],
    ],
    rows: siteNames(participants).map((site) => {
      const rows = [...participants.ids.keys()].filter((row) => participants.sites[row] === site);
      const { cells, missing, outlying, byRow } = siteGaps(cohort, rows);
      const most = [...byRow].reduce<readonly [number, number] | undefined>(
        (best, one) => (best === undefined || one[1] > best[1] ? one : best),
        undefined,
      );
      return [
        ...[site, rows.length, missing, (100 * missing) / cells],
        ...[outlying, (100 * outlying) / (cells - missing)],
        most === undefined ? '–' : participants.ids[most[0]],
        most?.[1] ?? 0,
      ];
    }),
  };
}

function siteGaps({ features: { values, features } }: FeatureCohort, rows: readonly number[]): SiteGaps {
  const width = features.length;
  const byRow = new Map<number, number>();
  let missing = 0;
  let outlying = 0;
  for (let column = 0; column < width; column++) {
    const known = rows.filter((row) => !Number.isNaN(values[row * width + column]));
    missing += rows.length - known.length;
    if (known.length < fewestValues) continue;
    const own = known.map((row) => values[row * width + column]);
    const center = median(own);
    const spread = median(own.map((value) => Math.abs(value - center)));
    if (spread === 0) continue;
    known.forEach((row, at) => {
      if (0.6745 * Math.abs(own[at] - center) <= threshold * spread) return;
      outlying += 1;
      byRow.set(row, (byRow.get(row) ?? 0) + 1);
    });
  }
  return { cells: rows.length * width, missing, outlying, byRow };
}
