import type { Participants } from '../data/people/participants';
import { strangeSites, unknownSites } from '../data/people/unknown-site';
import { requireSite } from '../nn/images/site-model';
import { advise, call } from '../remedy';
import type { CycleganModel } from './cyclegan-model';

/**
 * Checks that scans can be translated to a site: generators are made for the site that an image comes from.
 *
 * @returns the number of the target
 * @throws ConcordError `unknown-site` for a target or a site of scans that the model does not know.
 */
export function requireApplicable(model: CycleganModel, participants: Participants, site: string): number {
  const target = requireSite(model, site);
  const strange = strangeSites(model.sites, participants);
  if (strange.length === 0) return target;
  throw unknownSites(
    strange,
    model.sites,
    advise`a generator knows one pair of sites: leave these scans out with ${call('takeSubjects')}, or fit a model with them`,
  );
}
