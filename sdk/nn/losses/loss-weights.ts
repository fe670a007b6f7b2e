import { oneOf } from '../../data/one-of';
import { shortJson } from '../../data/short-json';
import { ConcordError } from '../../errors';

/**
 * Fills in how much each term of a loss counts where it is not given, and checks it.
 *
 * @throws ConcordError `invalid-option` for an unknown term, or a weight that is below 0 or no number.
 */
export function chosenLossWeights<Weights extends { readonly [Name in keyof Weights]: number }>(
  defaults: Weights,
  given: Partial<Weights> = {},
): Weights {
  for (const name of Object.keys(given)) oneOf('weights', name, Object.keys(defaults));
  const chosen = { ...defaults, ...given };
  requireAmounts(chosen);
  return chosen;
}

/**
 * Checks numbers that may be 0 or more: weights and learning rates.
 *
 * @throws ConcordError `invalid-option` naming the first that is not.
 */
export function requireAmounts(named: object): void {
  for (const [name, value] of Object.entries(named) as [string, number][]) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a number, 0 or more)`);
  }
}

/**
 * Checks a share: of the steps, or of what is given back.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireShare(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0 && value <= 1) return;
  throw new ConcordError('invalid-option', `invalid ${name}: ${shortJson(value)} (0 to 1)`);
}
