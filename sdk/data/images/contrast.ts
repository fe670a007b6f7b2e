import { ConcordError } from '../../errors';
import { advise, call, either, option } from '../../remedy';
import { requireCall } from '../calls/require-call';
import { listNames } from '../list-names';

/** The contrasts whose tissues the methods know how to find, by their BIDS suffixes. */
export type Contrast = 'T1w' | 'T2w' | 'FLAIR' | 'PDw';

/** All of them. */
export const contrasts: readonly Contrast[] = ['T1w', 'T2w', 'FLAIR', 'PDw'];

/** Other suffixes of BIDS, and of its older versions, by the contrast that such images have. */
const others: Readonly<Record<string, Contrast>> = {
  unit1: 'T1w',
  inplanet1: 'T1w',
  inplanet2: 'T2w',
  pd: 'PDw',
};

/**
 * The contrast of images of a suffix, whatever its case.
 *
 * @returns `undefined` for a suffix whose tissues are not known, such as `T2starw`
 */
export function contrastOf(suffix: string): Contrast | undefined {
  requireCall('intensity.contrastOf', { suffix });
  const wanted = suffix.toLowerCase();
  return contrasts.find((one) => one.toLowerCase() === wanted) ?? others[wanted];
}

/**
 * The contrast that all of some scans have, by their suffixes: every method that looks for a tissue goes by it, unless
 * it is said what the scans are like.
 *
 * @param suffixes - those that are not known are empty
 * @returns `undefined` where no suffix is known
 * @throws ConcordError `invalid-option` where contrasts differ, or the tissues of one are not known.
 */
export function contrastOfAll(suffixes: readonly string[]): Contrast | undefined {
  const named = [...new Set(suffixes)].filter((suffix) => suffix !== '');
  if (named.length === 0) return undefined;
  const found = new Set(named.map(contrastOf));
  const [contrast] = found;
  if (found.size === 1 && contrast !== undefined) return contrast;
  const message =
    named.length === 1
      ? `unknown contrast: the suffix ${listNames(named)} does not say which tissue is bright`
      : `unknown contrast: which tissue is bright in scans of ${listNames(named)} is not known, or not the same`;
  throw new ConcordError('invalid-option', message, {
    remedy: [
      either(
        advise`say what the scans are like with ${option('contrast', ...contrasts)}`,
        advise`use ${call('intensity.zScore')}, which looks for no tissue`,
      ),
    ],
  });
}
