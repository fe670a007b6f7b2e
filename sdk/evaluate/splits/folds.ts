import { makeRandom, permutation } from '../../math/random';

/**
 * Deals the items into folds so that every fold has about the same share of every stratum, at random, the same for the
 * same seed. Within a group (a site) the folds differ by one item at most, whatever the strata inside it.
 *
 * @param groups - group of each item, 0 …
 * @param folds - number of folds
 * @param seed - the same seed gives the same folds
 * @param strata - finer labels to balance within each group, for example sex; by default none
 * @returns the fold of each item, 0 … folds − 1
 */
export function stratifiedFolds(
  groups: Int32Array,
  folds: number,
  { seed, strata }: { readonly seed: number; readonly strata?: Int32Array },
): Int32Array {
  const order = permutation(groups.length, makeRandom(seed));
  // Sorting is stable, so within group and stratum the random order stays.
  const dealt = Array.from(order).sort(
    (a, b) => groups[a] - groups[b] || (strata === undefined ? 0 : strata[a] - strata[b]),
  );
  const fold = new Int32Array(groups.length);
  // Dealing continues round the table from one group to the next, so that the folds' totals agree too.
  dealt.forEach((item, position) => {
    fold[item] = position % folds;
  });
  return fold;
}
