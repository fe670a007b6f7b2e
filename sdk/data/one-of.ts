import { ConcordError } from '../errors';
import { listNames } from './list-names';
import { suggestName } from './nearest-names';

/**
 * Throws unless `value` is one of `allowed`; JavaScript callers have no compiler to check it.
 *
 * @throws ConcordError `invalid-option` naming the option, what is allowed and the nearest of it.
 */
export function oneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new ConcordError(
      'invalid-option',
      `invalid ${option}: "${value}" (${suggestName(value, allowed, `allowed are ${listNames(allowed)}`)})`,
    );
  }
}
