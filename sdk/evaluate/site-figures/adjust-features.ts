import type { FeatureMatrix } from '../../data/feature-matrix';
import { addMultiple } from '../../math/linear/add-multiple';
import { leastSquaresOperator, pivotedQr } from '../../math/linear/qr';
import { groupByMissing } from '../models/feature-block';
import type { SiteDesign } from '../models/site-design';

/** Features without the effects of covariates. */
export interface AdjustedFeatures {
  /** The design's rows × features: values as they would be at the mean of every covariate; `NaN` where missing. */
  readonly values: Float64Array;
  /** Design columns, for example `sex=M`, whose effects cannot be separated from the sites in some feature. */
  readonly inseparable: readonly string[];
}

/** A column of which less than this share varies within sites counts as one with the sites. */
const dependent = 1e-7;

/**
 * Takes the effects of covariates out of every feature. Slopes are those of the model with sites and covariates, that is
 * of the deviations from the site's mean (Frisch & Waugh 1933, Econometrica 1:387), so that what a site does is not taken
 * for the covariate's effect, nor taken out with it. Each feature is fitted on the cells it has; one that has no residual
 * degree of freedom left is `NaN` throughout.
 */
export function adjustFeatures(matrix: FeatureMatrix, design: SiteDesign): AdjustedFeatures {
  const width = matrix.features.length;
  const columns = design.terms.flatMap((term) => term.columns);
  const values = new Float64Array(design.rows.length * width).fill(NaN);
  const inseparable = new Set<string>();
  for (const { positions, features } of groupByMissing(matrix, design.rows)) {
    const fit = fitWithinSites(design, positions);
    columns.forEach(({ name }, k) => {
      if (!fit.used.includes(k) && positions.length > 0) inseparable.add(name);
    });
    if (fit.residualDf < 1) continue;
    const slopes = slopesOf(matrix, features, { rows: positions.map((at) => design.rows[at]), ...fit });
    const count = features.length;
    const deviations = new Float64Array(fit.used.length);
    for (const at of positions) {
      fit.used.forEach((k, u) => (deviations[u] = columns[k].values[at] - fit.means[u]));
      const row = design.rows[at] * width;
      for (let f = 0; f < count; f++) {
        let value = matrix.values[row + features[f]];
        for (let u = 0; u < deviations.length; u++) value -= slopes[u * count + f] * deviations[u];
        values[at * width + features[f]] = value;
      }
    }
  }
  return { values, inseparable: [...inseparable] };
}

/** Covariates within sites, as least squares need them. */
export interface WithinSites {
  /** The design columns that vary within sites, independent of each other. */
  readonly used: readonly number[];
  /** Their means. */
  readonly means: Float64Array;
  /** Used columns × positions: applied to a feature it gives the slopes. */
  readonly operator: Float64Array;
  readonly residualDf: number;
}

/** Prepares the slopes of covariates within sites, for features that have a value at some positions of the design. */
export function fitWithinSites(design: SiteDesign, positions: Int32Array): WithinSites {
  const columns = design.terms.flatMap((term) => term.columns);
  const rows = positions.length;
  const taken = columns.map(({ values }) => Float64Array.from(positions, (at) => values[at]));
  const centered = taken.map((column) => withinSites(column, design, positions));
  const matrixOf = (chosen: readonly number[]): Parameters<typeof pivotedQr>[0] => {
    const values = new Float64Array(rows * chosen.length);
    chosen.forEach((k, u) => {
      const length = Math.hypot(...taken[k]) || 1;
      centered[k].forEach((value, i) => (values[i * chosen.length + u] = value / length));
    });
    return { values, rows, columns: chosen.length };
  };
  const first = pivotedQr(matrixOf([...columns.keys()]), dependent);
  const used = Array.from(first.order.subarray(0, first.rank)).sort((a, b) => a - b);
  const operator = leastSquaresOperator(pivotedQr(matrixOf(used), 0));
  used.forEach((k, u) => {
    const length = Math.hypot(...taken[k]) || 1;
    for (let i = 0; i < rows; i++) operator[u * rows + i] /= length;
  });
  const sites = new Set(Array.from(positions, (at) => design.sites[at])).size;
  const means = Float64Array.from(used, (k) => taken[k].reduce((sum, value) => sum + value, 0) / rows);
  return { used, means, operator, residualDf: rows - sites - used.length };
}

/** A column less the mean of each site. */
export function withinSites(column: Float64Array, design: SiteDesign, positions: Int32Array): Float64Array {
  const sums = new Float64Array(design.siteNames.length);
  const counts = new Float64Array(design.siteNames.length);
  positions.forEach((at, i) => {
    sums[design.sites[at]] += column[i];
    counts[design.sites[at]]++;
  });
  return column.map((value, i) => {
    const site = design.sites[positions[i]];
    return value - sums[site] / counts[site];
  });
}

/** The slopes of features on the columns used: used columns × features. */
export function slopesOf(
  matrix: FeatureMatrix,
  features: readonly number[],
  { rows, operator, used }: WithinSites & { readonly rows: Int32Array },
): Float64Array {
  const width = matrix.features.length;
  const slopes = new Float64Array(used.length * features.length);
  const { values } = matrix;
  // Mostly all features, which are side by side.
  const all = features.length === width && features.every((feature, f) => feature === f);
  const places = Int32Array.from(features);
  for (let u = 0; u < used.length; u++) {
    const to = u * features.length;
    for (let i = 0; i < rows.length; i++) {
      const weight = operator[u * rows.length + i];
      const from = rows[i] * width;
      if (all) addMultiple(slopes, values, { to, from, count: width, weight });
      else for (let f = 0; f < places.length; f++) slopes[to + f] += weight * values[from + places[f]];
    }
  }
  return slopes;
}
