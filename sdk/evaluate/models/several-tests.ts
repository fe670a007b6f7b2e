import { falseDiscoveryRate } from './false-discovery-rate';

/**
 * The p value of many tests together, that nothing is there to be found, by Simes (1986, "An improved Bonferroni procedure for
 * multiple tests of significance", Biometrika 73:751): the least of their q values. `NaN`s are no tests; `NaN` of none.
 */
export function jointP(p: ArrayLike<number>): number {
  return leastOf(falseDiscoveryRate(p));
}

/** The least number; `NaN` where there is none. */
export function leastOf(values: ArrayLike<number>): number {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((least, value) => Math.min(least, value));
}

/**
 * Which of several tests count, so that one or more counts by chance no oftener than `alpha` says, however many there are:
 * Hochberg's step-up procedure (1988, "A sharper Bonferroni procedure for multiple tests of significance", Biometrika 75:800).
 * It counts whatever Holm's counts and more, and holds for independent tests and for those that depend on each other positively, as
 * tests of the same values do.
 *
 * @param p - of each test; `NaN` of a test that could not be made, which is no test
 */
export function beyondChance(p: readonly number[], alpha: number): readonly boolean[] {
  const made = [...p.keys()].filter((at) => !Number.isNaN(p[at])).sort((a, b) => p[b] - p[a]);
  const first = made.findIndex((at, larger) => p[at] <= alpha / (larger + 1));
  const counted = new Set(first === -1 ? [] : made.slice(first));
  return p.map((_, at) => counted.has(at));
}
