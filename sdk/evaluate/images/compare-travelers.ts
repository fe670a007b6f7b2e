import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { siteNames } from '../../data/participants';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { picturesOrIssue } from './each-scan';
import type { ImageAgreement } from './image-agreement';
import { imageAgreement, meanAgreement } from './image-agreement';
import type { DataRangeOptions } from './image-pair';
import { requireDataRange } from './image-pair';
import type { Picture, PictureSource } from './image-source';
import { pairPictures, pictureSource } from './image-source';

/** Options of {@link compareTravelers}. */
export interface CompareTravelersOptions extends DataRangeOptions, RunOptions {
  /** The site whose scans are the truth. */
  readonly target: string;
}

/** The agreement of one scan with the scan of the same person at the target site. */
export interface TravelerAgreement extends ImageAgreement {
  readonly scan: string;
  readonly subject: string;
  readonly site: string;
}

/** The mean agreement of the scans of one site with the target. */
export interface SiteAgreement extends ImageAgreement {
  readonly site: string;
  /** Scans that could be compared. */
  readonly scans: number;
}

/** How close the scans of traveling subjects come to their own scans at the target site. */
export interface TravelerComparison {
  readonly kind: 'traveler-comparison';
  readonly target: string;
  readonly dataRange: number;
  /** One row per scan away from the target site. */
  readonly scans: readonly TravelerAgreement[];
  readonly sites: readonly SiteAgreement[];
  /** The mean over the sites, each counting alike. */
  readonly mean: ImageAgreement;
  /**
   * The physical floor: a second scan at the target site compared with the first, where persons were scanned twice
   * there. No method can be expected to do better.
   */
  readonly floor?: SiteAgreement;
  readonly issues: readonly Issue[];
}

/**
 * Compares scans with those of the same persons at the target site: in the brain mask of the target's scan, slice by
 * slice for images, in three dimensions for volumes.
 *
 * @param cohort - raw or harmonized scans
 * @param truth - the raw scans, among them those at the target site: what a method did to them does not count as truth
 * @throws ConcordError `unknown-site` when the truth has no scan at the target; `too-little-data` when no person of
 * the cohort was scanned both there and elsewhere; `invalid-option` without a data range; `aborted`.
 */
export async function compareTravelers(
  cohort: VolumeCohort | ImageCohort,
  truth: VolumeCohort | ImageCohort,
  options: CompareTravelersOptions,
): Promise<TravelerComparison> {
  const { target, dataRange, signal } = options;
  requireDataRange(dataRange);
  const [moved, fixed] = [pictureSource(cohort), pictureSource(truth)];
  const targetRows = rowsOfSubjects(fixed, truth.participants.sites, target);
  if (targetRows.size === 0) throw noSuchSite(target, siteNames(truth.participants));
  const report = progressReporter('comparing scans', targetRows.size, options);
  const scans: TravelerAgreement[] = [];
  const floor: ImageAgreement[] = [];
  const issues: Issue[] = [];
  let done = 0;
  const open = async (
    source: PictureSource,
    of: VolumeCohort | ImageCohort,
    row: number,
  ): Promise<readonly Picture[] | undefined> => {
    const pictures = await picturesOrIssue(of, row, () => source.pictures(row, { signal }));
    if (!('code' in pictures)) return pictures;
    issues.push(pictures);
    return undefined;
  };
  for (const [subject, [first, ...repeats]] of targetRows) {
    await breathe(signal);
    const reference = await open(fixed, truth, first);
    report(++done);
    if (reference === undefined) continue;
    for (const repeat of repeats) {
      const again = await open(fixed, truth, repeat);
      const found = again === undefined ? undefined : agreementOf(reference, again, dataRange);
      if (found !== undefined) floor.push(found);
    }
    for (const [row, site] of cohort.participants.sites.entries()) {
      if (moved.subjects[row] !== subject || site === target) continue;
      await breathe(signal);
      const scan = cohort.participants.ids[row];
      const pictures = await open(moved, cohort, row);
      if (pictures === undefined) continue;
      const found = agreementOf(reference, pictures, dataRange);
      if (found === undefined) issues.push(nothingInCommon(scan, target));
      else scans.push({ scan, subject, site, ...found });
    }
  }
  if (scans.length === 0) throw noTravelers(target, issues);
  const sites = siteNames(cohort.participants).flatMap((site) =>
    summary(
      site,
      scans.filter((scan) => scan.site === site),
    ),
  );
  return {
    kind: 'traveler-comparison',
    target,
    dataRange,
    scans,
    sites,
    mean: meanAgreement(sites),
    ...(floor.length === 0 ? {} : { floor: summary(`${target}, scanned again`, floor)[0] }),
    issues,
  };
}

function rowsOfSubjects(
  source: PictureSource,
  sites: readonly string[],
  target: string,
): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  sites.forEach((site, row) => {
    if (site === target) rows.set(source.subjects[row], [...(rows.get(source.subjects[row]) ?? []), row]);
  });
  return rows;
}

/** The mean agreement over the places that both scans show; `undefined` when there is none. */
function agreementOf(
  reference: readonly Picture[],
  pictures: readonly Picture[],
  dataRange: number,
): ImageAgreement | undefined {
  const pairs = pairPictures(reference, pictures);
  return pairs.length === 0
    ? undefined
    : meanAgreement(pairs.map((pair) => imageAgreement(pair, { dataRange })));
}

function summary(site: string, agreements: readonly ImageAgreement[]): SiteAgreement[] {
  return agreements.length === 0 ? [] : [{ site, scans: agreements.length, ...meanAgreement(agreements) }];
}

function nothingInCommon(scan: string, target: string): Issue {
  return makeIssue(
    'not-comparable',
    `${scan} shows no place that the same person's scan at ${target} shows: it is left out`,
    { subject: scan },
  );
}

function noSuchSite(target: string, sites: readonly string[]): ConcordError {
  return new ConcordError(
    'unknown-site',
    `unknown site: "${target}" (the truth has "${sites.join('", "')}")`,
    {
      where: { site: target },
    },
  );
}

function noTravelers(target: string, issues: readonly Issue[]): ConcordError {
  const why = issues.length === 0 ? 'nobody was scanned there and elsewhere' : issues[0].message;
  return new ConcordError('too-little-data', `no traveling subject to compare with ${target}: ${why}`, {
    where: { site: target },
  });
}
