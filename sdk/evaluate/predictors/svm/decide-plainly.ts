import { innerProducts } from '../../../math/linear/inner-products';
import type { SvmDual } from '../../../math/linear/svm-dual';
import { solveSvmDual } from '../../../math/linear/svm-dual';
import type { SvmItems } from '../../../math/linear/svm-inside';
import { exponential } from '../../../math/wasm/exponential';
import type { SvmDecisions, SvmPair, SvmPlan, SvmTask } from './svm-task';
import { squaredLengths } from './svm-task';

/** All inner products of training items with one another, and of test items with them. */
interface Products {
  readonly within: Float64Array;
  readonly across: Float64Array;
}

/** In plain JavaScript, for where there is no memory for WebAssembly; `decideByKernels` gives the same bits. */
export function decidePlainly({ train, test, width, gamma }: SvmTask, plan: SvmPlan): SvmDecisions {
  const products = {
    within: innerProducts(train, train, width),
    across: innerProducts(test, train, width),
  };
  const norms = diagonalOf(products.within, train.length / width);
  const testNorms = squaredLengths(test, width);
  return {
    linear: decide(products, norms.length, plan, { values: train, width }),
    rbf: decide(
      {
        within: gaussian(products.within, norms, { norms, gamma }),
        across: gaussian(products.across, testNorms, { norms, gamma }),
      },
      norms.length,
      plan,
    ),
  };
}

function diagonalOf(within: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => within[i * n + i]);
}

function gaussian(
  products: Float64Array,
  rowNorms: Float64Array,
  { norms, gamma }: { readonly norms: Float64Array; readonly gamma: number },
): Float64Array {
  const n = norms.length;
  return products.map((product, at) => {
    const distance = rowNorms[Math.floor(at / n)] + norms[at % n] - (product + product);
    return exponential(-gamma * Math.max(distance, 0));
  });
}

function decide(
  { within, across }: Products,
  n: number,
  { members, pairs }: SvmPlan,
  all?: SvmItems,
): Float64Array {
  const tests = n === 0 ? 0 : across.length / n;
  const decisions = new Float64Array(tests * pairs.length);
  pairs.forEach((pair, at) => {
    const firsts = members[pair.first];
    const seconds = members[pair.second];
    const { weights, bias } = trainPair(within, n, { firsts, seconds, all, ...pair });
    for (let test = 0; test < tests; test++) {
      const row = across.subarray(test * n, (test + 1) * n);
      decisions[test * pairs.length + at] =
        bias + dotByFours(weights, row, firsts) + dotByFours(weights.subarray(firsts.length), row, seconds);
    }
  });
  return decisions;
}

function trainPair(
  kernel: Float64Array,
  n: number,
  {
    firsts,
    seconds,
    costs,
    all,
  }: Pick<SvmPair, 'costs'> & {
    readonly firsts: Int32Array;
    readonly seconds: Int32Array;
    readonly all?: SvmItems;
  },
): SvmDual {
  const items = [...firsts, ...seconds];
  const size = items.length;
  const part = new Float64Array(size * size);
  items.forEach((item, row) => {
    for (let column = 0; column < size; column++)
      part[row * size + column] = kernel[item * n + items[column]];
  });
  const signs = Float64Array.from(items, (_, at) => (at < firsts.length ? 1 : -1));
  return solveSvmDual(
    part,
    signs,
    signs.map((sign) => costs[sign > 0 ? 0 : 1]),
    all && takeItems(all, items),
  );
}

function takeItems({ values, width }: SvmItems, items: readonly number[]): SvmItems {
  const own = new Float64Array(items.length * width);
  items.forEach((item, at) => own.set(values.subarray(item * width, (item + 1) * width), at * width));
  return { values: own, width };
}

/** The inner product of weights with the values at some places, summed by fours as the kernels sum it. */
function dotByFours(weights: Float64Array, row: Float64Array, places: Int32Array): number {
  const sums = [0, 0, 0, 0];
  places.forEach((place, at) => (sums[at % 4] += weights[at] * row[place]));
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}
