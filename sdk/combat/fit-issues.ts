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
import { stretchedPriorIssues } from './stretched-priors';

/** Sites smaller than this are named in an Issue. */
const smallSite = 5;

/** Warns of small sites whose scale is estimated with a prior, and of a small reference site. */
export function smallSiteIssues(effects: readonly SiteEffects[], settings: CombatSettings): readonly Issue[] {
  return effects.flatMap(({ site: { name, subjects, adjusts } }) => {
    const leans = adjusts === 'reference' || (adjusts === 'location-and-scale' && settings.eb !== 'none');
    if (!leans || subjects >= smallSite) return [];
    const what = adjusts === 'reference' ? 'reference site' : 'site';
    return [
      makeIssue('small-site', `${what} ${quoteName(name)} has ${counted(subjects, 'subject')}`, {
        site: name,
      }),
    ];
  });
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
 */
export function featureIssues(
  cohort: FeatureCohort,
  standardized: Standardized,
  { sites, settings }: { sites: readonly string[]; settings: CombatSettings },
): readonly Issue[] {
  const { features } = cohort.features;
  const issues: Issue[] = [];
  const reference = settings.reference !== null;
  const missing = hasMissing(cohort.participants.ids.length, standardized);
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
    ...otherUnitAtSite(features, standardized, { sites, settings }),
    ...stretchedPriorIssues(features, standardized, { sites, settings }),
  );
  const harmonized = features.length - constant.length - failed.length - endless.length;
  if (harmonized === 1 && settings.eb !== 'none') {
    const message = 'only one feature varies, so empirical Bayes has nothing to learn from and is off';
    issues.push(makeIssue('single-feature', message));
  }
  return issues;
}

/** Whether some feature has fewer values than there are subjects. */
function hasMissing(subjects: number, { status, counts }: Standardized): boolean {
  const width = status.length;
  for (let w = 0; w < width; w++) {
    let present = 0;
    for (let at = w; at < counts.length; at += width) present += counts[at];
    if (present < subjects) return true;
  }
  return false;
}

/** A site whose mean is this many times the others', or that part of it, is suspected of another unit. */
const otherUnit = 4;

/**
 * Warns of a feature that is in another unit at one site, mm³ and cm³ for example: its mean there (at the mean of the
 * covariates) is more than four times, or less than a quarter of, the median of the means of all sites, all of them above
 * zero, and more than four pooled standard deviations away. Pooling moves every site to a mean that nobody has.
 */
export function otherUnitAtSite(
  features: readonly string[],
  {
    status,
    grandMean,
    pooledSd,
    location,
  }: Pick<Standardized, 'status' | 'grandMean' | 'pooledSd' | 'location'>,
  { sites, settings }: { sites: readonly string[]; settings: CombatSettings },
): readonly Issue[] {
  const width = features.length;
  const log = settings.transform === 'log';
  const met = new Map<number, string[]>();
  for (let w = 0; w < width; w++) {
    if (status[w] !== 'harmonized' || alikeAtSites(w, { grandMean, pooledSd, location }, log)) continue;
    const fitted = sites.map((_, s) => grandMean[w] + location[s * width + w] * pooledSd[w]);
    const means = log ? fitted.map(Math.exp) : fitted;
    const present = means.filter((mean) => !Number.isNaN(mean)).sort((a, b) => a - b);
    const middle = (present.length - 1) >> 1;
    if (present.length < 2 || present[0] <= 0) continue;
    const usual = present[middle];
    means.forEach((mean, s) => {
      // A site without any value of the feature has an Issue of its own (`absentAtSites`).
      if (Number.isNaN(mean)) return;
      const ratio = mean / usual;
      const away = Math.abs(fitted[s] - fitted[means.indexOf(usual)]) / pooledSd[w];
      if ((ratio <= otherUnit && ratio * otherUnit >= 1) || away <= 4) return;
      const shown = `${features[w]} (about ${mean.toPrecision(3)}, elsewhere ${usual.toPrecision(3)})`;
      // Pixels of another scale are millions: one more is added, none copied.
      const own = met.get(s);
      if (own === undefined) met.set(s, [shown]);
      else own.push(shown);
    });
  }
  return [...met].map(([s, shown]) => {
    const message = `values at site ${quoteName(sites[s])} are on another scale than elsewhere: ${list(shown)}`;
    return makeIssue('doubtful-unit', message, { site: sites[s] });
  });
}

/** Whether no mean of a feature is {@link otherUnit} times another, or one is not above zero: so it is with nearly all. */
function alikeAtSites(
  w: number,
  { grandMean, pooledSd, location }: Pick<Standardized, 'grandMean' | 'pooledSd' | 'location'>,
  log: boolean,
): boolean {
  let lowest = Infinity;
  let highest = 0;
  for (let at = w; at < location.length; at += grandMean.length) {
    const fitted = grandMean[w] + location[at] * pooledSd[w];
    const mean = log ? Math.exp(fitted) : fitted;
    if (mean < lowest) lowest = mean;
    if (mean > highest) highest = mean;
  }
  return lowest <= 0 || highest < otherUnit * lowest;
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
