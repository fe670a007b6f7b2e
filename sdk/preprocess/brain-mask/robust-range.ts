import { quantile } from '../../math/statistics/quantiles';
import { noBrain } from './no-brain';
import type { WorkingImage } from './working-grid';

/** Share of the voxels that must have the very same value for it to be taken as padding, not as measured. */
const paddingShare = 0.05;

/** What parts the head from the background in an image whose robust range is 0 to 1 (Smith 2002). */
export const headFloor = 0.1;

/**
 * Brings the robust range of an image, whatever its unit, to 0 to 1: the 2nd and the 98th percentile (Smith 2002).
 * Padding (a lowest value that many voxels share exactly) is left out of the upper one, so that a wide empty field of
 * view does not lower it.
 *
 * @throws ConcordError `failed-step` when nearly all voxels are alike.
 */
export function robustRange(image: WorkingImage): WorkingImage {
  const sorted = image.data.slice().sort();
  const low = quantile(sorted, 0.02);
  const high = quantile(sorted.subarray(paddingEnd(sorted)), 0.98);
  if (!(high > low)) throw noBrain('nearly all voxels are alike');
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (image.data[i] - low) / (high - low);
  return { ...image, data };
}

/** Where the values above the padding begin; 0 where the lowest values are not padding. */
function paddingEnd(sorted: Float32Array): number {
  const value = sorted[Math.floor(sorted.length * paddingShare)];
  if (value !== sorted[0]) return 0;
  let end = 0;
  let beyond = sorted.length;
  while (end < beyond) {
    const middle = (end + beyond) >> 1;
    if (sorted[middle] > value) beyond = middle;
    else end = middle + 1;
  }
  return end;
}
