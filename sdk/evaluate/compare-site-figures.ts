import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { hasRepeatedPersons } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import type { PersonReliability, PersonSiteTests, SiteSeparation } from './audit';
import { personSiteTests } from './persons/person-site-tests';
import type { SiteMahalanobis } from './site-figures/mahalanobis-between-sites';
import { distancesBetweenSites, distancesOfScatter } from './site-figures/mahalanobis-between-sites';
import { personAgreement } from './site-figures/person-agreement';
import type { PersonSiteMeans } from './site-figures/person-site-means';
import { personSiteMeans } from './site-figures/person-site-means';
import type { SiteEffectSizes } from './site-figures/site-effect-sizes';
import { effectSizesOf, effectSizesOfMoments } from './site-figures/site-effect-sizes';
import type { SiteScatter } from './site-figures/site-scatter';
import { siteScatters } from './site-figures/site-scatter';
import type { SiteShareOfComponents } from './site-figures/site-share-of-components';
import { componentSharesOf, componentSharesOfScatter } from './site-figures/site-share-of-components';

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
    await breathe(run.signal);
    const scatters = siteScatters(cohort, covariates);
    for (const [at, adjusted] of (covariates.length === 0 ? [false] : [false, true]).entries()) {
      await breathe(run.signal);
      const figures =
        (scatters && figuresOfScatter(scatters[at])) ??
        figuresOfTable(personSiteMeans(cohort, { persons, covariates: adjusted ? covariates : [] }));
      const { issues: noticed, ...effects } = figures.effects;
      const { issues: ofDistances, ...mahalanobis } = figures.mahalanobis;
      const { issues: ofShares, ...components } = figures.components;
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

/** Three figures of the same persons at the same sites. */
export interface SiteFigures {
  readonly effects: SiteEffectSizes;
  readonly mahalanobis: SiteMahalanobis;
  readonly components: SiteShareOfComponents;
}

/** The figures of a table of persons at sites. */
export function figuresOfTable(table: PersonSiteMeans): SiteFigures {
  return {
    effects: effectSizesOf(table),
    mahalanobis: distancesBetweenSites(table),
    components: componentSharesOf(table),
  };
}

/** The same from sums of products; nothing where distances need the values. */
export function figuresOfScatter(scatter: SiteScatter): SiteFigures | undefined {
  const mahalanobis = distancesOfScatter(scatter);
  if (mahalanobis === undefined) return undefined;
  const effects = effectSizesOfMoments(scatter, scatter.moments);
  return { effects, mahalanobis, components: componentSharesOfScatter(scatter) };
}
