import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { describeMissing } from '../data/people/missing-cells';
import type { Participants } from '../data/people/participants';
import { hasRepeatedPersons, personNames } from '../data/people/participants';
import type { CombatSettings } from './combat-model';
import type { SiteEffects } from './frame/shrink-sites';
import type { Standardized } from './frame/standardize-block';
import { quoteName } from '../data/list-names';
import { counted } from '../data/counted';
import { otherUnitAtSite } from './other-unit';
import { stretchedPriorIssues } from './stretched-priors';

/** Sites smaller than this are named in an Issue. */
const smallSite = 5;

/** A reference site smaller than this is warned of: its standard deviations are off by 16 % and more. */
const smallReference = 20;

/** Warns of small sites whose scale is estimated with a prior, and of a small reference site. */
export function smallSiteIssues(effects: readonly SiteEffects[], settings: CombatSettings): readonly Issue[] {
  return effects.flatMap(({ site: { name, subjects, adjusts } }) => {
    if (adjusts === 'reference')
      return subjects >= smallReference ? [] : [smallReferenceIssue(name, subjects)];
    const leans = adjusts === 'location-and-scale' && settings.eb !== 'none';
    if (!leans || subjects >= smallSite) return [];
    return [
      makeIssue('small-site', `site ${quoteName(name)} has ${counted(subjects, 'subject')}`, { site: name }),
    ];
  });
}

/**
 * All sites get the mean and the standard deviation of the reference site, which nothing shrinks: of n scans that vary as a normal
 * distribution the mean has a standard error of σ/√n, and the standard deviation one of about σ/√(2(n − 1)).
 */
function smallReferenceIssue(name: string, subjects: number): Issue {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const message =
    `reference site ${quoteName(name)} has ${counted(subjects, 'subject')}, and all sites get its level and spread: ` +
    `by chance the spread of a feature is off by about ${percent(1 / Math.sqrt(2 * (subjects - 1)))}, so that persons at all sites ` +
    `differ by so much more or less than they do, and its level by ${percent(1 / Math.sqrt(subjects))} of a standard deviation`;
  return makeIssue('small-reference', message, { site: name });
}

/**
 * Warns that ComBat treats scans as persons: the scans of one person are alike, so a site is known less well than it
 * seems, its estimates are shrunk too little, and what sets apart persons who were scanned often is taken for the
 * site's effect.
 */
export function repeatedPersonIssues(participants: Participants): readonly Issue[] {
  if (!hasRepeatedPersons(participants)) return [];
  return repeatedPersonsIn(participants.ids.length, personNames(participants).length);
}

/** The same for scans and persons that are known by their number only. */
export function repeatedPersonsIn(scans: number, persons: number): readonly Issue[] {
  if (scans === persons) return [];
  const message =
    `${counted(scans, 'scan')} are of ${counted(persons, 'person')}, and ComBat treats each scan as ` +
    'another person: it overrates what it knows about a site and shrinks sites with many scans of few persons too little';
  return [makeIssue('repeated-persons', message)];
}

/**
 * The Issues of features: missing cells, constant ones, ones that cannot be fitted, ones without values or in another
 * unit at a site, only one.
 *
 * @param about.columnMeans - see {@link otherUnitAtSite}
 */
export function featureIssues(
  cohort: FeatureCohort,
  standardized: Standardized,
  {
    sites,
    settings,
    columnMeans,
  }: { sites: readonly string[]; settings: CombatSettings; columnMeans: Float64Array },
): readonly Issue[] {
  const { features } = cohort.features;
  const issues: Issue[] = [];
  const reference = settings.reference !== null;
  const scans = cohort.participants.ids.length;
  const missing = standardized.present.some((count) => count < scans);
  // Where the cohort was loaded from a table, it has that issue already, which names the first of them.
  if (missing && !cohort.issues.some((issue) => issue.code === 'missing-cells')) {
    const counted = describeMissing(cohort.features, cohort.participants.sites);
    if (counted !== undefined) issues.push(makeIssue('missing-cells', counted));
  }
  const named = (status: string): readonly string[] =>
    features.filter((_, feature) => standardized.status[feature] === status);
  const constant = named('constant');
  if (constant.length > 0) {
    const message = `${list(constant)} ${constant.length === 1 ? 'does' : 'do'} not vary beyond sites and covariates`;
    issues.push(makeIssue('constant-feature', message, { feature: constant[0] }));
  }
  const endless = features.filter((_, feature) => standardized.endless[feature] === 1);
  if (endless.length > 0) {
    const message =
      `the spread of ${list(endless)} did not settle on any covariates of scale: some scans fit without any residual, or ` +
      'almost; passed through unchanged';
    issues.push(makeIssue('not-converged', message, { feature: endless[0] }));
  }
  const failed = named('not-estimable').filter((name) => !endless.includes(name));
  if (failed.length > 0) {
    const message = `${list(failed)} cannot be fitted on the cells present${reference ? ', or has no values or no spread at the reference site' : ''}`;
    issues.push(makeIssue('feature-not-estimable', message, { feature: failed[0] }));
  }
  if (missing) issues.push(...absentAtSites(features, standardized, sites));
  issues.push(
    ...otherUnitAtSite(features, standardized, { sites, settings, columnMeans }),
    ...stretchedPriorIssues(features, standardized, { sites, settings }),
  );
  const harmonized = features.length - constant.length - failed.length - endless.length;
  if (harmonized === 1 && settings.eb !== 'none') {
    const message = 'only one feature varies, so empirical Bayes has nothing to learn from and is off';
    issues.push(makeIssue('single-feature', message));
  }
  return issues;
}

/** The features that have no value at a site, though they have at others. */
export function absentAtSites(
  features: readonly string[],
  standardized: Standardized,
  sites: readonly string[],
): readonly Issue[] {
  return sites.flatMap((site, index) => {
    const absent = features.filter(
      (_, feature) =>
        standardized.status[feature] === 'harmonized' &&
        Number.isNaN(standardized.location[index * features.length + feature]),
    );
    if (absent.length === 0) return [];
    const message = `site ${quoteName(site)} has no value of ${list(absent)}`;
    return [makeIssue('site-not-estimable', message, { site, feature: absent[0] })];
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  const noun = names.length === 1 ? 'feature' : 'features';
  return names.length > 5 ? `${names.length} ${noun} (${shown}, …)` : `${noun} ${shown}`;
}
