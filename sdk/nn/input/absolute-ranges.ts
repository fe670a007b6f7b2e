import type { IntensityRange } from '../images/scan-intensity';
import { meanRange } from '../images/scan-intensity';
import { kindsOf } from './compare-scan';
import type { LearnedInput } from './learned-input';

/** Scales that differ by less than this factor from those of the training scans are theirs. */
const sameScale = 2;

/**
 * The intensities that a scan should have for a network that learned from intensities as they are: its own where they
 * are on the scale of the training scans, else the mean of theirs.
 *
 * @param own - what the scan spans
 */
export function absoluteRange(
  learned: LearnedInput,
  own: IntensityRange,
  { suffix, brought }: { readonly suffix: string; readonly brought: boolean },
): IntensityRange {
  const ranges = kindsOf(learned.kinds, suffix).map(({ range }) => range);
  const spans = ranges.map(({ low, high }) => high - low);
  const span = own.high - own.low;
  const near = span >= Math.min(...spans) / sameScale && span <= Math.max(...spans) * sameScale;
  return near && !brought ? own : meanRange(ranges);
}
