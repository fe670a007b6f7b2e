import { makeRandom, permutation } from '../../math/random';
import { binomialCumulative } from '../../math/statistics/binomial';
import type { Interval } from '../audit';
import { keptDraws } from './kept-draws';
import type { BootstrapOptions } from './percentile-interval';
import { intervalOf } from './percentile-interval';

/** Persons of one group, each measured once, and how many of them were named correctly. */
export interface GroupHits {
  readonly persons: number;
  /** The mean number over repeats. */
  readonly hits: number;
}

/**
 * The mean over groups of the share of each group that was named correctly, with the interval of {@link bootstrapWithinGroups},
 * where each person has one measurement that is right or wrong. Of a group's n persons, drawn with replacement with one of the
 * repeats each, every draw is right with the chance that is the group's share p, whatever came before: the number right is
 * binomial of n and p, and no person needs to be drawn.
 *
 * Resamples are spread evenly: each group meets every (i + ½) / resamples of its distribution once, in an order of its own
 * (McKay, Beckman & Conover 1979, Technometrics 21:239), so that an interval depends less on the seed than by as many draws.
 */
export function bootstrapHits(
  groups: readonly GroupHits[],
  { seed, level, resamples = 2000, keptWith }: BootstrapOptions & { readonly keptWith?: object },
): Interval {
  const orders = keptDraws(keptWith, `${seed} ${resamples} of ${groups.length} groups`, () => {
    const random = makeRandom(seed);
    return groups.map(() => permutation(resamples, random));
  });
  const sums = new Float64Array(resamples);
  groups.forEach(({ persons, hits }, group) => {
    addShares(sums, orders[group], binomialCumulative(persons, hits / persons));
  });
  const estimate = groups.reduce((sum, { persons, hits }) => sum + hits / persons, 0) / groups.length;
  return intervalOf(
    sums.map((sum) => sum / groups.length),
    estimate,
    level,
  );
}

/** Adds the share of a group that is right in each resample. */
function addShares(sums: Float64Array, order: Int32Array, below: Float64Array): void {
  const persons = below.length - 1;
  for (let i = 0, right = 0; i < order.length; i++) {
    while (right < persons && below[right] * order.length <= i + 0.5) right++;
    sums[order[i]] += right / persons;
  }
}
