import type { DistanceCorrelation, Protocol } from '../audit';
import type { AuditRow } from './audit-row';

/** Of fewer participants than this, whose distances are few, a low correlation is shown and not held against a harmonizer. */
const fewParticipants = 10;

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
  const row = (id: string, name: string, estimate: number, counts = true): AuditRow => ({
    id: `person/distances${id}`,
    question: 'person',
    name,
    quantity: 'correlation with raw',
    bounds: { low: -1, high: 1 },
    direction: 'higher',
    ...(counts ? { rule: 'agreement' as const } : {}),
    values: { [protocol]: { estimate } },
    share: false,
    drawn: true,
  });
  const overall = row('', 'distances between participants, mean of sites', mean);
  if (perSite.length <= manySites) {
    return [
      overall,
      ...perSite.map((entry) =>
        row(
          `/${encodeURIComponent(entry.site)}`,
          `distances within ${entry.site}`,
          entry.correlation,
          Number.isNaN(entry.correlation) || hasMany(entry),
        ),
      ),
    ];
  }
  const all = perSite.filter(({ correlation }) => !Number.isNaN(correlation));
  if (all.length === 0) return [overall];
  const large = all.filter(hasMany);
  const known = large.length > 0 ? large : all;
  const lowest = known.reduce((low, entry) => (entry.correlation < low.correlation ? entry : low));
  return [
    overall,
    row(
      '/lowest',
      `distances within ${lowest.site}, the lowest of ${known.length} sites` +
        (known.length < all.length ? ` with ${fewParticipants} subjects or more` : ''),
      lowest.correlation,
      hasMany(lowest),
    ),
  ];
}

function hasMany({ subjects }: DistanceCorrelation['perSite'][number]): boolean {
  return subjects >= fewParticipants;
}
