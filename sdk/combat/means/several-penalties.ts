import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Cholesky } from '../../math/linear/cholesky';
import { cholesky, solveLower, solveLowerTransposed } from '../../math/linear/cholesky';
import { lowestInTurn, lowestPoint } from '../../math/lowest-point';
import type {
  PenaltyFit,
  PenaltyProblem,
  PenaltySolver,
  PenaltyTarget,
  SmoothingChoice,
} from './penalty-problem';
import { smoothingScore } from './penalty-problem';

/** λ of each smooth is looked for between these powers of ten, in units in which data and penalty weigh alike. */
const powers = { from: -8, to: 10, steps: 36 } as const;
/** Once each λ was looked for everywhere, it is looked for again around where it is: this many powers of ten, this often. */
const near = { reach: 1, steps: 4, rounds: 60 } as const;
/** The search ends when no power changes by more. */
const settled = 1e-6;

/**
 * Prepares the fit of several smooths, each with a λ of its own. Several penalties cannot be made diagonal together, so that
 * every choice of λ takes a Cholesky factor of G + Σ λS; but G is small, 9 columns a smooth, and the table is not read again.
 * λ are looked for in turn until none changes.
 *
 * @returns `undefined` where G + Σ S is singular: a straight line cannot be separated from sites, covariates and the others
 */
export function severalPenalties(
  original: PenaltyProblem,
  choice: SmoothingChoice,
): PenaltySolver | undefined {
  const turn = turned(original);
  const problem = turn.problem;
  const units = problem.smooths.map((smooth) => blockTrace(problem, smooth));
  if (factorAt(problem, units) === undefined) return undefined;
  const find = searchOf(problem, units, choice);
  return (given) => {
    const target = { ...given, products: turn.there(given.products) };
    const penalties = find(target);
    const factor = factorAt(problem, penalties);
    if (factor === undefined) throw new RangeError('a penalized fit is singular where it was not before');
    return {
      beta: turn.back(solve(factor, target.products)),
      penalties,
      freedom: freedomBySmooth(problem, factor),
    };
  };
}

/**
 * The problem with the columns of each smooth turned so that its penalty is diagonal, and 0 to the last digit along the
 * straight line: else the rounding of a large λ would drown what the data say of the line.
 */
function turned({ gram, size, smooths, ...rest }: PenaltyProblem): {
  readonly problem: PenaltyProblem;
  readonly there: (vector: Float64Array) => Float64Array;
  readonly back: (vector: Float64Array) => Float64Array;
} {
  const turn = Matrix.zeros(size, size);
  const diagonal = smooths.map((smooth) => {
    const { first, size: own, penalty, free } = smooth;
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
      Matrix.from1DArray(own, own, penalty),
      { assumeSymmetric: true },
    );
    turn.setSubMatrix(eigenvectorMatrix, first, first);
    const straight = new Float64Array(own * own);
    realEigenvalues.forEach((value, i) => (straight[i * own + i] = i < free ? 0 : value));
    return { ...smooth, penalty: straight };
  });
  const inverse = turn.transpose();
  const own = inverse.mmul(Matrix.from1DArray(size, size, gram)).mmul(turn);
  const times = (matrix: Matrix) => (vector: Float64Array) =>
    Float64Array.from(matrix.mmul(Matrix.columnVector(vector)).to1DArray());
  return {
    problem: { ...rest, gram: Float64Array.from(own.to1DArray()), size, smooths: diagonal },
    there: times(inverse),
    back: times(turn),
  };
}

function searchOf(
  problem: PenaltyProblem,
  units: readonly number[],
  choice: SmoothingChoice,
): (target: PenaltyTarget) => readonly number[] {
  if (typeof choice === 'function') return ({ feature }) => choice(feature);
  const score = smoothingScore(choice.score, problem);
  const { among } = choice;
  return among === undefined ? inTurn(problem, units, score) : amongGiven(problem, among, score);
}

/** λ of the lowest score among those of a list, each chosen in turn until none changes. */
function amongGiven(
  problem: PenaltyProblem,
  among: readonly number[],
  score: (fit: PenaltyFit) => number,
): (target: PenaltyTarget) => readonly number[] {
  const search = { places: problem.smooths.length, rounds: near.rounds };
  return (target) =>
    lowestInTurn(among, search, (penalties) => {
      const fit = fitAt(problem, target, penalties);
      return fit === undefined ? Infinity : score(fit);
    });
}

/** λ of the lowest score, looked for one after the other. */
function inTurn(
  problem: PenaltyProblem,
  units: readonly number[],
  score: (fit: PenaltyFit) => number,
): (target: PenaltyTarget) => readonly number[] {
  return (target) => {
    const chosen = units.map(() => 0);
    const lambda = (): number[] => chosen.map((power, k) => units[k] * 10 ** power);
    const along = (k: number) => (power: number) => {
      chosen[k] = power;
      const fit = fitAt(problem, target, lambda());
      return fit === undefined ? Infinity : score(fit);
    };
    for (let round = 0; round < near.rounds; round++) {
      let change = 0;
      for (let k = 0; k < chosen.length; k++) {
        const before = chosen[k];
        const from = Math.max(powers.from, before - near.reach);
        const to = Math.min(powers.to, before + near.reach);
        const own = round < 2 ? powers : { from, to, steps: near.steps };
        chosen[k] = lowestPoint(along(k), own);
        change = Math.max(change, Math.abs(chosen[k] - before));
      }
      if (change <= settled) break;
    }
    return lambda();
  };
}

function fitAt(
  problem: PenaltyProblem,
  { products, squares }: PenaltyTarget,
  penalties: readonly number[],
): PenaltyFit | undefined {
  const factor = factorAt(problem, penalties);
  if (factor === undefined) return undefined;
  const { size, gram, smooths } = problem;
  const beta = solve(factor, products);
  let explained = 0;
  let fitted = 0;
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    explained += beta[i] * products[i];
    logDeterminant += 2 * Math.log(factor.lower[i * size + i]);
    for (let j = 0; j < size; j++) fitted += beta[i] * gram[i * size + j] * beta[j];
  }
  return {
    residual: squares - 2 * explained + fitted,
    penalized: squares - explained,
    logDeterminant,
    logPenalty: smooths.reduce((sum, own, k) => sum + (own.size - own.free) * Math.log(penalties[k]), 0),
    get freedom(): number {
      return freedomBySmooth(problem, factor).reduce((sum, own) => sum + own, 0);
    },
  };
}

/** The Cholesky factor of G + Σ λS. */
function factorAt(
  { gram, size, smooths }: PenaltyProblem,
  penalties: readonly number[],
): Cholesky | undefined {
  const whole = gram.slice();
  smooths.forEach(({ first, size: own, penalty }, k) => {
    for (let i = 0; i < own; i++) {
      for (let j = 0; j < own; j++)
        whole[(first + i) * size + first + j] += penalties[k] * penalty[i * own + j];
    }
  });
  return cholesky(whole, size, 1e-15);
}

function solve(factor: Cholesky, right: Float64Array): Float64Array {
  return solveLowerTransposed(factor, solveLower(factor, right));
}

/** The trace of (G + Σ λS)⁻¹ G over the columns of each smooth. */
function freedomBySmooth({ gram, size, smooths }: PenaltyProblem, factor: Cholesky): readonly number[] {
  return smooths.map(({ first, size: own }) => {
    let sum = 0;
    for (let i = first; i < first + own; i++)
      sum += solve(factor, gram.subarray(i * size, (i + 1) * size))[i];
    return sum;
  });
}

/** How many times the penalty of a smooth goes into its data. */
function blockTrace({ gram, size }: PenaltyProblem, smooth: PenaltyProblem['smooths'][number]): number {
  let data = 0;
  let penalty = 0;
  for (let i = 0; i < smooth.size; i++) {
    data += gram[(smooth.first + i) * size + smooth.first + i];
    penalty += smooth.penalty[i * smooth.size + i];
  }
  return data / penalty;
}
