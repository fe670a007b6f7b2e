import type { ImageCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { gradientCorrelation } from '../images/gradient-correlation';
import type { ImagePair } from '../images/image-pair';
import { pairPictures, pictureSource } from '../images/image-source';

/**
 * Whether edges stay where they were: for each scan the mean over its slices of the {@link gradientCorrelation} with the
 * scan before, in its mask. A slice that became flat has lost its edges and counts as 0; slices that were flat before, or
 * have no mask, do not count. `NaN` where none is left.
 *
 * @throws ConcordError `aborted`.
 */
export async function edgesKept(
  before: ImageCohort,
  after: ImageCohort,
  { signal }: RunOptions = {},
): Promise<readonly number[]> {
  const one = pictureSource(before);
  const other = pictureSource(after);
  const kept: number[] = [];
  for (const row of before.participants.ids.keys()) {
    await breathe(signal);
    const pairs = pairPictures(await one.pictures(row), await other.pictures(row));
    const found = pairs.map(edgesOf).filter((value) => !Number.isNaN(value));
    kept.push(found.reduce((sum, value) => sum + value, 0) / found.length);
  }
  return kept;
}

function edgesOf(pair: ImagePair): number {
  const found = gradientCorrelation(pair);
  if (!Number.isNaN(found)) return found;
  return Number.isNaN(gradientCorrelation({ ...pair, image: pair.reference })) ? NaN : 0;
}
