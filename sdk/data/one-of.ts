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

/**
 * Throws when there is an option of a name that a function does not know: from JavaScript, without a compiler, a misspelled
 * `preserve` would be passed over, and the covariate not preserved.
 *
 * @param names - every option there is
 * @throws ConcordError `invalid-option` naming the stray option and the nearest that exists.
 */
export function requireKnownOptions(verb: string, options: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue;
    const hint = suggestName(name, names, `there are ${listNames(names, names.length)}`);
    throw new ConcordError('invalid-option', `unknown option of ${verb}: "${name}" (${hint})`);
  }
}
