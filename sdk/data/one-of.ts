import { ConcordError } from '../errors';
import { listNames } from './list-names';

/**
 * Throws unless `value` is one of `allowed`; JavaScript callers have no compiler to tell them.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function oneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new ConcordError(
      'invalid-option',
      `invalid ${option}: "${value}" (allowed are ${listNames(allowed)})`,
    );
  }
}
