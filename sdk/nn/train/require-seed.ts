import { ConcordError } from '../../errors';

/**
 * Checks a seed.
 *
 * @throws ConcordError `invalid-option` unless it is a whole number.
 */
export function requireSeed(seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  throw new ConcordError('invalid-option', `invalid seed: ${seed} (a whole number)`);
}
