import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { Participants } from '../data/participants';
import { siteNames } from '../data/participants';
import { quoteName } from '../data/list-names';

/** A subject left out, and the covariate it lacks. */
export interface DroppedSubject {
  readonly row: number;
  readonly covariate: string;
}

/**
 * A warning for each site that is lost, or keeps half of its participants or fewer, because participants without a
 * covariate were left out; with counts, sites lost first.
 */
export function lostSiteIssues(
  participants: Participants,
  dropped: readonly DroppedSubject[],
): readonly Issue[] {
  const { sites } = participants;
  const found = siteNames(participants).flatMap((site) => {
    const here = dropped.filter(({ row }) => sites[row] === site);
    const size = sites.filter((name) => name === site).length;
    if (here.length === 0 || 2 * here.length < size) return [];
    const reasons = new Map<string, number>();
    for (const { covariate } of here) reasons.set(covariate, (reasons.get(covariate) ?? 0) + 1);
    const missing =
      reasons.size === 1
        ? `${here[0].covariate} missing`
        : [...reasons].map(([name, count]) => `${name} missing for ${count}`).join(', ');
    const left = here.length === size ? 'the site is lost' : `${size - here.length} left`;
    const message = `site ${quoteName(site)}: ${here.length} of ${size} participants dropped: ${missing}; ${left}`;
    return [
      {
        lost: here.length === size,
        issue: makeIssue('lost-site', message, { site, column: here[0].covariate }),
      },
    ];
  });
  return [...found.filter(({ lost }) => lost), ...found.filter(({ lost }) => !lost)].map(
    ({ issue }) => issue,
  );
}
