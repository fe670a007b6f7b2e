import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { strangeSites } from '../../data/people/unknown-site';

/**
 * The issues of sites that a model does not know, where it works on their images all the same.
 *
 * @param how - what is done with them: `translated by their content`
 */
export function noticeUnseenSites(
  { sites }: { readonly sites: readonly string[] },
  { participants }: Pick<ImageCohort, 'participants'>,
  how: string,
): readonly Issue[] {
  return strangeSites(sites, participants).map((site) =>
    makeIssue(
      'unseen-site',
      `site "${site}" is unknown to the model: its images are ${how}, which was learned at other sites`,
      { site },
    ),
  );
}
