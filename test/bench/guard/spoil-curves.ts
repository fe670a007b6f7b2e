// What changes the intensities of a scan by degrees, from harmless to spoilt.
import type { Volume } from 'concord-mri';
import type { Spoil } from './spoil';
import { quantized } from './spoil-anew';
import { at, inside, mapped, placeOf } from './spoil';

/** The exponents that are tried; 1 changes nothing. */
export const exponents: readonly number[] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.25, 1.5, 2, 2.5, 3, 4];

/** The ratios of the brightest to the darkest side that are tried. */
export const tilts: readonly number[] = [1.5, 2, 3, 6];

/** A power of the intensities, as a share of the 98th percentile. */
export function gamma(exponent: number): Spoil {
  return (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value) => top * (Math.max(value, 0) / top) ** exponent);
  };
}

/** A bias field: intensities grow from one side to the other, in all by this factor. */
export function tilted(factor: number, axis: 0 | 1 | 2): Spoil {
  return (brain) =>
    mapped(brain, (value, voxel) => value * factor ** (placeOf(brain, voxel)[axis] / brain.shape[axis]));
}

/** Intensities by their logarithm, what is darker than a hundredth of the brightest the same. */
export function logarithm(brain: Volume): Volume {
  const top = at(inside(brain), 0.98);
  return mapped(brain, (value) => 1000 * Math.log(1 + Math.max(value, 0) / (0.01 * top)));
}

/** Scans by degrees, by name. */
export const degrees: Readonly<Record<string, Spoil>> = {
  ...Object.fromEntries(exponents.map((exponent) => [`gamma ${exponent}`, gamma(exponent)])),
  logarithm,
  ...Object.fromEntries(
    tilts.map((factor) => [`bias field, 1 to ${factor} from left to right`, tilted(factor, 0)]),
  ),
  'bias field, 1 to 3 from bottom to top': tilted(3, 2),
  'sixty-four gray levels': quantized(64),
};
