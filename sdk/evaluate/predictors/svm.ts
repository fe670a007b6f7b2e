import { innerProducts } from '../../math/linear/inner-products';
import type { SvmDual } from '../../math/linear/svm-dual';
import { solveSvmDual } from '../../math/linear/svm-dual';
import { ConcordError } from '../../errors';

/** The kernel of a support vector machine: the inner product, or the Gaussian radial basis function. */
export type SvmKernel = 'linear' | 'rbf';

/** Training and test items with all their inner products, which every kernel here is made from. */
export interface SvmData {
  /** Training × training. */
  readonly within: Float64Array;
  /** Test × training. */
  readonly across: Float64Array;
  /** Squared length of each test item. */
  readonly testNorms: Float64Array;
}

/** How {@link predictWithSvm} trains. */
export interface SvmOptions {
  readonly kernel: SvmKernel;
  /** How many classes there are; labels are 0 … classes − 1. */
  readonly classes: number;
  /** Width of the Gaussian: exp(−gamma · squared distance). Required by `rbf`. */
  readonly gamma?: number;
  /**
   * Penalty of errors, multiplied for each class by items / (classes × items of the class).
   *
   * @defaultValue 1
   */
  readonly cost?: number;
}

/**
 * Computes the inner products that training and prediction need.
 *
 * @param train - items × width, row-major
 * @param test - items × width, row-major
 */
export function prepareSvm(train: Float64Array, test: Float64Array, width: number): SvmData {
  const testNorms = new Float64Array(test.length / width);
  test.forEach((value, at) => {
    testNorms[Math.floor(at / width)] += value * value;
  });
  return {
    within: innerProducts(train, train, width),
    across: innerProducts(test, train, width),
    testNorms,
  };
}

/**
 * Trains a class-weighted support vector classifier (C-SVC; several classes by one-against-one voting, a tie going
 * to the lower class, as in LIBSVM: Chang & Lin 2011, ACM TIST 2:27) and names the class of every test item.
 *
 * The solver is our own: the builds of LIBSVM on npm install handlers for unhandled rejections on the host process
 * (one ends it without a word), print while loading, or do not load in current Node without being handed their file.
 *
 * @param labels - class of each training item
 * @throws ConcordError `invalid-option` when `rbf` is asked for without `gamma`.
 */
export function predictWithSvm(data: SvmData, labels: Int32Array, options: SvmOptions): Int32Array {
  const { classes, cost = 1 } = options;
  const { within, across } = kernelMatrices(data, labels.length, options);
  const members = Array.from({ length: classes }, (_, label) => indicesOf(labels, label));
  const present = members.filter((items) => items.length > 0).length;
  const tests = data.testNorms.length;
  const votes = new Int32Array(tests * classes);
  for (let first = 0; first < classes; first++) {
    for (let second = first + 1; second < classes; second++) {
      if (members[first].length === 0 || members[second].length === 0) continue;
      const costs = [first, second].map((c) => (cost * labels.length) / (present * members[c].length));
      const items = [...members[first], ...members[second]];
      const machine = trainPair(within, labels.length, { items, firsts: members[first].length, costs });
      for (let test = 0; test < tests; test++) {
        const decision = decide(machine, items, across.subarray(test * labels.length));
        votes[test * classes + (decision > 0 ? first : second)]++;
      }
    }
  }
  return Int32Array.from({ length: tests }, (_, test) =>
    mostVotes(votes.subarray(test * classes, (test + 1) * classes), members),
  );
}

/** Kernel values among training items, and of test items with training items. */
function kernelMatrices(
  data: SvmData,
  n: number,
  { kernel, gamma }: SvmOptions,
): Pick<SvmData, 'within' | 'across'> {
  if (kernel === 'linear') return data;
  if (gamma === undefined)
    throw new ConcordError('invalid-option', 'missing gamma: an rbf kernel requires it');
  const norms = Float64Array.from({ length: n }, (_, i) => data.within[i * n + i]);
  const gaussian = (products: Float64Array, rowNorms: Float64Array): Float64Array =>
    products.map((product, at) => {
      const distance = rowNorms[Math.floor(at / n)] + norms[at % n] - 2 * product;
      return Math.exp(-gamma * Math.max(distance, 0));
    });
  return { within: gaussian(data.within, norms), across: gaussian(data.across, data.testNorms) };
}

interface Pair {
  readonly items: readonly number[];
  /** The leading items, which are of the first class. */
  readonly firsts: number;
  readonly costs: readonly number[];
}

function trainPair(kernel: Float64Array, n: number, { items, firsts, costs }: Pair): SvmDual {
  const size = items.length;
  const part = new Float64Array(size * size);
  items.forEach((item, row) => {
    for (let column = 0; column < size; column++)
      part[row * size + column] = kernel[item * n + items[column]];
  });
  const signs = Float64Array.from(items, (_, at) => (at < firsts ? 1 : -1));
  return solveSvmDual(
    part,
    signs,
    signs.map((sign) => costs[sign > 0 ? 0 : 1]),
  );
}

function decide(machine: SvmDual, items: readonly number[], kernelRow: Float64Array): number {
  let decision = machine.bias;
  for (let at = 0; at < items.length; at++) decision += machine.weights[at] * kernelRow[items[at]];
  return decision;
}

/** The class with most votes among those that had training items. */
function mostVotes(votes: Int32Array, members: readonly (readonly number[])[]): number {
  let best = members.findIndex((items) => items.length > 0);
  votes.forEach((count, label) => {
    if (count > votes[best]) best = label;
  });
  return best;
}

function indicesOf(labels: Int32Array, label: number): number[] {
  const found: number[] = [];
  labels.forEach((met, index) => {
    if (met === label) found.push(index);
  });
  return found;
}
