import { ConcordError } from '../../errors';
import { advise, call } from '../../remedy';

/** The error of an image in which no brain was found. */
export function noBrain(reason: string): ConcordError {
  return new ConcordError('failed-step', `no brain found: ${reason}`, {
    remedy: advise`look at the scan; if there is a brain, supply a mask of your own with ${call('volumes.withMask')}`,
  });
}
