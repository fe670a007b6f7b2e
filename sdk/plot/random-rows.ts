import { makeRandom, permutation } from '../math/random';

/** The numbers of a random part of some rows, in their order; all of them where there are no more than `most`. */
export function randomRows(rows: number, most: number, seed: number): ArrayLike<number> {
  return permutation(rows, makeRandom(seed)).slice(0, most).sort();
}
