import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';

/**
 * Intensities of three overlapping tissues around 30, 70 and 110, without a random draw, so that a program in another
 * language makes the same to the last digit. In Python:
 *
 *     f = lambda s: (i * sqrt(s)) % 1.0
 *     k = 0 if (i * 0.6180339887498949) % 1.0 < 0.15 else 1 if (i * 0.6180339887498949) % 1.0 < 0.6 else 2
 *     (30, 70, 110)[k] + (9, 8, 5)[k] * sqrt(3) * (f(2) + f(3) + f(5) + f(7) - 2)
 */
export function tissueValues(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const f = (s: number): number => (i * Math.sqrt(s)) % 1;
    const share = (i * 0.6180339887498949) % 1;
    const tissue = share < 0.15 ? 0 : share < 0.6 ? 1 : 2;
    return [30, 70, 110][tissue] + [9, 8, 5][tissue] * Math.sqrt(3) * (f(2) + f(3) + f(5) + f(7) - 2);
  });
}

/** A volume whose middle holds the values and whose mask says so; everything around is `background`. */
export function tissueVolume(values: ArrayLike<number>, background = 0): Volume {
  const depth = Math.ceil(values.length / 100) + 2;
  const data = new Float32Array(12 * 12 * depth).fill(background);
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < values.length; at++) {
    const voxel = 1 + (at % 10) + 12 * (1 + (Math.floor(at / 10) % 10)) + 144 * (1 + Math.floor(at / 100));
    data[voxel] = values[at];
    mask[voxel] = 1;
  }
  return makeVolume(data, { shape: [12, 12, depth], affine: makeAffine([2, 2, 2]) }, { mask });
}

/** The intensities in the mask of a volume. */
export function inMask({ data, mask }: Volume): Float32Array {
  return data.filter((_, voxel) => mask?.[voxel] === 1);
}

/** Whether two lists agree to within a tolerance in every place. */
export function alike(one: ArrayLike<number>, other: ArrayLike<number>, tolerance: number): boolean {
  return (
    one.length === other.length &&
    Array.from(one).every((value, i) => Math.abs(value - other[i]) <= tolerance)
  );
}
