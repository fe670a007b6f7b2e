import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { siteNames } from '../../data/people/participants';
import { newSiteError } from '../new-site-error';
import { estimatedSite } from '../unseen-site';
import type { LongitudinalModel } from './longitudinal-model';
import type { UnseenPersonPolicy } from './longitudinal-options';
import type { NewSiteEstimate } from '../new-site-policy';

/**
 * Says by how much the effects of sites that the model does not know are likely to be missed. The shift of a site is known no better
 * than the mean of its persons is, and persons differ by far more than the scans of one do, in whose deviations it is counted.
 */
export async function newSitesOf(
  model: LongitudinalModel,
  { participants }: FeatureCohort,
  { unseen, unseenPersons }: { readonly unseen: NewSiteEstimate; readonly unseenPersons: UnseenPersonPolicy },
): Promise<readonly Issue[]> {
  const { combat } = model;
  const { sites, persons } = participants;
  const fitted = new Set(combat.sites.map(({ name }) => name));
  const strangers = siteNames(participants).filter((site) => !fitted.has(site));
  const known = new Set(model.persons);
  const issues: Issue[] = [];
  for (const site of strangers) {
    const own = persons.filter((_, row) => sites[row] === site);
    const scans = new Map<string, number>();
    for (const person of own) scans.set(person, (scans.get(person) ?? 0) + 1);
    const drawn = await newSiteError(combat, { unseen, scans: own.length });
    const more = varianceOfPersons(
      model,
      [...scans].map(([person, of]) => ({ of, known: known.has(person) })),
      unseenPersons,
    );
    const error = { ...drawn, shift: Math.sqrt(drawn.shift ** 2 + more) };
    const about = { site, scans: own.length, persons: scans.size, error };
    issues.push(estimatedSite(combat, { ...about, unit: 'standard deviations of scans of one person' }));
  }
  return issues;
}

/** How many scans there are of one person, and whether the model knows what sets that person apart. */
interface PersonScans {
  readonly of: number;
  readonly known: boolean;
}

/**
 * What persons add to the variance of the mean of a site beside 1 / scans, in units of the model's variance, mean of features. Of levels
 * with variance r beside that of scans, the mean that weighs persons by m / (1 + m r) has the variance of one over the sum of these weights;
 * where persons are not set apart, the plain mean has 1 / n + r Σ m² / n².
 */
function varianceOfPersons(
  { combat, covariance, residualVariance }: LongitudinalModel,
  persons: readonly PersonScans[],
  policy: UnseenPersonPolicy,
): number {
  const n = persons.reduce((sum, { of }) => sum + of, 0);
  const extras = [...residualVariance.keys()].flatMap((w) => {
    const [variance, unit] = [residualVariance[w], combat.pooledSd[w] ** 2];
    if (!(variance > 0) || !(unit > 0)) return [];
    const r = covariance[w] / variance;
    const strange = persons.filter(({ known }) => !known);
    const weights = persons.reduce((sum, { of, known }) => sum + of / (known ? 1 : 1 + of * r), 0);
    const squares = strange.reduce((sum, { of }) => sum + of * of, 0);
    const ofMean = policy === 'zero' ? 1 / n + (r * squares) / n ** 2 : 1 / weights;
    return [Math.max(0, (ofMean * variance) / unit - 1 / n)];
  });
  return extras.length === 0 ? 0 : extras.reduce((sum, extra) => sum + extra, 0) / extras.length;
}
