/** A site of which none, or half of the participants or fewer, are left. */
export interface LostSite {
  readonly site: string;
  readonly gone: number;
  readonly left: number;
  /** What is left, in words. */
  readonly rest: string;
}

/**
 * The sites that are lost or halved by leaving participants out: those lost first, each by name.
 *
 * @param kept - the site of each participant that stays; `null` where it is not known
 * @param dropped - the same of those left out
 */
export function lostSites(
  kept: readonly (string | null)[],
  dropped: readonly (string | null)[],
): readonly LostSite[] {
  const count = (sites: readonly (string | null)[], site: string): number =>
    sites.filter((name) => name === site).length;
  const names = [...new Set(dropped)].filter((site): site is string => site !== null).sort();
  return names
    .map((site): LostSite => {
      const left = count(kept, site);
      const gone = count(dropped, site);
      return { site, gone, left, rest: left === 0 ? 'the site is lost' : `${left} left` };
    })
    .filter(({ gone, left }) => left <= gone)
    .sort((a, b) => Number(a.left > 0) - Number(b.left > 0));
}
