import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import { quoteName } from '../../data/list-names';
import { lostSites } from '../../data/people/lost-sites';

/** A subject left out, and the covariate it lacks. */
export interface DroppedSubject {
  readonly row: number;
  readonly covariate: string;
}

/**
 * A warning for each site that is lost, or keeps half of its participants or fewer, because participants without a
 * covariate were left out; with counts, sites lost first.
 */
export function droppedSiteIssues(
  participants: Participants,
  dropped: readonly DroppedSubject[],
): readonly Issue[] {
  const { sites } = participants;
  const rows = new Set(dropped.map(({ row }) => row));
  const kept = sites.filter((_, row) => !rows.has(row));
  const lost = dropped.map(({ row }) => sites[row]);
  return lostSites(kept, lost).map(({ site, gone, left, rest }) => {
    const here = dropped.filter(({ row }) => sites[row] === site);
    const reasons = new Map<string, number>();
    for (const { covariate } of here) reasons.set(covariate, (reasons.get(covariate) ?? 0) + 1);
    const missing =
      reasons.size === 1
        ? `${here[0].covariate} missing`
        : [...reasons].map(([name, count]) => `${name} missing for ${count}`).join(', ');
    const message = `site ${quoteName(site)}: ${gone} of ${left + gone} participants dropped: ${missing}; ${rest}`;
    return makeIssue('lost-site', message, { site, column: here[0].covariate });
  });
}
