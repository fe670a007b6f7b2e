import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { innerProducts } from './inner-products';
import { mean } from '../statistics/moments';

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
 * one eigendecomposition of the smaller of XᵀX and XXᵀ, so that more predictors than items are no burden.
 *
 * @param x - items × width, row-major, each column centered on zero
 */
export function ridgeSolver(x: Float64Array, width: number): RidgeSolver {
  const items = x.length / width;
  const rotated = items <= width ? fromRows(x, width) : fromColumns(x, width);
  return { fit: (outcome) => fitRidge(rotated, x, outcome) };
}

/** The predictors in terms of their principal axes: XᵀX or XXᵀ = basis · diag(values) · basisᵀ. */
interface Rotated {
  readonly side: 'rows' | 'columns';
  readonly width: number;
  readonly values: Float64Array;
  /** Row-major, one axis per column. */
  readonly basis: Float64Array;
}

function fromRows(x: Float64Array, width: number): Rotated {
  return { side: 'rows', width, ...decompose(innerProducts(x, x, width), x.length / width) };
}

function fromColumns(x: Float64Array, width: number): Rotated {
  const items = x.length / width;
  const transposed = new Float64Array(x.length);
  for (let i = 0; i < items; i++) {
    for (let k = 0; k < width; k++) transposed[k * items + i] = x[i * width + k];
  }
  return { side: 'columns', width, ...decompose(innerProducts(transposed, transposed, items), width) };
}

function decompose(products: Float64Array, size: number): { values: Float64Array; basis: Float64Array } {
  const matrix = Matrix.from1DArray(size, size, products);
  const evd = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return {
    values: Float64Array.from(evd.realEigenvalues),
    basis: Float64Array.from(evd.eigenvectorMatrix.to1DArray()),
  };
}

function fitRidge(rotated: Rotated, x: Float64Array, outcome: Float64Array): Ridge {
  const { side, width, values, basis } = rotated;
  const center = mean(outcome);
  const centered = outcome.map((value) => value - center);
  const target = side === 'rows' ? centered : timesTransposed(x, centered, width);
  const scores = new Float64Array(values.length);
  for (let axis = 0; axis < values.length; axis++) {
    for (let i = 0; i < target.length; i++) scores[axis] += basis[i * values.length + axis] * target[i];
  }
  const penalty = choosePenalty(side, values, { scores, centered });
  const floor = Math.max(...values) * NEGLIGIBLE;
  const solution = new Float64Array(target.length);
  for (let axis = 0; axis < values.length; axis++) {
    if (values[axis] <= floor) continue;
    const factor = scores[axis] / (values[axis] + penalty);
    for (let i = 0; i < target.length; i++) solution[i] += basis[i * values.length + axis] * factor;
  }
  const weights = side === 'rows' ? timesTransposed(x, solution, width) : solution;
  return { weights, intercept: center, penalty };
}

/** The penalty with the least generalized cross-validation score. */
function choosePenalty(
  side: Rotated['side'],
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
