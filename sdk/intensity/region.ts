import { ConcordError } from '../errors';
import { oneOf } from '../data/one-of';
import type { Volume } from '../data/images/volume';
import { requireMask } from '../data/images/volume';
import { nextNonZero } from '../math/images/next-non-zero';
import { maskedValues } from '../math/statistics/quantiles';
import type { IntensityMap } from './intensity-map';
import { applyIntensityMap, mapOnBlack } from './intensity-map';
import { either } from '../remedy';

/** Options that every intensity normalization takes. */
export interface RegionOptions {
  /**
   * The voxels to learn from: those in the mask, or all that are not 0 (for images whose background was set to 0).
   *
   * @defaultValue `'mask'`
   */
  readonly region?: 'mask' | 'non-zero';
  /**
   * What becomes of voxels outside that region. `map`: they go through the same function as the others, so that a whole
   * head stays whole. `auto`: likewise, except that a background which is 0 throughout (a skull-stripped image)
   * stays 0, since nothing was measured there and its value must not identify scans.
   *
   * @defaultValue `'auto'`
   */
  readonly outside?: 'auto' | 'map';
}

/** {@link RegionOptions} with defaults filled in. */
export type RegionSettings = Required<RegionOptions>;

/** Below this many voxels the distribution of a brain's intensities says nothing. */
const fewestVoxels = 100;

/** Fills in the defaults of {@link RegionOptions} and checks them. */
export function regionSettings({ region = 'mask', outside = 'auto' }: RegionOptions): RegionSettings {
  oneOf('region', region, ['mask', 'non-zero']);
  oneOf('outside', outside, ['auto', 'map']);
  return { region, outside };
}

/**
 * The intensities to learn from, in no particular order.
 *
 * @throws ConcordError `missing-value` when a mask is needed and missing; `failed-step` when the region holds fewer than
 * 100 voxels; `invalid-voxels` when one is not finite or all are alike.
 */
export function regionValues(volume: Volume, { region }: RegionSettings, purpose: string): Float64Array {
  const values =
    region === 'mask'
      ? maskedValues(volume.data, requireMask(volume, purpose))
      : Float64Array.from(volume.data.filter((value) => value !== 0));
  requireUsable(values, region);
  return values;
}

/**
 * The mean and the standard deviation (divisor n) of the intensities to learn from, without gathering them. Sums are
 * taken of differences from one of them, so that a large mean costs no digits.
 *
 * @throws ConcordError as {@link regionValues}.
 */
export function regionMoments(
  volume: Volume,
  settings: RegionSettings,
  purpose: string,
): { readonly mean: number; readonly sd: number } {
  const { data } = volume;
  const size = data.length;
  const inside = settings.region === 'mask' ? requireMask(volume, purpose) : data;
  const next = nextNonZero(inside);
  const first = next(0, size);
  const origin = data[first];
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let at = first; at < size; at = next(at, size)) {
    for (; at < size && inside[at] !== 0; at++) {
      const difference = data[at] - origin;
      count++;
      sum += difference;
      squares += difference * difference;
    }
  }
  // Without a finite spread something is wrong: this says what.
  if (!(count >= fewestVoxels && squares > 0 && squares < Infinity)) regionValues(volume, settings, purpose);
  const shift = sum / count;
  return { mean: origin + shift, sd: Math.sqrt(squares / count - shift * shift) };
}

/** Throws unless there are enough intensities to learn from, all finite and not all alike; see {@link regionValues}. */
export function requireUsable(values: Float64Array, region: RegionSettings['region']): void {
  const where = region === 'mask' ? 'in the mask' : 'that are not 0';
  if (values.length < fewestVoxels) {
    throw new ConcordError(
      'failed-step',
      `too few voxels ${where}: ${values.length} (at least ${fewestVoxels} are needed; check the mask)`,
    );
  }
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // The difference is 0 for every finite number and NaN for all else.
    if (value - value !== 0) {
      throw new ConcordError('invalid-voxels', `invalid voxel ${where}: ${value}`, {
        remedy: [either('repair the scan', 'take such voxels out of the mask')],
      });
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) {
    throw new ConcordError(
      'invalid-voxels',
      `all voxels ${where} are ${low} (a scan without contrast cannot be normalized; check the file and the mask)`,
    );
  }
}

/**
 * The intensities after a map, outside voxels as {@link RegionOptions} says.
 *
 * @param inside - 1 where the region is; as many values as there are intensities
 */
export function mapRegion(
  data: Float32Array,
  map: IntensityMap,
  { inside, outside }: { readonly inside: Uint8Array | undefined; readonly outside: 'auto' | 'map' },
): Float32Array {
  const onBlack = outside === 'auto' ? mapOnBlack(data, map, inside ?? data) : undefined;
  return onBlack ?? applyIntensityMap(data, map);
}
