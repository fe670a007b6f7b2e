import type { PivotedQr } from '../math/linear/qr';
import { leastSquaresOperator, pivotedQr } from '../math/linear/qr';
import { centerWithinSites } from './confounding';

/** A run of neighboring features: the value of row r and column w is at `data[r * stride + offset + w]`. */
export interface FeatureBlock {
  readonly data: Float64Array;
  readonly stride: number;
  readonly offset: number;
  readonly width: number;
}

/** What the regression on sites and covariates needs besides the values: the same for every feature. */
export interface Regression {
  readonly siteCount: number;
  readonly codes: Int32Array;
  readonly siteSizes: Float64Array;
  /** Subjects × columns, centered over all subjects. */
  readonly design: Float64Array;
  readonly columns: number;
  /** Columns × subjects: applied to a feature without missing cells it gives the coefficients. */
  readonly operator: Float64Array;
  /** Sites × columns: the mean of each design column at each site. */
  readonly siteDesign: Float64Array;
}

/** Ordinary least squares of a block of features: arrays are row-major, one row per site or design column. */
export interface BlockEstimates {
  /** B̂: the site intercepts at the mean covariates; `NaN` for a site without a value of the feature. */
  readonly intercepts: Float64Array;
  readonly coefficients: Float64Array;
  /** The sum of squared residuals at each site. */
  readonly squares: Float64Array;
  /** The number of values at each site. */
  readonly counts: Float64Array;
  /** 1 where a feature cannot be fitted on the cells it has. */
  readonly failed: Uint8Array;
}

/**
 * Prepares the regression of features on one-hot sites and covariates. By the Frisch–Waugh theorem the covariate
 * coefficients are those of the features on the covariates centered within sites, and the intercepts follow.
 */
export function prepareRegression(
  sites: { readonly codes: Int32Array; readonly siteCount: number },
  design: { readonly values: Float64Array; readonly columns: number },
  factored: { readonly qr: PivotedQr; readonly spreads: Float64Array },
): Regression {
  const { codes, siteCount } = sites;
  const { columns, values } = design;
  const rows = codes.length;
  const siteSizes = new Float64Array(siteCount);
  const siteDesign = new Float64Array(siteCount * columns);
  codes.forEach((site) => siteSizes[site]++);
  codes.forEach((site, row) => {
    for (let k = 0; k < columns; k++) {
      siteDesign[site * columns + k] += values[row * columns + k] / siteSizes[site];
    }
  });
  const operator = leastSquaresOperator(factored.qr);
  for (let index = 0; index < operator.length; index++) {
    operator[index] /= factored.spreads[Math.floor(index / rows)];
  }
  return { siteCount, codes, siteSizes, design: values, columns, operator, siteDesign };
}

/**
 * Fits every feature of a block: two passes over the values, row by row as they are in memory. Features with
 * missing cells are then fitted one by one on the cells they have.
 */
export function estimateBlock(block: FeatureBlock, regression: Regression): BlockEstimates {
  const { width } = block;
  const { siteCount, siteSizes } = regression;
  const counts = new Float64Array(siteCount * width);
  for (let site = 0; site < siteCount; site++) counts.fill(siteSizes[site], site * width, (site + 1) * width);
  const estimates = { ...fitComplete(block, regression), counts, failed: new Uint8Array(width) };
  refitIncomplete(block, regression, estimates);
  return estimates;
}

/** Fits features that have a value in every row; the sums of any other come out as NaN. */
function fitComplete(
  block: FeatureBlock,
  regression: Regression,
): Pick<BlockEstimates, 'intercepts' | 'coefficients' | 'squares'> {
  const { width } = block;
  const { siteCount, columns, siteSizes, siteDesign } = regression;
  const intercepts = new Float64Array(siteCount * width);
  const coefficients = new Float64Array(columns * width);
  accumulate(block, regression, { intercepts, coefficients });
  for (let site = 0; site < siteCount; site++) {
    for (let w = 0; w < width; w++) {
      let value = intercepts[site * width + w] / siteSizes[site];
      for (let k = 0; k < columns; k++) value -= siteDesign[site * columns + k] * coefficients[k * width + w];
      intercepts[site * width + w] = value;
    }
  }
  return {
    intercepts,
    coefficients,
    squares: residualSquares(block, regression, { intercepts, coefficients }),
  };
}

/** First pass: the sum of each feature at each site, and the covariate coefficients. */
function accumulate(
  { data, stride, offset, width }: FeatureBlock,
  { codes, columns, operator }: Regression,
  { intercepts, coefficients }: Pick<BlockEstimates, 'intercepts' | 'coefficients'>,
): void {
  const rows = codes.length;
  for (let row = 0; row < rows; row++) {
    const from = row * stride + offset;
    const site = codes[row] * width;
    for (let w = 0; w < width; w++) intercepts[site + w] += data[from + w];
    // Two columns at a time: each pass over a row costs more than the arithmetic in it.
    for (let k = 0; k < columns; k += 2) {
      const weight = operator[k * rows + row];
      const target = k * width;
      if (k + 1 === columns) {
        for (let w = 0; w < width; w++) coefficients[target + w] += weight * data[from + w];
        continue;
      }
      const nextWeight = operator[(k + 1) * rows + row];
      for (let w = 0; w < width; w++) {
        const value = data[from + w];
        coefficients[target + w] += weight * value;
        coefficients[target + width + w] += nextWeight * value;
      }
    }
  }
}

/** Second pass: the sum of squared residuals of each feature at each site. */
function residualSquares(
  { data, stride, offset, width }: FeatureBlock,
  { codes, columns, design, siteCount }: Regression,
  { intercepts, coefficients }: Pick<BlockEstimates, 'intercepts' | 'coefficients'>,
): Float64Array {
  const squares = new Float64Array(siteCount * width);
  const residual = new Float64Array(width);
  for (let row = 0; row < codes.length; row++) {
    const from = row * stride + offset;
    const site = codes[row] * width;
    for (let w = 0; w < width; w++) residual[w] = data[from + w] - intercepts[site + w];
    for (let k = 0; k < columns; k += 2) {
      const x = design[row * columns + k];
      const slope = k * width;
      if (k + 1 === columns) {
        for (let w = 0; w < width; w++) residual[w] -= x * coefficients[slope + w];
        continue;
      }
      const nextX = design[row * columns + k + 1];
      for (let w = 0; w < width; w++) {
        residual[w] = residual[w] - x * coefficients[slope + w] - nextX * coefficients[slope + width + w];
      }
    }
    for (let w = 0; w < width; w++) squares[site + w] += residual[w] * residual[w];
  }
  return squares;
}

/** Fits again, on the rows present, every feature that has a missing cell: their sums came out as NaN. */
function refitIncomplete(block: FeatureBlock, regression: Regression, estimates: BlockEstimates): void {
  // Features often miss the same subjects: those are together after sorting, and each set of rows is factored
  // once and then dropped, so that memory does not grow with the number of sets.
  const incomplete = incompleteFeatures(block, regression, estimates);
  let last = '';
  let own: Regression | undefined;
  let present: readonly number[] = [];
  for (const { w, missing } of incomplete) {
    if (missing !== last) {
      present = presentRows(block, w, regression.codes.length);
      own = regressionOnRows(regression, present);
      last = missing;
    }
    if (own === undefined) estimates.failed[w] = 1;
    storeIncomplete(block, { own, present, w }, estimates);
  }
}

/** The features with missing cells and which rows those are, equal ones together. */
function incompleteFeatures(
  block: FeatureBlock,
  { codes, siteCount }: Regression,
  { intercepts }: BlockEstimates,
): readonly { readonly w: number; readonly missing: string }[] {
  const found: { w: number; missing: string }[] = [];
  for (let w = 0; w < block.width; w++) {
    let sum = 0;
    for (let site = 0; site < siteCount; site++) sum += intercepts[site * block.width + w];
    if (!Number.isNaN(sum)) continue;
    const rows: number[] = [];
    for (let row = 0; row < codes.length; row++) {
      if (Number.isNaN(block.data[row * block.stride + block.offset + w])) rows.push(row);
    }
    found.push({ w, missing: rows.join() });
  }
  return found.sort((a, b) => (a.missing < b.missing ? -1 : a.missing > b.missing ? 1 : a.w - b.w));
}

function presentRows(block: FeatureBlock, w: number, rows: number): readonly number[] {
  const present: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!Number.isNaN(block.data[row * block.stride + block.offset + w])) present.push(row);
  }
  return present;
}

function storeIncomplete(
  block: FeatureBlock,
  { own, present, w }: { own: Regression | undefined; present: readonly number[]; w: number },
  estimates: BlockEstimates,
): void {
  const { width } = block;
  const sites = estimates.intercepts.length / width;
  const columns = estimates.coefficients.length / width;
  const data = Float64Array.from(present, (row) => block.data[row * block.stride + block.offset + w]);
  const fitted = own === undefined ? undefined : fitComplete({ data, stride: 1, offset: 0, width: 1 }, own);
  for (let site = 0; site < sites; site++) {
    const counted = own?.siteSizes[site] ?? 0;
    estimates.counts[site * width + w] = counted;
    estimates.intercepts[site * width + w] =
      counted > 0 && fitted !== undefined ? fitted.intercepts[site] : NaN;
    estimates.squares[site * width + w] = fitted?.squares[site] ?? NaN;
  }
  for (let k = 0; k < columns; k++) {
    estimates.coefficients[k * width + w] = fitted?.coefficients[k] ?? NaN;
  }
}

/** The regression restricted to some rows; `undefined` where covariates or residuals cannot be estimated there. */
function regressionOnRows(regression: Regression, present: readonly number[]): Regression | undefined {
  const { columns, siteCount } = regression;
  const codes = Int32Array.from(present, (row) => regression.codes[row]);
  const values = new Float64Array(present.length * columns);
  present.forEach((row, i) => {
    values.set(regression.design.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const sitesPresent = new Set(codes).size;
  if (present.length - sitesPresent - columns < 1) return undefined;
  const spreads = new Float64Array(columns);
  values.forEach((value, index) => (spreads[index % columns] += value * value));
  for (let k = 0; k < columns; k++) spreads[k] = Math.sqrt(spreads[k]) || 1;
  const scaled = centerWithinSites(values, columns, codes, siteCount);
  for (let index = 0; index < scaled.length; index++) scaled[index] /= spreads[index % columns];
  const qr = pivotedQr({ values: scaled, rows: present.length, columns }, 1e-7);
  if (qr.rank < columns) return undefined;
  return prepareRegression({ codes, siteCount }, { values, columns }, { qr, spreads });
}
