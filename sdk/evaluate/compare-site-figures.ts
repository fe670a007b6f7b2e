import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { hasRepeatedPersons } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import type { PersonReliability, PersonSiteTests, SiteSeparation } from './audit';
import { personSiteTests } from './persons/person-site-tests';
import { distancesBetweenSites } from './site-figures/mahalanobis-between-sites';
import { personAgreement } from './site-figures/person-agreement';
import { personSiteMeans } from './site-figures/person-site-means';
import { effectSizesOf } from './site-figures/site-effect-sizes';
import { componentSharesOf } from './site-figures/site-share-of-components';

/** The figures of differences between sites and of persons with several scans, for each state of the data. */
export interface ComparedSiteFigures {
  readonly separations: readonly SiteSeparation[];
  readonly reliability: readonly PersonReliability[];
  readonly personTests: readonly PersonSiteTests[];
  readonly issues: readonly Issue[];
}

/**
 * Computes what reports on harmonization customarily give, for raw and harmonized data: Cohen's d and Mahalanobis
 * distances between sites and the site's share of the leading components, of the values as they are and without the
 * effects of covariates; and, where persons have several scans, how well these agree, and which features differ between
 * sites by all of them.
 *
 * @throws ConcordError `aborted`.
 */
export async function compareSiteFigures(
  states: readonly { readonly protocol: 'raw' | 'in-sample'; readonly cohort: FeatureCohort }[],
  { covariates, alpha }: { readonly covariates: readonly string[]; readonly alpha: number },
  run: RunOptions,
): Promise<ComparedSiteFigures> {
  const separations: SiteSeparation[] = [];
  const reliability: PersonReliability[] = [];
  const personTests: PersonSiteTests[] = [];
  const issues = new Map<string, Issue>();
  for (const { protocol, cohort } of states) {
    const { persons } = cohort.participants;
    for (const adjusted of covariates.length === 0 ? [false] : [false, true]) {
      await breathe(run.signal);
      // All three are of the same persons at the same sites.
      const table = personSiteMeans(cohort, { persons, covariates: adjusted ? covariates : [] });
      const { issues: noticed, ...effects } = effectSizesOf(table);
      const { issues: ofDistances, ...mahalanobis } = distancesBetweenSites(table);
      const { issues: ofShares, ...components } = componentSharesOf(table);
      separations.push({ protocol, adjusted, effects, mahalanobis, components });
      for (const issue of [...noticed, ...ofDistances, ...ofShares]) issues.set(issue.message, issue);
    }
    if (hasRepeatedPersons(cohort.participants)) {
      reliability.push({ protocol, ...personAgreement(cohort, { persons }) });
    }
    const tests = await personSiteTests(cohort, { ...run, protocol, covariates, alpha });
    if (tests !== undefined) personTests.push(tests);
  }
  return { separations, reliability, personTests, issues: [...issues.values()] };
}
