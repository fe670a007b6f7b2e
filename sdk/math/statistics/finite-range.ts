import { ConcordError } from '../../errors';

/**
 * The least and the greatest of some values; Infinity and −Infinity when there are none.
 *
 * @throws ConcordError `invalid-number` on a value that is not finite, naming its position.
 */
export function finiteRange(values: ArrayLike<number>): readonly [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      throw new ConcordError(
        'invalid-number',
        `invalid value at position ${i}: ${value} (a finite number is required)`,
      );
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
