import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { isIssue, makeIssue } from '../../data/issue';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { unusableScan } from '../../data/images/unusable-scan';
import { unknownTarget } from '../../data/people/unknown-site';
import { ConcordError } from '../../errors';
import { picturesOrIssue } from './each-scan';
import type { ImageAgreement } from './image-agreement';
import { imageAgreement, meanAgreement } from './image-agreement';
import type { DataRangeOptions } from './image-pair';
import { requireDataRange } from './image-pair';
import type { ScanPicture, PictureSource } from './image-source';
import { pairPictures, pictureSource } from './image-source';
import { requireCall } from '../../data/calls/require-call';
import { rowsBy } from '../../data/group-by';

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
 * slice for images, in three dimensions for volumes. Scans that cannot be read or compared are left out with an issue.
 *
 * @param cohort - raw or harmonized scans
 * @param truth - the raw scans, among them those at the target site: what a method did to them does not count as truth
 * @throws ConcordError `unknown-site` when the truth has no scan at the target; `too-little-data` when no person of
 * the cohort was scanned both there and elsewhere; `invalid-option` without a data range, or when scans measured
 * different things (T1w and T2w); `aborted`.
 *
 * @example
 * ```ts
 * const { mean, floor } = await compareTravelers(after, scans, { target: 'siteA', dataRange: 2000 });
 * ```
 */
export async function compareTravelers(
  cohort: VolumeCohort | ImageCohort,
  truth: VolumeCohort | ImageCohort,
  options: CompareTravelersOptions,
): Promise<TravelerComparison> {
  requireCall('compareTravelers', { cohort, truth, options });
  const { target, dataRange } = options;
  requireDataRange(dataRange);
  requireOneSuffix('compareTravelers', cohort, truth);
  const work = new Comparison(cohort, truth, options);
  const targetRows = work.rowsAtTarget();
  if (targetRows.size === 0) throw unknownTarget(target, siteNames(truth.participants));
  const report = progressReporter('comparing scans', targetRows.size, options);
  let done = 0;
  for (const [subject, rows] of targetRows) {
    await work.compareSubject(subject, rows);
    report(++done);
  }
  const { scans, floor, issues } = work;
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

/** A comparison while it is made, subject by subject. */
class Comparison {
  readonly scans: TravelerAgreement[] = [];
  readonly floor: ImageAgreement[] = [];
  readonly issues: Issue[] = [];
  private readonly moved: PictureSource;
  private readonly fixed: PictureSource;

  constructor(
    private readonly cohort: VolumeCohort | ImageCohort,
    private readonly truth: VolumeCohort | ImageCohort,
    private readonly options: CompareTravelersOptions,
  ) {
    this.moved = pictureSource(cohort);
    this.fixed = pictureSource(truth);
  }

  /** The rows of the truth at the target site, by person. */
  rowsAtTarget(): Map<string, number[]> {
    const { sites } = this.truth.participants;
    return rowsBy(
      sites.map((site, row) => (site === this.options.target ? this.fixed.subjects[row] : undefined)),
    );
  }

  async compareSubject(subject: string, [first, ...repeats]: readonly number[]): Promise<void> {
    const { cohort, truth, moved, fixed } = this;
    const reference = await this.open(truth, fixed, first);
    if (reference === undefined) return;
    for (const row of repeats) {
      const found = await this.agreement(reference, { of: truth, source: fixed, row });
      if (found !== undefined) this.floor.push(found);
    }
    for (const [row, site] of cohort.participants.sites.entries()) {
      if (moved.subjects[row] !== subject || site === this.options.target) continue;
      const found = await this.agreement(reference, { of: cohort, source: moved, row });
      const scan = cohort.participants.ids[row];
      if (found !== undefined) this.scans.push({ scan, subject, site, ...found });
    }
  }

  private async open(
    of: VolumeCohort | ImageCohort,
    source: PictureSource,
    row: number,
  ): Promise<readonly ScanPicture[] | undefined> {
    const { signal } = this.options;
    await breathe(signal);
    const pictures = await picturesOrIssue(of, row, () => source.pictures(row, { signal }));
    if (!isIssue(pictures)) return pictures;
    this.issues.push(pictures);
    return undefined;
  }

  /** The mean agreement over the places that both scans show; `undefined`, and an issue, when it cannot be had. */
  private async agreement(
    reference: readonly ScanPicture[],
    scan: {
      readonly of: VolumeCohort | ImageCohort;
      readonly source: PictureSource;
      readonly row: number;
    },
  ): Promise<ImageAgreement | undefined> {
    const { of, source, row } = scan;
    const pictures = await this.open(of, source, row);
    if (pictures === undefined) return undefined;
    const { target, dataRange } = this.options;
    const id = of.participants.ids[row];
    const pairs = pairPictures(reference, pictures);
    if (pairs.length === 0) {
      this.issues.push(nothingInCommon(id, target));
      return undefined;
    }
    try {
      return meanAgreement(pairs.map((pair) => imageAgreement(pair, { dataRange })));
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      this.issues.push(unusableScan({ id }, error));
      return undefined;
    }
  }
}

function summary(site: string, agreements: readonly ImageAgreement[]): SiteAgreement[] {
  return agreements.length === 0 ? [] : [{ site, scans: agreements.length, ...meanAgreement(agreements) }];
}

function nothingInCommon(scan: string, target: string): Issue {
  return makeIssue(
    'not-comparable',
    `${scan} shows no place that is also in the same person's scan at ${target}: it is left out`,
    { subject: scan },
  );
}

function noTravelers(target: string, issues: readonly Issue[]): ConcordError {
  const why = issues.length === 0 ? 'no person was scanned both there and elsewhere' : issues[0].message;
  return new ConcordError('too-little-data', `no traveling subject to compare with ${target}: ${why}`, {
    where: { site: target },
  });
}
