import { requireCall } from '../calls/require-call';

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
