import type { Triple } from '../../../sdk/data/images/affine';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';

/** A phantom under a known field. */
export interface BiasPhantom {
  /** With its mask: three tissues in nested ellipsoids, times the field. */
  readonly volume: Volume;
  /** The log field. */
  readonly truth: Float64Array;
  /** The voxels of the middle tissue. */
  readonly tissue: Uint8Array;
}

/**
 * A small phantom without random numbers, so that the same can be made elsewhere.
 *
 * @param strength - factor on the log field; 0 for none
 */
export function biasPhantom(strength = 1): BiasPhantom {
  const shape: Triple = [24, 28, 20];
  const data = new Float32Array(24 * 28 * 20);
  const mask = new Uint8Array(data.length);
  const tissue = new Uint8Array(data.length);
  const truth = new Float64Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const i = n % 24;
    const j = Math.floor(n / 24) % 28;
    const k = Math.floor(n / 672);
    const radius = Math.hypot((i - 11.5) / 11, (j - 13.5) / 13, (k - 9.5) / 9);
    const intensity = radius < 0.35 ? 1000 : radius < 0.8 ? 700 : 300;
    truth[n] = strength * (0.15 * Math.sin(i / 8) + 0.1 * Math.cos(j / 9) - 0.01 * (k - 9.5));
    if (radius >= 1) continue;
    mask[n] = 1;
    tissue[n] = intensity === 700 ? 1 : 0;
    data[n] = (intensity + 20 * Math.sin(7 * i + 5 * j + 3 * k)) * Math.exp(truth[n]);
  }
  return { volume: makeVolume(data, { shape, affine: makeAffine([2, 2, 2]) }, { mask }), truth, tissue };
}

/** The mean and standard deviation of values over the voxels taken, and its ratio. */
export function spreadIn(
  values: ArrayLike<number>,
  taken: Uint8Array,
): { mean: number; sd: number; cv: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < taken.length; n++) {
    if (taken[n] === 0) continue;
    count++;
    sum += values[n];
    squares += values[n] ** 2;
  }
  const mean = sum / count;
  const sd = Math.sqrt(squares / count - mean * mean);
  return { mean, sd, cv: sd / mean };
}
