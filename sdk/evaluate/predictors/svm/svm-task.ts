/** The kernel of a support vector machine: the inner product, or the Gaussian radial basis function. */
export type SvmKernel = 'linear' | 'rbf';

/** Classes to be learned from training items, and test items to be named. */
export interface SvmTask {
  /** Items × width, row-major. */
  readonly train: Float64Array;
  /** Items × width, row-major. */
  readonly test: Float64Array;
  /** How many values an item has, one at least. */
  readonly width: number;
  /** The class of each training item, from 0 to `classes` − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Width of the Gaussian: exp(−gamma · squared distance). */
  readonly gamma: number;
  /**
   * Penalty of errors, multiplied for each class by items / (classes × items of the class).
   *
   * @defaultValue 1
   */
  readonly cost?: number;
}

/** What a machine for two classes is trained on. */
export interface SvmPair {
  readonly first: number;
  readonly second: number;
  /** The penalty of errors in both classes. */
  readonly costs: readonly [number, number];
}

/** The training items of each class, and the machines to be trained. */
export interface SvmPlan {
  /** The training items of each class. */
  readonly members: readonly Int32Array[];
  /** Every two classes that have training items, the first with all others, then the second. */
  readonly pairs: readonly SvmPair[];
}

/**
 * What each machine decides of each test item, positive for its first class: test items × pairs, for either kernel.
 */
export type SvmDecisions = Readonly<Record<SvmKernel, Float64Array>>;

/** Plans one machine for every two classes. */
export function planSvm({ labels, classes, cost = 1 }: SvmTask): SvmPlan {
  const all = Int32Array.from(labels.keys());
  const members = Array.from({ length: classes }, (_, label) => all.filter((item) => labels[item] === label));
  const present = [...members.keys()].filter((label) => members[label].length > 0);
  const costOf = (label: number): number => (cost * labels.length) / (present.length * members[label].length);
  const pairs = present.flatMap((first, at) =>
    present.slice(at + 1).map((second): SvmPair => {
      return { first, second, costs: [costOf(first), costOf(second)] };
    }),
  );
  return { members, pairs };
}

/** The squared length of each item of a row-major table. */
export function squaredLengths(items: Float64Array, width: number): Float64Array {
  const lengths = new Float64Array(items.length / width);
  for (let at = 0, item = 0, k = 0; at < items.length; at++) {
    lengths[item] += items[at] * items[at];
    if (++k === width) {
      k = 0;
      item++;
    }
  }
  return lengths;
}
