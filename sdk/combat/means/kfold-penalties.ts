import type { FeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { cholesky, solveLower, solveLowerTransposed } from '../../math/linear/cholesky';
import { numpyShuffle } from '../../math/numpy-shuffle';
import { advise, option } from '../../remedy';
import type { CombatSettings } from '../combat-model';
import type { SiteAssignment } from '../design/confounding';
import type { CovariateDesign } from '../design/covariate-design';
import { basisPenalty, columnsOfSmooths, smoothColumns } from '../design/smooth-basis';
import { notPositive } from '../frame/standardize';

/** α of each smooth that are tried, and how often scans are divided for each. */
const powers: readonly number[] = Array.from({ length: 11 }, (_, i) => 0.7 * i);
const foldCount = 5;

/** Sites, linear columns and smooths as they are, not centered: a site that is not in a fold has the intercept 0, as there. */
interface WholeDesign {
  /** Rows × size, row-major. */
  readonly values: Float64Array;
  readonly rows: number;
  readonly size: number;
  /** Size × size: the penalty of each smooth, for α = 1. */
  readonly penalties: readonly Float64Array[];
}

/**
 * Chooses the penalties of every feature as neuroHarmonize does, by statsmodels' `select_penweight_kfold` (up to its version 0.14;
 * later ones shuffle by another generator): for each α on a grid scans are shuffled anew and divided by five, and the α of the
 * lowest mean prediction error is taken, the first of equals. One stream of random numbers serves all features, in their
 * order, so that the choice depends on the seed and on which features there are.
 *
 * @returns the penalties of each feature, one per smooth
 * @throws ConcordError `invalid-option` where a cell is missing, `invalid-number` for a value without a logarithm, `aborted`.
 */
export async function kfoldPenalties(
  matrix: FeatureMatrix,
  { design, sites }: { readonly design: CovariateDesign; readonly sites: SiteAssignment },
  {
    seed,
    transform,
    run,
  }: {
    readonly seed: number;
    readonly transform: CombatSettings['transform'];
    readonly run: Pick<RunOptions, 'signal'>;
  },
): Promise<readonly (readonly number[])[]> {
  const whole = wholeDesign(design, sites);
  const grid = product(design.smooths.map(() => powers.map((power) => 10 ** power)));
  const shuffle = numpyShuffle(seed);
  const chosen: (readonly number[])[] = [];
  for (const [feature, name] of matrix.features.entries()) {
    await breathe(run.signal);
    const y = valuesOf(matrix, { feature, name, transform });
    let best: { readonly penalties: readonly number[]; readonly error: number } | undefined;
    for (const penalties of grid) {
      const error = predictionError(whole, { y, penalties, order: shuffle(whole.rows) });
      if (best === undefined || error < best.error) best = { penalties, error };
    }
    chosen.push(best?.penalties ?? []);
  }
  return chosen;
}

function wholeDesign(
  { columns, columnMeans, values, smooths }: CovariateDesign,
  { names, codes }: SiteAssignment,
): WholeDesign {
  const rows = codes.length;
  const width = columns.length;
  const size = names.length + width;
  const whole = new Float64Array(rows * size);
  codes.forEach((site, row) => {
    whole[row * size + site] = 1;
    for (let k = 0; k < width; k++) {
      whole[row * size + names.length + k] = values[row * width + k] + columnMeans[k];
    }
  });
  const first = size - columnsOfSmooths(smooths);
  const penalties = smooths.map((smooth, k) => {
    const own = basisPenalty(smooth);
    const penalty = new Float64Array(size * size);
    const columns = smoothColumns(smooth);
    const corner = first + columnsOfSmooths(smooths.slice(0, k));
    for (let i = 0; i < columns; i++) {
      penalty.set(own.subarray(i * columns, (i + 1) * columns), (corner + i) * size + corner);
    }
    return penalty;
  });
  return { values: whole, rows, size, penalties };
}

function valuesOf(
  { values, features, subjects }: FeatureMatrix,
  {
    feature,
    name,
    transform,
  }: { readonly feature: number; readonly name: string; readonly transform: CombatSettings['transform'] },
): Float64Array {
  return Float64Array.from(subjects, (subject, row) => {
    const value = values[row * features.length + feature];
    if (Number.isNaN(value)) {
      throw new ConcordError(
        'invalid-option',
        `invalid smoothing: cross-validation requires every cell, and ${quoteName(name)} of subject ${quoteName(subject)} is missing`,
        { where: { subject, feature: name }, remedy: advise`choose ${option('smoothing', 'reml', 'gcv')}` },
      );
    }
    if (transform === 'none') return value;
    if (value <= 0) throw notPositive(value, subject, name);
    return Math.log(value);
  });
}

/** The mean over folds of ‖y − ŷ‖ / n of those left out. */
function predictionError(
  design: WholeDesign,
  {
    y,
    penalties,
    order,
  }: { readonly y: Float64Array; readonly penalties: readonly number[]; readonly order: Int32Array },
): number {
  const folds = dealt(order);
  const parts = folds.map((fold) => products(design, y, fold));
  const sum = (pick: (part: (typeof parts)[number]) => Float64Array, but: number): Float64Array =>
    parts.reduce(
      (total, part, at) => (at === but ? total : total.map((value, i) => value + pick(part)[i])),
      new Float64Array(pick(parts[0]).length),
    );
  const errors = folds.map((fold, but) => {
    const beta = penalizedFit(design, {
      gram: sum((part) => part.gram, but),
      right: sum((part) => part.right, but),
      penalties,
    });
    return Math.sqrt(squaredError(design, { y, beta, fold })) / fold.length;
  });
  return errors.reduce((total, error) => total + error, 0) / folds.length;
}

/** Folds as `numpy.array_split` makes them: the first ones have one more. */
function dealt(order: Int32Array): readonly Int32Array[] {
  const least = Math.floor(order.length / foldCount);
  const longer = order.length % foldCount;
  return Array.from({ length: foldCount }, (_, fold) => {
    const from = fold * least + Math.min(fold, longer);
    return order.subarray(from, from + least + Number(fold < longer));
  });
}

/** XᵀX and Xᵀy of some rows. */
function products(
  { values, size }: WholeDesign,
  y: Float64Array,
  rows: Int32Array,
): { readonly gram: Float64Array; readonly right: Float64Array } {
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const row of rows) {
    const from = row * size;
    for (let i = 0; i < size; i++) {
      const x = values[from + i];
      if (x === 0) continue;
      right[i] += x * y[row];
      for (let j = 0; j < size; j++) gram[i * size + j] += x * values[from + j];
    }
  }
  return { gram, right };
}

function penalizedFit(
  { size, penalties: units }: WholeDesign,
  {
    gram,
    right,
    penalties,
  }: { readonly gram: Float64Array; readonly right: Float64Array; readonly penalties: readonly number[] },
): Float64Array {
  const whole = gram.slice();
  units.forEach((unit, k) => unit.forEach((value, at) => (whole[at] += penalties[k] * value)));
  // What no scan has gets 0, as the pseudoinverse of statsmodels gives it.
  for (let i = 0; i < size; i++) if (whole[i * size + i] === 0) whole[i * size + i] = 1;
  const factor = cholesky(whole, size, 1e-14);
  if (factor === undefined) return new Float64Array(size).fill(NaN);
  return solveLowerTransposed(factor, solveLower(factor, right));
}

function squaredError(
  { values, size }: WholeDesign,
  { y, beta, fold }: { readonly y: Float64Array; readonly beta: Float64Array; readonly fold: Int32Array },
): number {
  let squares = 0;
  for (const row of fold) {
    let rest = y[row];
    for (let i = 0; i < size; i++) rest -= values[row * size + i] * beta[i];
    squares += rest * rest;
  }
  return squares;
}

/** Every choice of one item of each list; the last list changes fastest. */
function product(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>(
    (before, own) => before.flatMap((some) => own.map((item) => [...some, item])),
    [[]],
  );
}
