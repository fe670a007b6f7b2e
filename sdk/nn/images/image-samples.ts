import type { ImageCohort } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import type { ImageSource } from '../../data/images/image-source';
import { cohortSource } from '../../data/images/memory-source';
import { requireKnownSites } from '../../data/people/missing-site';
import { siteNames } from '../../data/people/participants';
import type { Participants } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import type { CohortSource } from '../../data/images/slice-source';
import { imageSites } from '../../data/images/slice-source';
import { ConcordError } from '../../errors';
import { learnInput } from '../input/learn-input';
import type { LearnedInput } from '../input/learned-input';
import type { ImageGeometry } from './image-geometry';
import { commonGeometry } from './image-geometry';
import type { IntensityRange } from './scan-intensity';
import { measureScanRanges, scaledSource } from './scan-intensity';
import { advise, call } from '../../remedy';

/** Images as a network learns from them: each scan brought to one range, and known whose they are. */
export interface ImageSamples {
  readonly cohort: CohortSource;
  /** Reads them scaled to −1 … 1. */
  readonly source: ImageSource;
  /** The participant's row of each image. */
  readonly rows: Int32Array;
  /** The range of intensities of each participant's scan. */
  readonly ranges: readonly IntensityRange[];
  readonly geometry: ImageGeometry;
  /** The sites, sorted. */
  readonly sites: readonly string[];
  /** What images given later are held against. */
  readonly learned: LearnedInput;
  /** Distinguishes these images from others. */
  readonly digest: string;
}

/**
 * Makes samples of slices of several sites: each scan is brought to one range, on all its slices together.
 *
 * @throws ConcordError `too-little-data` without images, with fewer than two sites or two images at a site;
 * `invalid-option` when scans were cut along different planes or at different pixel sizes; `invalid-voxels`.
 */
export async function imageSamples(data: ImageCohort | CohortSource, run: RunOptions): Promise<ImageSamples> {
  const cohort = cohortSource(data);
  const geometry = commonGeometry(cohort.slices);
  const sites = siteNames(cohort.participants);
  requireSites(sites, imageSites(cohort), 'images');
  const ranges = await measureScanRanges(cohort, run);
  return {
    cohort,
    geometry,
    sites,
    ranges,
    learned: await learnInput(cohort, { ranges, geometry }, run),
    source: scaledSource(cohort, ranges),
    rows: rowsOfSlices(cohort),
    digest: digestOf(cohort.slices, data.kind === 'images' ? data.images.data : ranges),
  };
}

/** The participant's row of each slice. */
export function rowsOfSlices({
  participants,
  slices,
}: Pick<CohortSource, 'slices'> & { readonly participants: Participants }): Int32Array {
  const rowOf = new Map(participants.ids.map((id, row) => [id, row]));
  return Int32Array.from(slices, ({ scan }) => rowOf.get(scan) ?? -1);
}

/**
 * Checks that there are sites to separate, enough of each, and none whose name would be taken for something else when it
 * is a target.
 *
 * @throws ConcordError `missing-value` for scans without a site; `too-little-data`; `invalid-option` for a site called
 * `average`.
 */
export function requireSites(sites: readonly string[], siteOfSample: readonly string[], what: string): void {
  requireKnownSites(siteOfSample);
  if (sites.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `there is one site only, "${sites[0]}" (at least two are needed to learn what a site does to ${what})`,
    );
  }
  if (sites.includes('average')) {
    throw new ConcordError(
      'invalid-option',
      'there is a site called "average", a name that as a target means the average of all (give the site another name)',
      { where: { site: 'average' } },
    );
  }
  const small = sites.find((site) => siteOfSample.filter((other) => other === site).length < 2);
  if (small === undefined) return;
  throw new ConcordError('too-little-data', `site "${small}" has fewer than two ${what}`, {
    where: { site: small },
    remedy: advise`at least two of each are needed; leave the site out with ${call('takeSubjects')}`,
  });
}
