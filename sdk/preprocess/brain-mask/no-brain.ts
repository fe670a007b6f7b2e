import { ConcordError } from '../../errors';

/** The error of an image in which no brain was found. */
export function noBrain(reason: string): ConcordError {
  return new ConcordError(
    'failed-step',
    `no brain found: ${reason} (look at the scan; if there is a brain, supply a mask of your own with withMask)`,
  );
}
