import { ConcordError } from '../../errors';

/**
 * The site of a scan whose site is not known. Steps that need no site take such scans; what learns from sites refuses
 * them. Written into a table it is a missing cell, so that no dataset can have a site of this name.
 */
export const missingSite = 'n/a';

/**
 * Refuses scans without a site, for what learns from sites or compares them.
 *
 * @param sites - one per scan
 * @throws ConcordError `missing-value`.
 */
export function requireKnownSites(sites: readonly string[]): void {
  const count = sites.filter((site) => site === missingSite).length;
  if (count === 0) return;
  throw new ConcordError(
    'missing-value',
    `missing sites: nobody says where ${count} of ${sites.length} scans were made`,
    { remedy: ['give every scan its site, or leave those without one out'] },
  );
}
