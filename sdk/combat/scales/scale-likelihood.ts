import { dot } from '../../math/linear/dot';
import { leastSquaresOperator, pivotedQr } from '../../math/linear/qr';
import { timesVector } from '../../math/linear/times-vector';
import { leastAndGreatest } from '../../math/statistics/least-and-greatest';
import { columnNorms, dependentOnSites } from '../design/confounding';
import type { MeanDesign, MeanModel, WeightedEstimates, WeightedFit } from '../means/mean-model';

/** What σ depends on: subjects × columns, row-major, each minus its mean. */
export type ScaleDesign = Pick<MeanDesign, 'values' | 'columns'>;

/** What is the same for all features that have values in the same rows. */
export interface ScaleRows {
  readonly present: readonly number[];
  readonly meanFit: WeightedFit;
  /** W: rows × (1 + columns), row-major: ones, and what σ depends on. */
  readonly design: Float64Array;
  /** Its least-squares operator: (1 + columns) × rows. */
  readonly operator: Float64Array;
}

/** μ and σ of one feature. */
export interface MostLikely {
  readonly estimates: WeightedEstimates;
  /** ω̂: that of an intercept, then one per column. */
  readonly exponents: Float64Array;
}

/** The search ends when the logarithm of no σ changes by more. */
const settled = 1e-10;
/** Smooths keep their λ once it changes by no more: a λ chosen again in every round would settle to fewer digits. */
const nearlySettled = 1e-4;
/** A likelihood with this much between the largest and the smallest log σ grows without end. */
const widest = 40;

/** Prepares a fit on some rows; `undefined` where they are too few, or columns of σ follow from each other there. */
export function scaleRows(
  mean: MeanModel,
  { values, columns }: ScaleDesign,
  present: readonly number[],
): ScaleRows | undefined {
  const rows = present.length;
  const sites = new Set(present.map((row) => mean.design.codes[row])).size;
  // Smooths bend: their columns are not all parameters.
  if (rows - sites - columns - 2 < (mean.smooths > 0 ? 0 : mean.design.columns)) return undefined;
  const width = columns + 1;
  const design = new Float64Array(rows * width);
  present.forEach((row, i) => {
    design[i * width] = 1;
    for (let k = 0; k < columns; k++) design[i * width + k + 1] = values[row * columns + k];
  });
  const spreads = columnNorms(design, width).map((norm) => norm || 1);
  const scaled = design.map((value, index) => value / spreads[index % width]);
  const qr = pivotedQr({ values: scaled, rows, columns: width }, dependentOnSites);
  if (qr.rank < width) return undefined;
  return { present, meanFit: mean.weighted(present), design, operator: leastSquaresOperator(qr, spreads) };
}

/**
 * Maximizes the likelihood of y ~ N(μ, σ²) with log σ = Wω (Fisher scoring: Rigby & Stasinopoulos 2005, Applied Statistics 54:507,
 * for two parameters that carry no information of each other): μ by least squares with weights 1/σ², then
 * ω += (2WᵀW)⁻¹ Wᵀ(r²/σ² − 1), halved while the likelihood falls, in turn until nothing changes.
 *
 * @returns `undefined` where nothing settles: the likelihood has no highest point
 */
export function mostLikely(
  { meanFit, design, operator }: ScaleRows,
  {
    values,
    residuals: start,
    feature,
    most,
  }: {
    readonly values: Float64Array;
    /** Those of equal weights. */
    readonly residuals: Float64Array;
    readonly feature: number;
    readonly most: number;
  },
): MostLikely | undefined {
  const rows = values.length;
  const width = design.length / rows;
  const exponents = new Float64Array(width);
  exponents[0] = Math.log(dot(start, start) / rows) / 2;
  let logs = new Float64Array(rows).fill(exponents[0]);
  let residuals = start;
  let penalties: readonly number[] | undefined;
  for (let round = 0; round < most; round++) {
    const excess = residuals.map((rest, row) => (rest * rest * Math.exp(-2 * logs[row]) - 1) / 2);
    const direction = timesVector(operator, excess);
    const step = timesVector(design, direction);
    const length = notFalling(residuals, logs, step);
    logs = logs.map((value, row) => value + length * step[row]);
    for (let k = 0; k < width; k++) exponents[k] += length * direction[k];
    const weights = logs.map((value) => Math.exp(2 * (exponents[0] - value)));
    const [least, greatest] = leastAndGreatest(logs);
    if (greatest - least > widest || !weights.every(Number.isFinite)) return undefined;
    const estimates = meanFit({ values, weights, feature, penalties });
    if (estimates === undefined) return undefined;
    residuals = estimates.residuals;
    const change = step.reduce((largest, value) => Math.max(largest, Math.abs(length * value)), 0);
    if (change <= settled) return { estimates, exponents };
    if (change <= nearlySettled) penalties ??= estimates.penalties;
  }
  return undefined;
}

/** The longest of 1, ½, ¼ … for which the likelihood does not fall: it has one summit along any direction. */
function notFalling(residuals: Float64Array, logs: Float64Array, step: Float64Array): number {
  const loss = (length: number): number =>
    residuals.reduce((sum, rest, row) => {
      const log = logs[row] + length * step[row];
      return sum + log + 0.5 * rest * rest * Math.exp(-2 * log);
    }, 0);
  const before = loss(0);
  // What the sum of so many numbers may differ by rounding.
  const rounding = 1e-12 * (Math.abs(before) + residuals.length);
  let length = 1;
  while (length > 1e-6 && !(loss(length) <= before + rounding)) length /= 2;
  return length;
}
