import { ConcordError } from '../errors';

/**
 * The value of an option that counts something, when it is a whole number, `least` at least.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function requireCount(option: string, value: number, least: number = 1): number {
  if (Number.isInteger(value) && value >= least) return value;
  const allowed = least === 1 ? 'a whole number above 0' : `a whole number of at least ${least}`;
  throw new ConcordError('invalid-option', `invalid ${option}: ${value} (${allowed})`);
}
