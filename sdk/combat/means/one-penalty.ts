import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cholesky, solveLower, solveLowerTransposed } from '../../math/linear/cholesky';
import { transpose } from '../../math/linear/transpose';
import { lowestOf, lowestPoint } from '../../math/lowest-point';
import type {
  PenaltyFit,
  PenaltyProblem,
  PenaltySolver,
  PenaltyTarget,
  SmoothingChoice,
} from './penalty-problem';
import { smoothingScore } from './penalty-problem';

/** λ is looked for between these powers of ten, in units in which data and penalty weigh alike. */
const powers = { from: -8, to: 12, steps: 80 } as const;

/** G and S made diagonal together: Bᵀ G B = diag(1 − p), Bᵀ S B = diag(p) / unit. */
interface Diagonal {
  /** B: size × size, row-major. */
  readonly basis: Float64Array;
  /** p: how much of each direction is penalty. */
  readonly penalty: Float64Array;
  /** λ = t · unit. */
  readonly unit: number;
  /** log |G + unit S|. */
  readonly logDeterminant: number;
}

/** One feature: Bᵀ Xᵀ y, and yᵀy. */
interface Rotated {
  readonly weights: Float64Array;
  readonly squares: number;
}

/**
 * Prepares the fit of one smooth. One eigendecomposition serves all features and all λ: with G and S diagonal, a fit costs
 * a handful of divisions. G itself may be singular (B-splines over a gap of the data); G + S is not.
 *
 * @returns `undefined` where G + S is singular: the straight line cannot be separated from sites and covariates
 */
export function onePenalty(problem: PenaltyProblem, choice: SmoothingChoice): PenaltySolver | undefined {
  const diagonal = diagonalize(problem);
  if (diagonal === undefined) return undefined;
  const rank = problem.size - problem.smooths[0].free;
  if (typeof choice === 'function') {
    return (target) => {
      const penalties = choice(target.feature);
      return { ...solveAt(diagonal, rotate(diagonal, target), penalties[0] / diagonal.unit), penalties };
    };
  }
  const score = smoothingScore(choice.score, problem);
  const find = lowestScore(diagonal, { rank, score, among: choice.among });
  return (target) => {
    const rotated = rotate(diagonal, target);
    const t = find(rotated);
    return { ...solveAt(diagonal, rotated, t), penalties: [t * diagonal.unit] };
  };
}

/** Finds t of the lowest score: any, or the λ of a list. */
function lowestScore(
  diagonal: Diagonal,
  how: {
    readonly rank: number;
    readonly score: (fit: PenaltyFit) => number;
    readonly among?: readonly number[];
  },
): (rotated: Rotated) => number {
  const { rank, score, among } = how;
  const at = (rotated: Rotated, t: number): number => score(fitAt(diagonal, rotated, { t, rank }));
  if (among === undefined) return (rotated) => 10 ** lowestPoint((power) => at(rotated, 10 ** power), powers);
  const listed = among.map((lambda) => lambda / diagonal.unit);
  return (rotated) => lowestOf(listed, (t) => at(rotated, t));
}

function rotate({ basis }: Diagonal, { products, squares }: PenaltyTarget): Rotated {
  const size = products.length;
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) weights[j] += basis[i * size + j] * products[i];
  }
  return { weights, squares };
}

function fitAt(
  { penalty, unit, logDeterminant }: Diagonal,
  { weights, squares }: Rotated,
  { t, rank }: { readonly t: number; readonly rank: number },
): PenaltyFit {
  let residual = squares;
  let penalized = squares;
  let logarithms = logDeterminant;
  let freedom = 0;
  for (let j = 0; j < weights.length; j++) {
    const data = 1 - penalty[j];
    const whole = data + t * penalty[j];
    const theta = weights[j] / whole;
    residual += theta * (data * theta - 2 * weights[j]);
    penalized -= theta * weights[j];
    freedom += data / whole;
    logarithms += Math.log(whole);
  }
  return { residual, penalized, logDeterminant: logarithms, logPenalty: rank * Math.log(t * unit), freedom };
}

function solveAt(
  { basis, penalty }: Diagonal,
  { weights }: Rotated,
  t: number,
): { readonly beta: Float64Array; readonly freedom: readonly number[] } {
  const size = weights.length;
  const beta = new Float64Array(size);
  let freedom = 0;
  for (let j = 0; j < size; j++) {
    const whole = 1 - penalty[j] + t * penalty[j];
    freedom += (1 - penalty[j]) / whole;
    for (let i = 0; i < size; i++) beta[i] += (basis[i * size + j] * weights[j]) / whole;
  }
  return { beta, freedom: [freedom] };
}

function diagonalize({ gram, size, smooths }: PenaltyProblem): Diagonal | undefined {
  const [{ penalty: given, free }] = smooths;
  const unit = trace(gram, size) / trace(given, size);
  const scaled = given.map((value) => value * unit);
  const factor = cholesky(
    gram.map((value, i) => value + scaled[i]),
    size,
  );
  if (factor === undefined) return undefined;
  // L⁻¹ S L⁻ᵀ: the rows of a symmetric matrix are its columns.
  const solveRows = (square: Float64Array): Float64Array => {
    const solved = new Float64Array(square.length);
    for (let i = 0; i < size; i++) {
      solved.set(solveLower(factor, square.subarray(i * size, (i + 1) * size)), i * size);
    }
    return solved;
  };
  const both = solveRows(transpose(solveRows(scaled), size));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, both),
    { assumeSymmetric: true },
  );
  // In ascending order: the first are straight lines, of which the penalty sees nothing but rounding.
  const penalty = Float64Array.from(realEigenvalues, (value, j) =>
    j < free ? 0 : Math.min(1, Math.max(0, value)),
  );
  const basis = new Float64Array(size * size);
  let logDeterminant = 0;
  for (let j = 0; j < size; j++) {
    const column = Float64Array.from(eigenvectorMatrix.getColumn(j));
    solveLowerTransposed(factor, column).forEach((value, i) => (basis[i * size + j] = value));
    logDeterminant += 2 * Math.log(factor.lower[j * size + j]);
  }
  return { basis, penalty, unit, logDeterminant };
}

function trace(square: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += square[i * size + i];
  return sum;
}
