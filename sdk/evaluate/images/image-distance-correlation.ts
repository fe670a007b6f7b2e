import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { DistanceCorrelation } from '../audit';
import type { SubjectPoints } from '../persons/within-site-correlation';
import { withinSiteCorrelation } from '../persons/within-site-correlation';
import { requireCall } from '../../data/calls/require-call';

/**
 * Whether persons who looked alike still do: within each site, the correlation of the Euclidean distances between every
 * two subjects' images before and after (the measure of the DDAE paper). All images of a subject together are one
 * point; intensities are taken as they are.
 *
 * @param after - the subjects of `before`, with as many images each
 * @throws ConcordError `different-grids` when images do not correspond; `aborted`.
 */
export async function imageDistanceCorrelation(
  before: ImageCohort,
  after: ImageCohort,
  run: RunOptions = {},
): Promise<DistanceCorrelation> {
  requireCall('metrics.imageDistanceCorrelation', { before, after, run });
  requireSameImages(before, after);
  return withinSiteCorrelation(
    before.participants,
    (rows) => [pointsOf(before, rows), pointsOf(after, rows)],
    run,
  );
}

function pointsOf(cohort: ImageCohort, rows: readonly number[]): SubjectPoints {
  const ranges = imageRanges(cohort);
  const [, height, width, channels] = cohort.images.shape;
  const size = height * width * channels;
  const [from, to] = ranges[rows[0]];
  const columns = (to - from) * size;
  const points = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    const [start, end] = ranges[row];
    points.set(cohort.images.data.subarray(start * size, end * size), i * columns);
  });
  return { values: points, width: columns };
}

function requireSameImages(before: ImageCohort, after: ImageCohort): void {
  const [one, other] = [before, after].map((cohort) => imageRanges(cohort).map(([from, to]) => to - from));
  const same =
    before.images.shape.every((size, axis) => size === after.images.shape[axis]) &&
    before.participants.ids.every((id, row) => id === after.participants.ids[row]) &&
    one.every((count, row) => count === other[row] && count === one[0]);
  if (!same) {
    throw new ConcordError(
      'different-grids',
      `images do not correspond: ${before.images.shape.join(' × ')} of ${one.length} scans before, ` +
        `${after.images.shape.join(' × ')} of ${other.length} after (the same scans, with equally many images each, are required)`,
    );
  }
}
