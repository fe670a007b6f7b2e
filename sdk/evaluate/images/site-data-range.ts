import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import { suggestName } from '../../data/nearest-names';
import { siteNames } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/**
 * The range of intensities that errors against scans of a site are measured on: the 99.5th percentile of what is not 0
 * in the mask of its scans, so that a few bright vessels do not count.
 *
 * @throws ConcordError `unknown-site` when the cohort has no scan of that site with anything in it.
 */
export function siteDataRange(cohort: ImageCohort, site: string): number {
  requireCall('metrics.siteDataRange', { cohort, site });
  const { data, shape, mask } = cohort.images;
  const [, height, width, channels] = shape;
  const area = height * width;
  const middle = channels >> 1;
  const values: number[] = [];
  imageRanges(cohort).forEach(([from, to], row) => {
    if (cohort.participants.sites[row] !== site) return;
    for (let pixel = from * area; pixel < to * area; pixel++) {
      const value = data[pixel * channels + middle];
      if (value !== 0 && mask?.[pixel] !== 0) values.push(value);
    }
  });
  if (values.length === 0) {
    const hint = suggestName(site, siteNames(cohort.participants), 'the cohort has no scan of it');
    throw new ConcordError('unknown-site', `unknown site: "${site}" (${hint})`, {
      where: { site },
    });
  }
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.floor(0.995 * sorted.length)];
}
