import type { MeanDesign, WeightedEstimates, WeightedFeature } from './mean-model';

/** Rows of numbers that belong to sites. */
interface SiteRows extends Pick<MeanDesign, 'codes' | 'siteCount'> {
  /** Rows × width, row-major. */
  readonly values: Float64Array;
  readonly width: number;
}

/**
 * Takes from every column its weighted mean at each site and multiplies each row by the root of its weight: least squares of
 * what is left is weighted least squares with a free intercept for each site.
 */
function weighRows(
  { values, width, codes, siteCount }: SiteRows,
  weights: Float64Array,
): { readonly rows: Float64Array; readonly means: Float64Array } {
  const means = new Float64Array(siteCount * width);
  const totals = new Float64Array(siteCount);
  codes.forEach((site, row) => {
    totals[site] += weights[row];
    for (let k = 0; k < width; k++) means[site * width + k] += weights[row] * values[row * width + k];
  });
  // A site without rows has the mean NaN, which no row meets.
  for (let at = 0; at < means.length; at++) means[at] /= totals[Math.floor(at / width)];
  const rows = new Float64Array(values.length);
  codes.forEach((site, row) => {
    const root = Math.sqrt(weights[row]);
    for (let k = 0; k < width; k++) {
      rows[row * width + k] = root * (values[row * width + k] - means[site * width + k]);
    }
  });
  return { rows, means };
}

/** One feature and the design as {@link weighRows} made them. */
export interface WeighedRows {
  readonly y: ReturnType<typeof weighRows>;
  readonly x: ReturnType<typeof weighRows>;
}

/** A feature and a design of the same rows, weighed alike. */
export function weighBoth(
  { codes, siteCount, values, columns }: MeanDesign,
  { values: own, weights }: Pick<WeightedFeature, 'values' | 'weights'>,
): WeighedRows {
  return {
    y: weighRows({ values: own, width: 1, codes, siteCount }, weights),
    x: weighRows({ values, width: columns, codes, siteCount }, weights),
  };
}

/** The intercept of each site and what is left of each value, once the coefficients are known. */
export function interceptsAndResiduals(
  { y, x }: WeighedRows,
  coefficients: Float64Array,
  weights: Float64Array,
): Pick<WeightedEstimates, 'intercepts' | 'residuals'> {
  const columns = coefficients.length;
  const without = (value: number, from: Float64Array, row: number): number => {
    let rest = value;
    for (let k = 0; k < columns; k++) rest -= coefficients[k] * from[row * columns + k];
    return rest;
  };
  return {
    intercepts: y.means.map((mean, site) => without(mean, x.means, site)),
    residuals: y.rows.map((value, row) => without(value, x.rows, row) / Math.sqrt(weights[row])),
  };
}
