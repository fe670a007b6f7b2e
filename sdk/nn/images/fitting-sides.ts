import { ConcordError } from '../../errors';
import { advise, call, option } from '../../remedy';

/**
 * Checks that images can be halved as often as a network does.
 *
 * @param imageShape - rows, columns and channels
 * @throws ConcordError `invalid-option` with the sizes that fit.
 */
export function requireFittingSides(
  [rows, columns]: readonly [rows: number, columns: number, channels: number],
  halvings: number,
): void {
  const unit = 2 ** halvings;
  if ([rows, columns].every((side) => side % unit === 0 && side >= 16)) return;
  throw new ConcordError(
    'invalid-option',
    `images of ${rows} × ${columns} do not fit the network: both sides must be multiples of ${unit}, and 16 at least`,
    { remedy: advise`cut them to such a size with ${call('toImages')}, or change ${option('size')}` },
  );
}
