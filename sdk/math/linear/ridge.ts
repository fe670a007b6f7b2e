import { innerProducts } from './inner-products';
import { mean } from '../statistics/moments';
import { transpose } from './transpose';
import type { Tridiagonal } from './tridiagonal';
import { eigenvaluesAlong, solveShifted, tridiagonalize } from './tridiagonal';

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
  const items = x.length / width;
  const side = items <= width ? 'rows' : 'columns';
  const vectors = side === 'rows' ? x : transpose(x, width);
  const products = innerProducts(vectors, vectors, side === 'rows' ? width : items);
  const turned = tridiagonalize(products, Math.min(items, width));
  return { fit: (outcome) => fitRidge({ side, width, turned }, x, outcome) };
}

/** XXᵀ (of rows) or XᵀX (of columns), tridiagonal. */
interface Turned {
  readonly side: 'rows' | 'columns';
  readonly width: number;
  readonly turned: Tridiagonal;
}

function fitRidge({ side, width, turned }: Turned, x: Float64Array, outcome: Float64Array): Ridge {
  const center = mean(outcome);
  const centered = outcome.map((value) => value - center);
  const target = turned.rotate(side === 'rows' ? centered : timesTransposed(x, centered, width));
  const { values, parts: scores } = eigenvaluesAlong(turned, target);
  const penalty = choosePenalty(side, values, { scores, centered });
  const solution = turned.rotateBack(solveShifted(turned, penalty, target));
  const weights = side === 'rows' ? timesTransposed(x, solution, width) : solution;
  return { weights, intercept: center, penalty };
}

/** The penalty with the least generalized cross-validation score. */
function choosePenalty(
  side: Turned['side'],
  values: Float64Array,
  { scores, centered }: { scores: Float64Array; centered: Float64Array },
): number {
  const largest = Math.max(...values);
  const n = centered.length;
  const axes = [...values.keys()].filter((axis) => values[axis] > largest * NEGLIGIBLE);
  const explained = axes.map((axis) =>
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
    let residual = unexplained;
    let freedom = spare;
    // Summed as what is left over, both stay exact where the penalty is small and little is left.
    axes.forEach((axis, index) => {
      const kept = penalty / (values[axis] + penalty);
      residual += explained[index] * kept * kept;
      freedom += kept;
    });
    const score = (n * residual) / freedom ** 2;
    if (score < best.score) best = { score, penalty };
  }
  return best.penalty;
}

/** xᵀ · vector for row-major x. */
function timesTransposed(x: Float64Array, vector: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width);
  for (let i = 0; i < vector.length; i++) {
    const factor = vector[i];
    for (let k = 0, at = i * width; k < width; k++) result[k] += x[at++] * factor;
  }
  return result;
}
