import { leastSquaresOperator, orthonormalRows, pivotedQr } from '../../math/linear/qr';
import { timesVector } from '../../math/linear/times-vector';
import type { SeparatedDesign } from '../design/confounding';
import { centerWithinSites, columnNorms, dependentOnSites } from '../design/confounding';
import type { CompleteFit } from './fit-block';
import { refitIncomplete } from './fit-block';
import type { FactoredDesign, IncompleteFit } from './incomplete-features';
import { fitIncomplete, missingRows, wellSeparated } from './incomplete-features';
import type { BlockEstimates, FeatureBlock, MeanDesign, MeanModel, WeightedFit } from './mean-model';
import { plainPasses, withPasses } from './site-passes';
import { designRows, siteDesign } from './site-residuals';
import type { SitePasses } from './site-sums';
import { interceptsAndResiduals, weighBoth } from './weighted-rows';

/** What the regression on sites and covariates needs besides the values: the same for every feature. */
interface Regression extends FactoredDesign {
  /** Columns × subjects: applied to a feature without missing cells it gives the coefficients. */
  readonly operator: Float64Array;
  /** Whether features with missing cells can be fitted from sums over all cells. */
  readonly separated: boolean;
}

/** Ordinary least squares on one-hot sites and covariates: the mean model of ComBat. */
export function leastSquares(design: MeanDesign, separated: SeparatedDesign): MeanModel {
  const regression = prepareRegression(design, separated);
  const onRows = (present: readonly number[]): CompleteFit | undefined => {
    const own = regressionOnRows(design, present);
    return own === undefined ? undefined : completeFit(own);
  };
  return {
    design,
    smooths: 0,
    fit: (block) => {
      const { estimates, refused } = withPasses(block, design, (passes) => fitBy(passes, block, regression));
      refitIncomplete(block, { design, onRows, incomplete: refused }, estimates);
      return estimates;
    },
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

/** The same on some rows, of features that have a value in all of them. */
function completeFit(regression: Regression): CompleteFit {
  const { design } = regression;
  return { design, fit: (block) => fitBy(plainPasses(block, design), block, regression).estimates };
}

/**
 * Prepares the regression. By the Frisch–Waugh theorem the covariate coefficients are those of the features on the
 * covariates centered within sites, and the intercepts follow.
 */
function prepareRegression(design: MeanDesign, { qr, spreads }: SeparatedDesign): Regression {
  const basis = orthonormalRows(qr);
  return {
    design,
    qr,
    spreads,
    basis,
    operator: leastSquaresOperator(qr, spreads, basis),
    siteDesign: siteDesign(design),
    separated: wellSeparated(qr),
  };
}

/** Two passes over the values, one more where cells are missing; `refused` are features that need a factorization of their own. */
function fitBy(
  passes: SitePasses,
  block: FeatureBlock,
  regression: Regression,
): { readonly estimates: BlockEstimates; readonly refused: readonly number[] } {
  const { width } = block;
  const { design, siteDesign: means, operator } = regression;
  const { siteCount, columns, siteSizes } = design;
  const summed = passes.sum(operator);
  const { products: coefficients, gaps } = summed;
  const counts = new Float64Array(siteCount * width);
  const incomplete = gaps.some((gap) => gap > 0) ? fitGaps({ passes, block, gaps }, regression) : none;
  for (let site = 0; site < siteCount; site++) counts.fill(siteSizes[site], site * width, (site + 1) * width);
  const intercepts = passes.intercepts(summed, means);
  for (const { w, fitted } of incomplete.fitted) {
    for (let site = 0; site < siteCount; site++) {
      intercepts[site * width + w] = fitted.intercepts[site];
      counts[site * width + w] = fitted.counts[site];
    }
    for (let k = 0; k < columns; k++) coefficients[k * width + w] = fitted.coefficients[k];
  }
  const squares = passes.squares({ intercepts, coefficients });
  const estimates = { intercepts, coefficients, squares, counts, failed: new Uint8Array(width) };
  return {
    estimates: { ...estimates, penalties: noNumbers, freedom: noNumbers },
    refused: incomplete.refused,
  };
}

const noNumbers = new Float64Array(0);

/** What came of the features of a block that have missing cells. */
interface FittedGaps {
  readonly fitted: readonly { readonly w: number; readonly fitted: IncompleteFit }[];
  readonly refused: readonly number[];
}

const none: FittedGaps = { fitted: [], refused: [] };

function fitGaps(
  {
    passes,
    block,
    gaps,
  }: { readonly passes: SitePasses; readonly block: FeatureBlock; readonly gaps: Float64Array },
  regression: Regression,
): FittedGaps {
  const { width } = block;
  const { design, basis, separated } = regression;
  const incomplete = Array.from(gaps.keys()).filter((w) => gaps[w] > 0);
  if (!separated) return { fitted: [], refused: incomplete };
  const { sums, products } = passes.sum(basis);
  const missing = missingRows(block, gaps, design.codes.length);
  const fitted: { w: number; fitted: IncompleteFit }[] = [];
  const refused: number[] = [];
  const column = (values: Float64Array, w: number): Float64Array =>
    Float64Array.from({ length: values.length / width }, (_, k) => values[k * width + w]);
  for (const w of incomplete) {
    const own = fitIncomplete(regression, missing[w], { sites: column(sums, w), basis: column(products, w) });
    if (own === undefined) refused.push(w);
    else fitted.push({ w, fitted: own });
  }
  return { fitted, refused };
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
