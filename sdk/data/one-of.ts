import { ConcordError } from '../errors';
import { listNames } from './list-names';
import { suggestName } from './nearest-names';

/**
 * Throws unless `value` is one of `allowed`; JavaScript callers have no compiler to check it.
 *
 * @throws ConcordError `invalid-option` naming the option, what is allowed and the nearest value.
 */
export function oneOf(option: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  const given: unknown = value;
  const shown = typeof given === 'string' ? `"${given}"` : String(given);
  const hint = suggestName(String(given), allowed, `allowed are ${listNames(allowed)}`);
  throw new ConcordError('invalid-option', `invalid ${option}: ${shown} (${hint})`);
}
