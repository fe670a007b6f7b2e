import type { UnseenPersonPolicy } from '../../combat/longitudinal/longitudinal-options';
import { personEffectsOf } from '../../combat/longitudinal/persons-of-cohort';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { MapsModel } from '../maps-model';

/**
 * What is known of the persons of scans that a model is applied to, where it sets persons apart.
 *
 * @param of.strangers - the sites that the model does not know
 * @param of.policy - for persons that it does not know
 * @throws ConcordError `invalid-option` for a policy where the model has no effects of persons; `unknown-site` for one of its
 * strangers who was scanned at a site that it knows and at one that it does not.
 */
export function knownPersons(
  { persons: longitudinal }: MapsModel,
  cohort: FeatureCohort,
  { strangers, policy }: { readonly strangers: readonly string[]; readonly policy?: UnseenPersonPolicy },
): { readonly policy: UnseenPersonPolicy; readonly issues: readonly Issue[] } {
  if (longitudinal === undefined) {
    if (policy === undefined) return { policy: 'zero', issues: [] };
    throw new ConcordError('invalid-option', 'invalid unseenPersons: the model has no effects of persons', {
      remedy: advise`leave it out`,
    });
  }
  const chosen = policy ?? 'own-visits';
  if (chosen === 'own-visits') requireKnownSites(longitudinal.persons, cohort, strangers);
  return { policy: chosen, issues: personEffectsOf(longitudinal, cohort, chosen).issues };
}

/** What sets a person apart is measured where the effects of sites are known; to estimate those takes all scans of a site. */
function requireKnownSites(
  known: readonly string[],
  { participants: { ids, sites, persons } }: FeatureCohort,
  strangers: readonly string[],
): void {
  const unseen = new Set(strangers);
  const fitted = new Set(known);
  const elsewhere = new Set(persons.filter((_, row) => !unseen.has(sites[row])));
  const row = sites.findIndex(
    (site, at) => unseen.has(site) && !fitted.has(persons[at]) && elsewhere.has(persons[at]),
  );
  if (row === -1) return;
  throw new ConcordError(
    'unknown-site',
    `unknown site: ${quoteName(sites[row])} of "${ids[row]}", a scan of a person whom the model does not know and who was scanned at sites that it knows, too: what sets the person apart cannot be predicted from both`,
    {
      where: { subject: ids[row], site: sites[row] },
      remedy: advise`leave out these scans, or choose ${option('unseenPersons', 'zero')}`,
    },
  );
}
