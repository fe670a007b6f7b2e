import { ConcordError } from '../errors';

/**
 * Checks that the value of an option is in a range, whose ends are allowed.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function requireWithin(
  option: string,
  value: number,
  [low, high]: readonly [low: number, high: number],
): void {
  if (value >= low && value <= high) return;
  throw new ConcordError('invalid-option', `invalid ${option}: ${value} (${low} to ${high} is allowed)`);
}
