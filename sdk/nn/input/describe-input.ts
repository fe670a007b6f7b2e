import type { ImageCohort } from '../../data/cohort';
import { cohortSource } from '../../data/images/memory-source';
import type { CohortSource } from '../../data/images/slice-source';
import type { RunOptions } from '../../data/run-options';
import { commonGeometry } from '../images/image-geometry';
import { measureScanRanges } from '../images/scan-intensity';
import { learnInput } from './learn-input';
import type { LearnedInput } from './learned-input';

/**
 * Describes images as a network that learns from them does, for a model that was stored without that: they must be those
 * that it was trained on.
 *
 * @throws ConcordError `too-little-data` without images; `invalid-option` when they are of different kinds;
 * `invalid-voxels`, `aborted`.
 */
export async function describeInput(
  data: ImageCohort | CohortSource,
  run: RunOptions = {},
): Promise<LearnedInput> {
  const source = cohortSource(data);
  const ranges = await measureScanRanges(source, run);
  return learnInput(source, { ranges, geometry: commonGeometry(source.slices) }, run);
}
