import type { ImageSource } from '../../data/images/image-source';
import { requireFiniteImages } from '../../data/images/slice-source';
import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';

/** What intensities are shifted and divided by before a network sees them. */
export interface IntensityScale {
  readonly center: number;
  readonly spread: number;
}

/** Images enough to find the scale of a cohort. */
const sampled = 256;

/**
 * Measures mean and standard deviation of the pixels of a cohort, on a sample of its images.
 *
 * @throws ConcordError `invalid-voxels` when pixels are not finite, or all alike.
 */
export async function measureIntensity(source: ImageSource, seed: number): Promise<IntensityScale> {
  const positions = permutation(source.count, makeRandom(seed)).subarray(0, sampled).sort();
  const sums = { value: 0, square: 0 };
  const size = source.shape.reduce((a, b) => a * b, 1);
  // A few at a time: a large image is not read 256 times into memory.
  for (let from = 0; from < positions.length; from += 16) {
    const some = positions.subarray(from, from + 16);
    const images = await source.read(some);
    requireFiniteImages(images, some, source);
    for (const value of images) {
      sums.value += value;
      sums.square += value * value;
    }
  }
  const count = positions.length * size;
  const center = sums.value / count;
  const spread = Math.sqrt(Math.max(0, sums.square / count - center ** 2));
  if (spread > 1e-7 * Math.abs(center) && spread > 0) return { center, spread };
  throw new ConcordError('invalid-voxels', `all pixels are ${center}: there is nothing to learn`);
}

/** Shifts and scales intensities for a network. */
export function scaleIntensities(images: Float32Array, { center, spread }: IntensityScale): Float32Array {
  return images.map((value) => (value - center) / spread);
}

/** Undoes {@link scaleIntensities}. */
export function restoreIntensities(images: Float32Array, { center, spread }: IntensityScale): Float32Array {
  return images.map((value) => value * spread + center);
}
