import { leastSquaresOperator, pivotedQr } from '../../math/linear/qr';
import { timesVector } from '../../math/linear/times-vector';
import type { SeparatedDesign } from '../design/confounding';
import { centerWithinSites, columnNorms, dependentOnSites } from '../design/confounding';
import type { CompleteFit } from './fit-block';
import { fitBlock } from './fit-block';
import type { FeatureBlock, FittedBlock, MeanDesign, MeanModel, WeightedFit } from './mean-model';
import { residualSquares, siteDesign, designRows } from './site-residuals';
import { interceptsAndResiduals, weighBoth } from './weighted-rows';

/** What the regression on sites and covariates needs besides the values: the same for every feature. */
interface Regression {
  readonly design: MeanDesign;
  /** Columns × subjects: applied to a feature without missing cells it gives the coefficients. */
  readonly operator: Float64Array;
  /** Sites × columns: the mean of each design column at each site. */
  readonly siteDesign: Float64Array;
}

/** Ordinary least squares on one-hot sites and covariates: the mean model of ComBat. */
export function leastSquares(design: MeanDesign, separated: SeparatedDesign): MeanModel {
  const whole = completeFit(prepareRegression(design, separated));
  const onRows = (present: readonly number[]): CompleteFit | undefined => {
    const own = regressionOnRows(design, present);
    return own === undefined ? undefined : completeFit(own);
  };
  return {
    design,
    smooths: 0,
    fit: (block) => fitBlock(block, whole, onRows),
    weighted: (present) => weightedFit(designRows(design, present)),
  };
}

/** Weighted least squares on some rows, one feature at a time. */
function weightedFit(design: MeanDesign): WeightedFit {
  return (feature) => {
    const weighed = weighBoth(design, feature);
    const separated = separate(weighed.x.rows, design);
    if (separated === undefined) return undefined;
    const operator = leastSquaresOperator(separated.qr, separated.spreads);
    const coefficients = timesVector(operator, weighed.y.rows);
    const fitted = interceptsAndResiduals(weighed, coefficients, feature.weights);
    return { ...fitted, coefficients, penalties: [], freedom: [] };
  };
}

/** Factors the columns of a design, centered within sites; `undefined` where one follows from the others and the sites. */
function separate(
  centered: Float64Array,
  { values, columns, codes }: MeanDesign,
): SeparatedDesign | undefined {
  const spreads = columnNorms(values, columns).map((norm) => norm || 1);
  const scaled = centered.map((value, index) => value / spreads[index % columns]);
  const qr = pivotedQr({ values: scaled, rows: codes.length, columns }, dependentOnSites);
  return qr.rank < columns ? undefined : { qr, spreads };
}

function completeFit(regression: Regression): CompleteFit {
  return { design: regression.design, fit: (block) => fitComplete(block, regression) };
}

/**
 * Prepares the regression. By the Frisch–Waugh theorem the covariate coefficients are those of the features on the
 * covariates centered within sites, and the intercepts follow.
 */
function prepareRegression(design: MeanDesign, { qr, spreads }: SeparatedDesign): Regression {
  return { design, operator: leastSquaresOperator(qr, spreads), siteDesign: siteDesign(design) };
}

/** Two passes over the values, row by row as they are in memory. */
function fitComplete(block: FeatureBlock, regression: Regression): FittedBlock {
  const { width } = block;
  const { design, siteDesign: means } = regression;
  const { siteCount, columns, siteSizes } = design;
  const intercepts = new Float64Array(siteCount * width);
  const coefficients = new Float64Array(columns * width);
  accumulate(block, regression, { intercepts, coefficients });
  for (let site = 0; site < siteCount; site++) {
    for (let w = 0; w < width; w++) {
      let value = intercepts[site * width + w] / siteSizes[site];
      for (let k = 0; k < columns; k++) value -= means[site * columns + k] * coefficients[k * width + w];
      intercepts[site * width + w] = value;
    }
  }
  const squares = residualSquares(block, design, { intercepts, coefficients });
  return { intercepts, coefficients, squares, penalties: none, freedom: none };
}

const none = new Float64Array(0);

/** First pass: the sum of each feature at each site, and the covariate coefficients. */
function accumulate(
  { data, stride, offset, width }: FeatureBlock,
  { design: { codes, columns }, operator }: Regression,
  { intercepts, coefficients }: Pick<FittedBlock, 'intercepts' | 'coefficients'>,
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

/** The regression restricted to some rows; `undefined` where covariates or residuals cannot be estimated there. */
function regressionOnRows(whole: MeanDesign, present: readonly number[]): Regression | undefined {
  const design = designRows(whole, present);
  const { columns, codes, siteCount, values } = design;
  const sitesPresent = new Set(codes).size;
  if (present.length - sitesPresent - columns < 1) return undefined;
  const separated = separate(centerWithinSites(values, columns, codes, siteCount), design);
  return separated === undefined ? undefined : prepareRegression(design, separated);
}
