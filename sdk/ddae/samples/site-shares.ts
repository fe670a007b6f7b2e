import type { Participants } from '../../data/people/participants';
import { strangeSites, unknownSites } from '../../data/people/unknown-site';
import { advise, option } from '../../remedy';
import type { DdaeModel, UnseenSite } from '../ddae-model';

/**
 * The sites that a model does not know, where the policy allows any.
 *
 * @throws ConcordError `unknown-site` under the policy `error`.
 */
export function allowedStrangers(
  { sites }: DdaeModel,
  participants: Participants,
  unseen: UnseenSite,
): readonly string[] {
  const strangers = strangeSites(sites, participants);
  if (strangers.length === 0 || unseen !== 'error') return strangers;
  throw unknownSites(strangers, sites, advise`choose ${option('unseen', 'nearest', 'average')} to continue`);
}

/** All of one site, or as much of each for the average. */
export function sharesOfSite(sites: readonly string[], target: string): Float64Array {
  return Float64Array.from(sites, (site) =>
    target === 'average' ? 1 / sites.length : Number(site === target),
  );
}
