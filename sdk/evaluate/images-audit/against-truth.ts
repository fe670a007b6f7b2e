import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { groupBy } from '../../data/group-by';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { Interval } from '../audit';
import { jackknifeInterval } from '../predictors/jackknife-interval';
import type { TravelerAgreement, TravelerComparison } from '../images/compare-travelers';
import { compareTravelers } from '../images/compare-travelers';
import type { ImageAgreement } from '../images/image-agreement';
import { meanAgreement } from '../images/image-agreement';
import { siteDataRange } from '../images/site-data-range';

/** Intensities of another unit are this many times smaller or larger than those at the target. */
const otherUnit = 5;

/** The truth that scans are compared with. */
export interface ImageTruth {
  readonly target: string;
  readonly cohort: ImageCohort;
  /** The range of intensities that errors are measured on. */
  readonly dataRange: number;
}

/**
 * Whether there is a truth: persons with a raw scan at the target, and one elsewhere among those audited.
 *
 * @returns the truth, or the issue that says why there is none
 */
export function findTruth(
  cohort: ImageCohort,
  truth: ImageCohort,
  target: string | undefined,
): ImageTruth | Issue {
  const away = new Set(
    cohort.participants.persons.filter((_, row) => cohort.participants.sites[row] !== target),
  );
  const travelers = truth.participants.persons.filter(
    (person, row) => truth.participants.sites[row] === target && away.has(person),
  );
  if (target === undefined) {
    const count = new Set(cohort.participants.persons).size;
    const traveled = count < cohort.participants.ids.length;
    return makeIssue(
      'figure-not-available',
      'scans are not compared with the persons’ own at the target site: no target is known',
      {},
      traveled
        ? advise`name the site that scans were harmonized to with ${option('target')}`
        : ['scan some persons at several sites'],
    );
  }
  if (travelers.length === 0) {
    return makeIssue(
      'figure-not-available',
      `scans are not compared with the persons’ own at ${target}: no person was scanned both there and elsewhere`,
      { site: target },
      ['scan some persons at several sites'],
    );
  }
  return { target, cohort: truth, dataRange: siteDataRange(truth, target) };
}

/**
 * Compares scans with the persons' own raw scans at the target site.
 *
 * @returns the comparison; an issue where the scans have intensities of another unit than those at the target, so that
 * errors would mean nothing, or where none can be compared
 */
export async function agreementWithTruth(
  cohort: ImageCohort,
  { target, cohort: truth, dataRange }: ImageTruth,
  { name, signal }: RunOptions & { readonly name: string },
): Promise<TravelerComparison | Issue> {
  const elsewhere = cohort.participants.sites.find((site) => site !== target);
  const ranges = cohort.participants.sites
    .filter((site, row, all) => site !== target && all.indexOf(site) === row)
    .map((site) => siteDataRange(cohort, site) / dataRange);
  if (name !== 'raw' && ranges.every((ratio) => !(ratio > 1 / otherUnit && ratio < otherUnit))) {
    return makeIssue(
      'figure-not-available',
      `${name} is not compared with the persons’ own scans at ${target}: its intensities (99.5th percentile ${ratioText(ranges[0] * dataRange)} at ${elsewhere}) are in another unit than those there (${ratioText(dataRange)})`,
      { site: target },
      ['bring both to one unit first'],
    );
  }
  try {
    return await compareTravelers(cohort, truth, { target, dataRange, signal });
  } catch (error) {
    if (!(error instanceof ConcordError) || error.code !== 'too-little-data') throw error;
    return makeIssue('figure-not-available', `${name}: ${error.problem}`, { site: target }, error.remedy);
  }
}

function ratioText(value: number): string {
  return value.toPrecision(3);
}

/** The measures of agreement that an audit gives. */
export type TruthMeasure = keyof ImageAgreement;

/**
 * One measure of a comparison, the mean over sites as `compareTravelers` gives it, with its interval over persons; with
 * `raw`, the change from raw scans, on the same persons.
 */
export function measureInterval(
  comparison: TravelerComparison,
  measure: TruthMeasure,
  { raw }: { readonly raw?: TravelerComparison },
): { readonly value: Interval; readonly change?: Interval } {
  const own = byPerson(comparison.scans);
  const estimate = comparison.mean[measure];
  const value = overPersons([...own.values()], (scans) => meanOverSites(scans)[measure], estimate);
  if (raw === undefined) return { value };
  const before = byPerson(raw.scans);
  const both = [...own].flatMap(([person, scans]) => {
    const others = before.get(person);
    return others === undefined ? [] : [{ scans, others }];
  });
  const difference = (drawnPairs: typeof both): number =>
    meanOverSites(drawnPairs.flatMap(({ scans }) => scans))[measure] -
    meanOverSites(drawnPairs.flatMap(({ others }) => others))[measure];
  const change = jackknifeInterval(both.length, {
    statistic: (units) => difference(units.map((unit) => both[unit])),
    estimate: difference(both),
  });
  return { value, change };
}

function overPersons(
  persons: readonly (readonly TravelerAgreement[])[],
  statistic: (scans: readonly TravelerAgreement[]) => number,
  estimate: number,
): Interval {
  return jackknifeInterval(persons.length, {
    statistic: (units) => statistic(units.flatMap((unit) => persons[unit])),
    estimate,
  });
}

function byPerson(scans: readonly TravelerAgreement[]): ReadonlyMap<string, readonly TravelerAgreement[]> {
  return groupBy(scans, ({ subject }) => subject);
}

function meanOverSites(scans: readonly TravelerAgreement[]): ImageAgreement {
  const sites = [...new Set(scans.map(({ site }) => site))];
  return meanAgreement(sites.map((site) => meanAgreement(scans.filter((scan) => scan.site === site))));
}
