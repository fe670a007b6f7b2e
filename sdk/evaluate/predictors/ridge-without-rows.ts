import type { FeatureMatrix } from '../../data/feature-matrix';
import { innerProducts } from '../../math/linear/inner-products';
import { timesTransposed } from '../../math/linear/ridge';
import { transpose } from '../../math/linear/transpose';
import { mean as averageOf } from '../../math/statistics/moments';
import { hasNaN } from '../../math/statistics/has-nan';
import { applyScaling, fitScaling } from '../splits/scaling';
import type { PreparedRidge } from './ridge-prediction';

/** Prepares predictions from all rows but some. */
export interface RidgeWithoutRows {
  /**
   * @param train - the rows to learn from
   * @param test - rows that are not among them
   * @param outcomes - one value per row of the whole table
   * @returns `undefined` where the whole table is no help: outcomes are missing, half of the rows or more are left out, or
   * a feature hardly varies among the others
   */
  prepare(
    train: Int32Array,
    test: Int32Array,
    outcomes: readonly Float64Array[],
  ): readonly PreparedRidge[] | undefined;
}

/** Of a feature's variance at least this share must be left among the training rows: differences cost digits. */
const enough = 1e-3;

/**
 * Prepares ridge regressions that leave rows of one table out, again and again: the inner products of the columns over all
 * rows are computed once, and those over the rows left out are taken away. What is learned is that of the training rows
 * alone, but for rounding: their means and deviations standardize the features.
 *
 * @returns `undefined` where that is no way: cells are missing, which training medians fill, or rows are few
 */
export function ridgeWithoutRows(whole: FeatureMatrix): RidgeWithoutRows | undefined {
  const width = whole.features.length;
  const rows = whole.subjects.length;
  if (rows < 2 * width || hasNaN(whole.values)) return undefined;
  const scaling = fitScaling(whole);
  const z = applyScaling(scaling, whole);
  const all = columnProducts(z, width);
  const sums = timesTransposed(z, new Float64Array(rows).fill(1), width);
  const rowsOf = (at: ArrayLike<number>): Float64Array => {
    const taken = new Float64Array(at.length * width);
    for (let i = 0; i < at.length; i++) taken.set(z.subarray(at[i] * width, (at[i] + 1) * width), i * width);
    return taken;
  };
  const known = new Map<Float64Array, OutcomeOfAll>();
  const withOutcome = (outcome: Float64Array): OutcomeOfAll => {
    const met = known.get(outcome);
    if (met !== undefined) return met;
    const center = averageOf(outcome.filter((value) => !Number.isNaN(value)));
    const apart = outcome.map((value) => apartFrom(center, value));
    const made = { center, products: timesTransposed(z, apart, width) };
    known.set(outcome, made);
    return made;
  };
  const prepare: RidgeWithoutRows['prepare'] = (train, test, outcomes) => {
    const isIn = new Uint8Array(rows);
    for (const row of train) isIn[row] = 1;
    const left = Array.from(isIn.keys()).filter((row) => isIn[row] === 0);
    const trained = outcomes.map((outcome) => Float64Array.from(train, (row) => outcome[row]));
    const missing = trained.some((outcome) => hasNaN(outcome));
    if (missing || 2 * left.length > rows || train.length <= width) return undefined;
    const away = rowsOf(left);
    const sumsAway = timesTransposed(away, new Float64Array(left.length).fill(1), width);
    const mean = sums.map((sum, k) => (sum - sumsAway[k]) / train.length);
    const values = columnProducts(away, width);
    for (let k = 0, at = 0; k < width; k++) {
      for (let l = 0; l < width; l++, at++)
        values[at] = all[at] - values[at] - train.length * mean[k] * mean[l];
    }
    const scale = new Float64Array(width);
    for (let k = 0; k < width; k++) {
      if (scaling.inverseSd[k] === 0) continue;
      const variance = values[k * (width + 1)] / train.length;
      if (!(variance > enough)) return undefined;
      scale[k] = 1 / Math.sqrt(variance);
    }
    for (let k = 0, at = 0; k < width; k++)
      for (let l = 0; l < width; l++) values[at++] *= scale[k] * scale[l];
    const tests = rowsOf(test);
    for (let at = 0; at < tests.length;) {
      for (let k = 0; k < width; k++, at++) tests[at] = (tests[at] - mean[k]) * scale[k];
    }
    const right = (_: Float64Array, outcome: number): Float64Array => {
      const { products, center } = withOutcome(outcomes[outcome]);
      const gone = timesTransposed(
        away,
        Float64Array.from(left, (row) => apartFrom(center, outcomes[outcome][row])),
        width,
      );
      const shift = (averageOf(trained[outcome]) - center) * train.length;
      return products.map((product, k) => (product - gone[k] - shift * mean[k]) * scale[k]);
    };
    return [
      {
        predictors: {
          side: 'columns',
          products: { values, size: width },
          right,
          weights: (solution) => solution,
        },
        outcomes: trained,
        tests: outcomes.map(() => tests),
        positions: [...outcomes.keys()],
      },
    ];
  };
  return { prepare };
}

/** An outcome about its mean over all rows that have it. */
interface OutcomeOfAll {
  readonly center: number;
  /** Its products with the columns, over all rows. */
  readonly products: Float64Array;
}

/** An outcome about a center; nothing where it is missing. */
function apartFrom(center: number, value: number): number {
  return Number.isNaN(value) ? 0 : value - center;
}

function columnProducts(values: Float64Array, width: number): Float64Array {
  const turned = transpose(values, width);
  return innerProducts(turned, turned, values.length / width);
}
