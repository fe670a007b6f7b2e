import type { Tensor } from '@tensorflow/tfjs-core';
import { mul, tensor, tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { xoshiro128 } from '../../math/random';

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** The share of values that is set to 0, from 0 to below 1; kept to the nearest 1/65536. */
  readonly rate: number;
  /** Draws which. */
  readonly random: Random;
}

/**
 * Sets values to 0 at random and divides the others by the share that is kept, so that the expected value stays
 * (Srivastava et al. 2014, JMLR 15:1929). For training only.
 *
 * @throws ConcordError `invalid-option` for a rate below 0, or of 1 and more
 */
export function dropout<X extends Tensor>(x: X, { rate, random }: DropoutOptions): X {
  if (!(rate >= 0 && rate < 1)) {
    throw new ConcordError('invalid-option', `dropout: invalid rate: ${rate} (from 0 to below 1)`);
  }
  if (rate === 0) return x;
  return tidy(() => mul<X>(x, tensor(dropoutMask(x.size, { rate, random }), x.shape)));
}

/**
 * Draws a mask of 0 and 1/(1 − rate). A step of training needs millions of these draws, so one 32-bit output decides
 * two, from a stream of its own that `random` starts.
 */
export function dropoutMask(length: number, { rate, random }: DropoutOptions): Float32Array {
  const state = Uint32Array.from({ length: 4 }, () => random.integer(2 ** 32));
  // A state of zeros alone would stay there.
  const next = xoshiro128(state.some((word) => word !== 0) ? state : Uint32Array.of(1, 0, 0, 0));
  const dropped = Math.round(rate * 65536);
  const kept = 65536 / (65536 - dropped);
  const mask = new Float32Array(length);
  for (let index = 0; index < length; index += 2) {
    const bits = next();
    if ((bits & 0xffff) >= dropped) mask[index] = kept;
    if (bits >>> 16 >= dropped && index + 1 < length) mask[index + 1] = kept;
  }
  return mask;
}
