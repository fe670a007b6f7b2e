import { addMultiple } from './add-multiple';
import { innerProducts } from './inner-products';
import { mean } from '../statistics/moments';
import { transpose } from './transpose';
import type { SymmetricMatrix, Tridiagonal } from './tridiagonal';
import { eigenvaluesAlong, solveShifted, tridiagonalizeAll } from './tridiagonal';

/** A ridge regression: prediction(x) = intercept + Σ weights[k] x[k]. */
export interface Ridge {
  readonly weights: Float64Array;
  readonly intercept: number;
  /** The penalty chosen, on the scale of the eigenvalues of XᵀX. */
  readonly penalty: number;
}

/** Fits ridge regressions of several outcomes on the same predictors, which are decomposed once. */
export interface RidgeSolver {
  fit(outcome: Float64Array): Ridge;
  /** Fits several outcomes at once, which costs little more than one. */
  fitAll(outcomes: readonly Float64Array[]): readonly Ridge[];
}

/** What ridge regression needs to know of predictors, each of which has mean 0. */
export interface RidgePredictors {
  /** Whether the inner products are those of the items, XXᵀ, or of the predictors, XᵀX. */
  readonly side: 'rows' | 'columns';
  readonly products: SymmetricMatrix;
  /**
   * The right side of the equations of an outcome of mean 0, which is at that place among all: itself (of rows), or
   * Xᵀ · outcome.
   */
  readonly right: (centered: Float64Array, at: number) => Float64Array;
  /** The weights of a solution: Xᵀ · solution (of rows), or itself. */
  readonly weights: (solution: Float64Array) => Float64Array;
}

/** Penalties tried, as multiples of the largest eigenvalue: from 1e-6 to 100, a sixth of a decade apart. */
const PENALTIES: readonly number[] = Array.from({ length: 49 }, (_, step) => 10 ** (step / 6 - 6));
/** Eigenvalues below this share of the largest are rounding errors. */
const NEGLIGIBLE = 1e-11;

/**
 * Prepares ridge regression with an intercept, its penalty chosen by generalized cross-validation (Golub, Heath &
 * Wahba 1979, Technometrics 21:215): the λ that minimizes n RSS(λ) / (n − trace of the hat matrix)², found from
 * the smaller of XᵀX and XXᵀ, so that more predictors than items are no burden. It is made tridiagonal once, which is
 * enough for its eigenvalues, for outcomes in terms of its eigenvectors and for the weights (Eldén 1984, BIT 24:467).
 *
 * @param x - items × width, row-major, each column centered on zero
 */
export function ridgeSolver(x: Float64Array, width: number): RidgeSolver {
  return ridgeSolvers([ridgePredictors(x, width)])[0];
}

/** Prepares {@link ridgeSolver} of several tables together, on all cores where it is worth it. */
export function ridgeSolvers(tables: readonly RidgePredictors[]): readonly RidgeSolver[] {
  return tridiagonalizeAll(tables.map(({ products }) => products)).map((turned, at) => {
    const fitAll = (outcomes: readonly Float64Array[]): readonly Ridge[] =>
      fitRidges(tables[at], turned, outcomes);
    return { fitAll, fit: (outcome) => fitAll([outcome])[0] };
  });
}

/** What is to be known of a table, items × width, row-major, each column centered on zero. */
export function ridgePredictors(x: Float64Array, width: number): RidgePredictors {
  const items = x.length / width;
  const same = (vector: Float64Array): Float64Array => vector;
  const turned = (vector: Float64Array): Float64Array => timesTransposed(x, vector, width);
  if (items <= width) {
    const products = { values: innerProducts(x, x, width), size: items };
    return { side: 'rows', products, right: same, weights: turned };
  }
  const columns = transpose(x, width);
  const products = { values: innerProducts(columns, columns, items), size: width };
  return { side: 'columns', products, right: turned, weights: same };
}

function fitRidges(
  { side, right, weights }: RidgePredictors,
  turned: Tridiagonal,
  outcomes: readonly Float64Array[],
): readonly Ridge[] {
  const centers = outcomes.map(mean);
  const centered = outcomes.map((outcome, at) => outcome.map((value) => value - centers[at]));
  const targets = centered.map((outcome, at) => turned.rotate(right(outcome, at)));
  const { values, parts } = eigenvaluesAlong(turned, targets);
  return targets.map((target, at) => {
    const penalty = choosePenalty(side, values, { scores: parts[at], centered: centered[at] });
    const solution = turned.rotateBack(solveShifted(turned, penalty, target));
    return { weights: weights(solution), intercept: centers[at], penalty };
  });
}

/** The penalty with the least generalized cross-validation score. */
function choosePenalty(
  side: RidgePredictors['side'],
  values: Float64Array,
  { scores, centered }: { scores: Float64Array; centered: Float64Array },
): number {
  const largest = Math.max(...values);
  // Predictors that are the same for all predict nothing, whatever the penalty.
  if (!(largest > 0)) return 1;
  const n = centered.length;
  const axes = [...values.keys()].filter((axis) => values[axis] > largest * NEGLIGIBLE);
  const kept = Float64Array.from(axes, (axis) => values[axis]);
  const explained = Float64Array.from(axes, (axis) =>
    side === 'rows' ? scores[axis] ** 2 : scores[axis] ** 2 / values[axis],
  );
  const total = centered.reduce((sum, value) => sum + value * value, 0);
  const left = explained.reduce((rest, part) => rest - part, total);
  // What no penalty can explain; with as many axes as degrees of freedom that is nothing but rounding.
  const spare = n - 1 - axes.length;
  const unexplained = spare > 0 ? Math.max(0, left) : 0;
  let best = { score: Infinity, penalty: largest };
  for (const multiple of PENALTIES) {
    const penalty = multiple * largest;
    const score = n * validationScore(kept, explained, { penalty, unexplained, spare });
    if (score < best.score) best = { score, penalty };
  }
  return best.penalty;
}

/** What is left over (RSS) over the square of the freedom left, by the eigenvalues and what is explained along each. */
function validationScore(
  values: Float64Array,
  explained: Float64Array,
  {
    penalty,
    unexplained,
    spare,
  }: { readonly penalty: number; readonly unexplained: number; readonly spare: number },
): number {
  let residual = unexplained;
  let freedom = spare;
  // Summed as what is left over, both stay exact where the penalty is small and little is left.
  for (let axis = 0; axis < values.length; axis++) {
    const kept = penalty / (values[axis] + penalty);
    residual += explained[axis] * kept * kept;
    freedom += kept;
  }
  return residual / (freedom * freedom);
}

/** xᵀ · vector for row-major x. */
export function timesTransposed(x: Float64Array, vector: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width);
  for (let i = 0; i < vector.length; i++)
    addMultiple(result, x, { to: 0, from: i * width, count: width, weight: vector[i] });
  return result;
}
