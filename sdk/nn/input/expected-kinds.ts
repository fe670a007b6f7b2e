import { mixedQuantiles } from '../../math/statistics/mixed-quantiles';
import type { LearnedInput, LearnedKind, LearnedPlace } from './learned-input';
import { quantileLevels } from './scan-traits';
import type { SlicePattern } from './slice-pattern';
import { brainIn } from './slice-pattern';

/**
 * The kinds that a network learned from as a scan of these very slices would have them: slices through the base of a brain
 * hold other intensities than those through its middle, and few slices others than all. A mixture of what was learned at
 * their heights, by how much brain is in each; on a range of its own, as every scan is. Kinds that were stored without heights
 * are as they are.
 *
 * @param shift - how far slices are above those with the same position in training, in mm
 */
export function expectedKinds(
  kinds: readonly LearnedKind[],
  patterns: readonly SlicePattern[],
  { shift, zero }: { readonly shift: number; readonly zero: LearnedInput['zero'] },
): readonly LearnedKind[] {
  return kinds.map((kind) => {
    const { places = [] } = kind;
    if (places.length === 0) return kind;
    const weights = new Float64Array(places.length);
    for (const { position, cover } of patterns) {
      const brain = brainIn(cover);
      const { at, share } = placeOf(position - shift, places);
      weights[at] += brain * (1 - share);
      if (share > 0) weights[at + 1] += brain * share;
    }
    const parts = places.flatMap(({ quantiles }, i) =>
      weights[i] > 0 ? [{ weight: weights[i], quantiles }] : [],
    );
    return { ...kind, quantiles: onOwnRange(mixedQuantiles(quantileLevels, parts), zero) };
  });
}

/** The place at or below a position, and how far it is on the way to the next; beyond the ends it is at them. */
function placeOf(
  position: number,
  places: readonly LearnedPlace[],
): { readonly at: number; readonly share: number } {
  const above = places.findIndex((place) => place.position > position);
  if (above === 0) return { at: 0, share: 0 };
  if (above < 0) return { at: places.length - 1, share: 0 };
  const [from, to] = [places[above - 1].position, places[above].position];
  return { at: above - 1, share: (position - from) / (to - from) };
}

/** On the range that is measured of these slices alone: the last quantile becomes 1; where 0 means nothing, the first −1. */
function onOwnRange(quantiles: readonly number[], zero: LearnedInput['zero']): readonly number[] {
  const low = zero === 'free' ? quantiles[0] : -1;
  const high = quantiles[quantiles.length - 1];
  return quantiles.map((value) => (2 * (value - low)) / (high - low) - 1);
}
