import { medianOf } from '../../math/statistics/median';
import { hasNaN } from '../../math/statistics/has-nan';
import type { FeatureMatrix } from '../../data/feature-matrix';

/** How features are put on a common scale: learned on training subjects, applied to any. */
export interface Scaling {
  /**
   * What stands in for a missing cell of feature `k`: its training median, whether or not training has missing cells
   * itself. Zero for a feature without any value in training, which is left out.
   */
  readonly fill: (k: number) => number;
  readonly mean: Float64Array;
  /** 1 / standard deviation; zero for a feature that does not vary in training, which is thereby left out. */
  readonly inverseSd: Float64Array;
  /** How many features vary. */
  readonly varying: number;
}

/** Below this share of its mean a standard deviation is rounding error. */
const NEGLIGIBLE = 1e-12;

/**
 * Learns medians, means and standard deviations (divisor n, after filling missing cells with the median) from
 * training subjects. A median that no missing cell asks for is never computed.
 */
export function fitScaling(matrix: FeatureMatrix): Scaling {
  const width = matrix.features.length;
  const rows = matrix.subjects.length;
  const medians = new Float64Array(width).fill(NaN);
  const sums = sumsOfAll(matrix.values, width);
  let squares: Float64Array;
  let mean: Float64Array;
  if (hasNaN(sums)) {
    const missing = missingCells(matrix);
    for (let k = 0; k < width; k++) if (missing[k] > 0) medians[k] = medianOrZero(presentValues(matrix, k));
    const filled = { values: matrix.values, width, medians, missing };
    mean = columnSums(filled).map((sum) => sum / rows);
    squares = squaresAbout(filled, mean);
  } else {
    mean = sums.map((sum) => sum / rows);
    squares = squaresOfAll(matrix.values, mean);
  }
  const inverseSd = new Float64Array(width);
  let varying = 0;
  for (let k = 0; k < width; k++) {
    const sd = Math.sqrt(squares[k] / rows);
    if (sd > NEGLIGIBLE * Math.abs(mean[k])) {
      inverseSd[k] = 1 / sd;
      varying++;
    }
  }
  const fill = (k: number): number => {
    if (Number.isNaN(medians[k])) medians[k] = medianOrZero(presentValues(matrix, k));
    return medians[k];
  };
  return { fill, mean, inverseSd, varying };
}

/** The sum of each feature; `NaN` where a cell is missing. */
function sumsOfAll(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length;) for (let k = 0; k < width; k++) sums[k] += values[at++];
  return sums;
}

/** The sum of squares of each feature about its mean, where no cell is missing: the same to the bit as {@link squaresAbout}. */
function squaresOfAll(values: Float64Array, mean: Float64Array): Float64Array {
  const width = mean.length;
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length;) {
    for (let k = 0; k < width; k++) {
      const apart = values[at++] - mean[k];
      sums[k] += apart * apart;
    }
  }
  return sums;
}

/** How many cells of each feature are missing. */
function missingCells({ values, features }: FeatureMatrix): Uint32Array {
  const missing = new Uint32Array(features.length);
  for (let at = 0, k = 0; at < values.length; at++) {
    if (Number.isNaN(values[at])) missing[k]++;
    if (++k === missing.length) k = 0;
  }
  return missing;
}

/** A table whose missing cells are to be filled. */
interface FilledTable {
  readonly values: Float64Array;
  readonly width: number;
  readonly medians: Float64Array;
  readonly missing: Uint32Array;
}

/**
 * The sum of each feature, missing cells last. It goes along the rows, as the cells are in memory: for wide tables that is
 * several times as fast as going down the columns.
 */
function columnSums({ values, width, medians, missing }: FilledTable): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at += width) {
    for (let k = 0; k < width; k++) {
      const value = values[at + k];
      if (!Number.isNaN(value)) sums[k] += value;
    }
  }
  for (let k = 0; k < width; k++) for (let i = 0; i < missing[k]; i++) sums[k] += medians[k];
  return sums;
}

/** The sum of squares of each feature about its mean, missing cells last. */
function squaresAbout({ values, width, medians, missing }: FilledTable, mean: Float64Array): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at += width) {
    for (let k = 0; k < width; k++) {
      const apart = values[at + k] - mean[k];
      if (!Number.isNaN(apart)) sums[k] += apart * apart;
    }
  }
  for (let k = 0; k < width; k++) {
    const apart = medians[k] - mean[k];
    for (let i = 0; i < missing[k]; i++) sums[k] += apart * apart;
  }
  return sums;
}

function presentValues({ values, subjects, features }: FeatureMatrix, k: number): Float64Array {
  const column = Float64Array.from(subjects, (_, i) => values[i * features.length + k]);
  return column.filter((value) => !Number.isNaN(value));
}

/** The features on the common scale: subjects × features, row-major, no cell missing. */
export function applyScaling({ fill, mean, inverseSd }: Scaling, { values }: FeatureMatrix): Float64Array {
  const scaled = new Float64Array(values.length);
  if (!scaleRows(scaled, values, { mean, inverseSd })) return scaled;
  for (let at = 0; at < scaled.length; at++) {
    const k = at % mean.length;
    if (Number.isNaN(values[at])) scaled[at] = (fill(k) - mean[k]) * inverseSd[k];
  }
  return scaled;
}

/** Brings rows to the common scale; whether some of what comes of it is no number. */
function scaleRows(
  scaled: Float64Array,
  values: Float64Array,
  { mean, inverseSd }: Pick<Scaling, 'mean' | 'inverseSd'>,
): boolean {
  let lacking = false;
  for (let at = 0; at < values.length;) {
    for (let k = 0; k < mean.length; k++, at++) {
      const own = (values[at] - mean[k]) * inverseSd[k];
      scaled[at] = own;
      if (own !== own) lacking = true;
    }
  }
  return lacking;
}

/**
 * The features on the common scale, missing cells and features left out marked by `NaN`: for distances, which do
 * without them.
 */
export function standardizePresent({ mean, inverseSd }: Scaling, { values }: FeatureMatrix): Float64Array {
  const standardized = new Float64Array(values.length);
  const lacking = scaleRows(standardized, values, { mean, inverseSd });
  // Without missing cells the zeros of features left out do as well, and save counting what is there.
  if (!lacking || !hasNaN(values)) return standardized;
  return standardized.map((value, at) => (inverseSd[at % mean.length] === 0 ? NaN : value));
}

/** The median of present values; zero when there are none (such a feature does not vary and is left out). */
function medianOrZero(values: Float64Array): number {
  return values.length === 0 ? 0 : medianOf(values);
}
