import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { CohortSource } from '../../data/images/slice-source';
import { imageSamples } from '../../nn/images/image-samples';
import { meanRange } from '../../nn/images/scan-intensity';
import type { Samples } from './samples';

/**
 * Makes samples of slices; the ranges of the sites are kept to give results in.
 *
 * @throws ConcordError `too-little-data` with fewer than two sites or two images at a site; `invalid-option` when the
 * scans measured different things or were cut along different planes or at different pixel sizes; `invalid-voxels`.
 */
export async function sliceSamples(data: ImageCohort | CohortSource, run: RunOptions): Promise<Samples> {
  requireOneSuffix('fitDdae', data);
  const { participants } = data;
  const { cohort, source, rows, ranges, geometry, sites, learned, digest } = await imageSamples(data, run);
  return {
    sampleShape: source.shape,
    source,
    rows,
    participants,
    learned,
    digest,
    places: cohort.slices.map(({ position }) => position),
    subjects: cohort.subjects,
    scale: {
      kind: 'images',
      ...geometry,
      suffix: cohort.suffixes[0] ?? '',
      siteRanges: sites.map((site) => meanRange(ranges.filter((_, row) => participants.sites[row] === site))),
    },
    provenance: cohort.provenance,
    issues: cohort.issues,
  };
}
