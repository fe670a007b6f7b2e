import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/**
 * Measures how far two masks agree: twice what they share over the sum of their sizes (Dice 1945, "Measures of the
 * amount of ecologic association between species", Ecology 26). 1 for the same mask, and for two empty ones; 0 for
 * masks that share nothing.
 *
 * @param a - any voxel that is not 0 is inside
 * @throws ConcordError `invalid-option` when the masks differ in length.
 */
export function diceOverlap(a: Uint8Array, b: Uint8Array): number {
  requireCall('metrics.diceOverlap', { a, b });
  if (a.length !== b.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid masks: ${a.length} and ${b.length} voxels (must agree)`,
    );
  }
  let shared = 0;
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    const inA = a[i] === 0 ? 0 : 1;
    const inB = b[i] === 0 ? 0 : 1;
    shared += inA & inB;
    total += inA + inB;
  }
  return total === 0 ? 1 : (2 * shared) / total;
}
