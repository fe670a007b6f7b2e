import { meansByGroup } from '../../math/linear/column-kernels';
import type { FeatureBlock, FittedBlock, MeanDesign } from './mean-model';

type Fit = Pick<FittedBlock, 'intercepts' | 'coefficients'>;

/** The sum of squared residuals of each feature of a block at each site, over the cells it has: sites × width, row-major. */
export function residualSquares(
  { data, stride, offset, width }: FeatureBlock,
  { codes, columns, values, siteCount }: MeanDesign,
  { intercepts, coefficients }: Fit,
): Float64Array {
  const squares = new Float64Array(siteCount * width);
  const residual = new Float64Array(width);
  for (let row = 0; row < codes.length; row++) {
    const from = row * stride + offset;
    const site = codes[row] * width;
    for (let w = 0; w < width; w++) residual[w] = data[from + w] - intercepts[site + w];
    // Two columns at a time: each pass over a row costs more than the arithmetic in it.
    for (let k = 0; k < columns; k += 2) {
      const x = values[row * columns + k];
      const slope = k * width;
      if (k + 1 === columns) {
        for (let w = 0; w < width; w++) residual[w] -= x * coefficients[slope + w];
        continue;
      }
      const nextX = values[row * columns + k + 1];
      for (let w = 0; w < width; w++) {
        residual[w] = residual[w] - x * coefficients[slope + w] - nextX * coefficients[slope + width + w];
      }
    }
    for (let w = 0; w < width; w++) {
      if (!Number.isNaN(data[from + w])) squares[site + w] += residual[w] * residual[w];
    }
  }
  return squares;
}

/** The residuals of one feature of a block, one per row; `NaN` where it has no value. */
export function residualsOf(
  { data, stride, offset, width }: FeatureBlock,
  w: number,
  {
    design: { codes, columns, values },
    fit: { intercepts, coefficients },
  }: { readonly design: MeanDesign; readonly fit: Fit },
): Float64Array {
  return Float64Array.from(codes, (site, row) => {
    let rest = data[row * stride + offset + w] - intercepts[site * width + w];
    for (let k = 0; k < columns; k++) rest -= values[row * columns + k] * coefficients[k * width + w];
    return rest;
  });
}

/** The mean of each design column at each site: sites × columns, row-major. */
export function siteDesign(design: MeanDesign): Float64Array {
  const { codes, siteSizes, values, columns } = design;
  return meansByGroup({ values, rows: codes.length, columns }, codes, siteSizes) ?? siteDesignPlainly(design);
}

/** In plain JavaScript, as for few rows. */
export function siteDesignPlainly({
  codes,
  siteCount,
  siteSizes,
  values,
  columns,
}: MeanDesign): Float64Array {
  const means = new Float64Array(siteCount * columns);
  for (let row = 0; row < codes.length; row++) {
    const site = codes[row];
    for (let k = 0; k < columns; k++) {
      means[site * columns + k] += values[row * columns + k] / siteSizes[site];
    }
  }
  return means;
}

/** The number of rows of each site. */
export function countSites(codes: Int32Array, siteCount: number): Float64Array {
  // Counted as integers: V8 takes memory for every other number until it has made the loop fast.
  const sizes = new Int32Array(siteCount);
  for (let row = 0; row < codes.length; row++) sizes[codes[row]]++;
  return new Float64Array(sizes);
}

/** Some rows of a design. */
export function designRows(design: MeanDesign, present: readonly number[]): MeanDesign {
  const { columns, siteCount } = design;
  const codes = Int32Array.from(present, (row) => design.codes[row]);
  const values = new Float64Array(present.length * columns);
  present.forEach((row, i) => {
    values.set(design.values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { codes, siteCount, siteSizes: countSites(codes, siteCount), values, columns };
}
