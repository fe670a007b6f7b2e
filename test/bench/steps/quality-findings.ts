import { takeSubjects } from '../../../sdk/data/cohort';
import { qualityReport } from '../../../sdk/evaluate/quality/quality-report';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import type { BrainFigures } from './brain-figures';

/** Whom qualityReport finds to stand apart, and by what. */
export async function qualityFindings(folder: string, ids: readonly string[]): Promise<BrainFigures> {
  const loaded = await loadBids(folder);
  const cohort = takeSubjects(loaded, ({ id }) => ids.some((one) => id.startsWith(one)));
  const { scans, issues } = await qualityReport(cohort);
  const sites = [...new Set(scans.map(({ site }) => site))].sort();
  const apart = scans.filter(({ outlying }) => outlying !== '');
  return {
    columns: ['site', 'scans', 'stand apart', 'missing figures'],
    rows: sites.map((site) => [
      site,
      scans.filter((scan) => scan.site === site).length,
      apart.filter((scan) => scan.site === site).length,
      scans.filter((scan) => scan.site === site && scan.whitePeak === null).length,
    ]),
    beyond: [
      ...apart.map(({ scan, outlying }) => `${scan}: ${outlying}`),
      ...issues.filter(({ code }) => code !== 'outlying-scan').map(({ message }) => message),
    ],
  };
}
