import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { add, clone, clipByValue as clip, div, minimum, sqrt, tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { scaleAll } from '../ops/scale-all';
import { totalSquaredNorm } from '../ops/squared-norm';

/** Gradients after clipping, and how large they were before. The caller disposes the tensors. */
export type ClippedGradients = {
  readonly gradients: Tensor[];
  /** The norm of all gradients together before clipping. It is not finite when any of them is not. */
  readonly norm: Scalar;
};

/** Computes the Euclidean norm of several tensors taken as one vector. */
export function globalNorm(tensors: readonly Tensor[]): Scalar {
  return tidy(() => sqrt(totalSquaredNorm(tensors)));
}

/**
 * Shortens gradients whose common norm is above `maxNorm` to that length, all by the same factor, so that their
 * direction stays (Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
 * algorithm 1). The norm is returned as it was: what to do when it is not finite is for the caller to say, and
 * clipping cannot repair it.
 *
 * @param maxNorm - `Infinity` only measures
 * @throws ConcordError `invalid-option` unless `maxNorm` is above 0.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], maxNorm: number): ClippedGradients {
  requirePositive('maxNorm', maxNorm);
  return tidy(() => {
    const norm = globalNorm(gradients);
    if (maxNorm === Infinity) return { gradients: gradients.map((gradient) => clone(gradient)), norm };
    // The 1e-6 keeps the quotient finite at norm 0; PyTorch has the same.
    const factor: Scalar = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    return { gradients: scaleAll(gradients, factor), norm };
  });
}

/**
 * Limits every element of the gradients to −`limit` … `limit`. Their direction may change.
 *
 * @throws ConcordError `invalid-option` unless `limit` is above 0.
 */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  requirePositive('limit', limit);
  return gradients.map((gradient) => clip(gradient, -limit, limit));
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a number above 0)`);
}
