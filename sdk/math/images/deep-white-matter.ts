import type { Volume } from '../../data/images/volume';
import { fuzzyCenters } from './fuzzy-c-means';
import { erode } from './morphology';

/** How far from other tissues deep white matter is, in mm. */
const depth = 2;

/** With less than this there is no brain: of 219 brains of 2 mm the least has 38,226 voxels, 306 mL. */
const leastMilliliters = 100;

/**
 * The voxels deep in the white matter of a T1w brain: those of the brightest of three classes of intensity (fuzzy c-means)
 * whose neighbors, 2 mm to every side, are of that class too. The rim of a brain and a torn or wide mask hardly change
 * which they are.
 *
 * @param volume - with its mask; without one, what is not 0 is the brain
 * @returns their positions; `undefined` where they are less than 100 mL, so that this is no brain
 */
export function deepWhiteMatter(volume: Volume): readonly number[] | undefined {
  const { data, shape, spacing, mask: inside = data } = volume;
  const [, gray, white] = fuzzyCenters(data.filter((_, at) => inside[at] !== 0)).centers;
  const least = (gray + white) / 2;
  const bright = Uint8Array.from(data, (value, at) => (inside[at] !== 0 && value > least ? 1 : 0));
  const [x, y, z] = spacing.map((side) => Math.max(1, Math.round(depth / side)));
  const deep = erode(bright, shape, [x, y, z]);
  const voxels: number[] = [];
  for (let at = 0; at < deep.length; at++) if (deep[at] !== 0) voxels.push(at);
  const milliliters = (voxels.length * spacing[0] * spacing[1] * spacing[2]) / 1000;
  return milliliters < leastMilliliters ? undefined : voxels;
}
