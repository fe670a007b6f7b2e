import type { DistanceCorrelation, Protocol } from '../audit';
import type { AuditRow } from './audit-row';

/** Above this many sites the rows of single sites are summed up. */
const manySites = 8;

/** The row of the lowest site, where each of several methods has another one. */
export const lowestOfSites = 'distances within one site, the lowest of all sites';

/** Whether individuals keep their place: one row over all sites, and one per site or for the lowest of many. */
export function distanceRows(
  { perSite, mean }: DistanceCorrelation,
  protocol: Exclude<Protocol, 'raw'> = 'in-sample',
): AuditRow[] {
  if (perSite.length === 0) return [];
  const row = (id: string, name: string, estimate: number): AuditRow => ({
    id: `person/distances${id}`,
    question: 'person',
    name,
    quantity: 'correlation with raw',
    bounds: { low: -1, high: 1 },
    direction: 'higher',
    rule: 'agreement',
    values: { [protocol]: { estimate } },
    share: false,
    drawn: true,
  });
  const overall = row('', 'distances between participants, mean of sites', mean);
  if (perSite.length <= manySites) {
    return [
      overall,
      ...perSite.map(({ site, correlation }) =>
        row(`/${encodeURIComponent(site)}`, `distances within ${site}`, correlation),
      ),
    ];
  }
  const known = perSite.filter(({ correlation }) => !Number.isNaN(correlation));
  if (known.length === 0) return [overall];
  const lowest = known.reduce((low, entry) => (entry.correlation < low.correlation ? entry : low));
  return [
    overall,
    row(
      '/lowest',
      `distances within ${lowest.site}, the lowest of ${known.length} sites`,
      lowest.correlation,
    ),
  ];
}
