import { axisCodes } from '../data/images/affine';
import type { Volume } from '../data/images/volume';

/** A number as people read intensities: four digits at most, no trailing zeros. */
export function intensityText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(2);
  const rounded = size >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return String(rounded).replace('-', '−');
}

/** A volume in one line: shape, spacing, orientation, range of intensities, share of the mask. */
export function volumeSummary(volume: Volume): string {
  const { data, mask, shape, spacing, affine } = volume;
  let low = Infinity;
  let high = -Infinity;
  let odd = 0;
  let inside = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isFinite(value)) odd++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (mask !== undefined && mask[i] !== 0) inside++;
  }
  const litres = (inside * spacing[0] * spacing[1] * spacing[2]) / 1e6;
  return [
    `${shape.join(' × ')} voxels of ${spacing.map((mm) => Number(mm.toPrecision(3))).join(' × ')} mm`,
    axisCodes(affine),
    low > high ? 'no finite values' : `values ${intensityText(low)} to ${intensityText(high)}`,
    ...(odd === 0 ? [] : [`${odd.toLocaleString('en-US')} not finite`]),
    ...(mask === undefined ? [] : [`mask ${litres.toFixed(2)} L`]),
  ].join(' · ');
}
