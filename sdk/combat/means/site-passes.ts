import { kernelPasses } from './kernel-passes';
import type { FeatureBlock, MeanDesign } from './mean-model';
import { residualSquares } from './site-residuals';
import type { SitePasses, SiteSums } from './site-sums';

/**
 * Does what takes passes over a block: in WebAssembly where the table that the block is of is large enough for that to pay, the
 * same to the bit in plain JavaScript where it is not, or there is no memory for it.
 */
export function withPasses<Result extends object>(
  block: FeatureBlock,
  design: MeanDesign,
  work: (passes: SitePasses) => Result,
): Result {
  return kernelPasses(block, design, work) ?? work(plainPasses(block, design));
}

/** The passes in plain JavaScript. */
export function plainPasses(block: FeatureBlock, design: MeanDesign): SitePasses {
  return {
    sum: (weights) => plainSums(block, design, weights),
    intercepts: (sums, means) => plainIntercepts(design, sums, means),
    squares: (fit) => residualSquares(block, design, fit),
  };
}

function plainSums(
  { data, stride, offset, width }: FeatureBlock,
  { codes, siteCount }: MeanDesign,
  weights: Float64Array,
): SiteSums {
  const rows = codes.length;
  const columns = weights.length / rows;
  const sums = new Float64Array(siteCount * width);
  const products = new Float64Array(columns * width);
  const gaps = new Float64Array(width);
  const own = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const from = row * stride + offset;
    const site = codes[row] * width;
    for (let w = 0; w < width; w++) {
      const value = data[from + w];
      const missing = value !== value;
      own[w] = missing ? 0 : value;
      if (missing) gaps[w]++;
      sums[site + w] += own[w];
    }
    // Two columns at a time: each pass over a row costs more than the arithmetic in it.
    for (let k = 0; k < columns; k += 2) {
      const weight = weights[k * rows + row];
      const target = k * width;
      if (k + 1 === columns) {
        for (let w = 0; w < width; w++) products[target + w] += weight * own[w];
        continue;
      }
      const nextWeight = weights[(k + 1) * rows + row];
      for (let w = 0; w < width; w++) {
        const value = own[w];
        products[target + w] += weight * value;
        products[target + width + w] += nextWeight * value;
      }
    }
  }
  return { sums, products, gaps };
}

function plainIntercepts(
  { columns, siteCount, siteSizes }: MeanDesign,
  { sums, products: coefficients }: Pick<SiteSums, 'sums' | 'products'>,
  means: Float64Array,
): Float64Array {
  const width = sums.length / siteCount;
  const intercepts = sums.slice();
  for (let site = 0; site < siteCount; site++) {
    const first = site * width;
    for (let w = 0; w < width; w++) intercepts[first + w] /= siteSizes[site];
    for (let k = 0; k < columns; k++) {
      const mean = means[site * columns + k];
      const slope = k * width;
      for (let w = 0; w < width; w++) intercepts[first + w] -= mean * coefficients[slope + w];
    }
  }
  return intercepts;
}
