import { dot } from '../../math/linear/dot';
import { leastSquaresOperator, pivotedQr } from '../../math/linear/qr';
import { timesVector } from '../../math/linear/times-vector';
import { transpose } from '../../math/linear/transpose';
import { centerWithinSites, columnNorms, dependentOnSites } from '../design/confounding';
import type { CompleteFit } from './fit-block';
import { fitBlock } from './fit-block';
import type { MeanDesign, MeanModel, WeightedFit } from './mean-model';
import { onePenalty } from './one-penalty';
import type { PenaltyProblem, SmoothingChoice, SmoothPenalty } from './penalty-problem';
import { severalPenalties } from './several-penalties';
import type { PreparedColumns } from './penalized-block';
import { fitPenalizedBlock, solvePenalized } from './penalized-block';
import { siteDesign, designRows } from './site-residuals';
import { interceptsAndResiduals, weighBoth } from './weighted-rows';

/** What of a design is penalized, and how λ is found. */
export interface PenalizedColumns {
  /** Columns before the smooths, which are not penalized. */
  readonly linear: number;
  /** The smooths; `first` counts from the first column that is penalized. */
  readonly smooths: readonly SmoothPenalty[];
  readonly choice: SmoothingChoice;
}

/** A covariate column counts as a function of the others when less than this share of it is left. */
const dependentBelow = 1e-7;

/**
 * Penalized least squares: the mean model of ComBat-GAM (Pomponio et al. 2020, NeuroImage 208:116450). Sites and linear
 * covariates are not penalized; each smooth has a λ of its own, by feature.
 *
 * @returns `undefined` where the straight lines of smooths, covariates and sites cannot be separated
 */
export function penalizedSquares(design: MeanDesign, penalized: PenalizedColumns): MeanModel | undefined {
  const whole = prepare(design, penalized);
  if (whole === undefined) return undefined;
  const onRows = (present: readonly number[]): CompleteFit | undefined => {
    const left = present.length - new Set(present.map((row) => design.codes[row])).size - penalized.linear;
    if (left - penalized.smooths.reduce((sum, { free }) => sum + free, 0) < 1) return undefined;
    return prepare(designRows(design, present), penalized);
  };
  return {
    design,
    smooths: penalized.smooths.length,
    fit: (block) => fitBlock(block, whole, onRows),
    weighted: (present) => weightedFit(designRows(design, present), penalized),
  };
}

function prepare(design: MeanDesign, penalized: PenalizedColumns): CompleteFit | undefined {
  const { codes, columns, siteCount } = design;
  const rows = centerWithinSites(design.values, columns, codes, siteCount);
  const prepared = preparePenalties(rows, sizeOf(design), penalized);
  if (prepared === undefined) return undefined;
  const smooths = penalized.smooths.length;
  const whole = { ...prepared, design, smooths, siteDesign: siteDesign(design) };
  return { design, fit: (block) => fitPenalizedBlock(block, whole) };
}

/** How much columns that are centered within sites are of. */
export interface CenteredSize {
  /** Their rows: scans, or the fewer rows with the same cross-products that hospitals send. */
  readonly rows: number;
  readonly scans: number;
  /** Sites that have scans. */
  readonly sites: number;
  /** How long each column was before. */
  readonly spreads: Float64Array;
}

function sizeOf({ codes, columns, values }: MeanDesign): CenteredSize {
  const spreads = columnNorms(values, columns);
  return { rows: codes.length, scans: codes.length, sites: new Set(codes).size, spreads };
}

/**
 * What is the same for all features, of columns that are centered within sites: rows × columns.
 *
 * @returns `undefined` where the straight lines of smooths, covariates and sites cannot be separated
 */
export function preparePenalties(
  values: Float64Array,
  { rows, scans, sites, spreads }: CenteredSize,
  { linear, smooths, choice }: PenalizedColumns,
): PreparedColumns | undefined {
  const columns = spreads.length;
  // Columns × rows.
  const centered = transpose(values, columns);
  const vectors = Array.from({ length: columns }, (_, k) => centered.subarray(k * rows, (k + 1) * rows));
  const [straight, bent] = [vectors.slice(0, linear), vectors.slice(linear)];
  const project = linearOperator(centered.subarray(0, linear * rows), spreads.slice(0, linear));
  if (project === undefined) return undefined;
  const carried = takeOut(straight, bent, project);
  const problem: PenaltyProblem = {
    gram: products(bent),
    size: bent.length,
    smooths,
    rows: scans,
    unpenalized: sites + linear,
  };
  const solve = (smooths.length === 1 ? onePenalty : severalPenalties)(problem, choice);
  if (solve === undefined) return undefined;
  const operator = centered.slice();
  operator.set(project);
  return { linear, operator, linearGram: products(straight), carried, solve };
}

/** Weighted penalized least squares on some rows, one feature at a time. */
function weightedFit(design: MeanDesign, penalized: PenalizedColumns): WeightedFit {
  return (feature) => {
    const { penalties } = feature;
    const weighed = weighBoth(design, feature);
    const choice = penalties === undefined ? penalized.choice : () => penalties;
    const prepared = preparePenalties(weighed.x.rows, sizeOf(design), { ...penalized, choice });
    if (prepared === undefined) return undefined;
    const { rows: y } = weighed.y;
    const applied = timesVector(prepared.operator, y);
    const own = { applied, squares: dot(y, y), feature: feature.feature };
    const solved = solvePenalized(own, prepared);
    return { ...solved, ...interceptsAndResiduals(weighed, solved.coefficients, feature.weights) };
  };
}

/** Takes the linear columns out of each of the others, in place; gives how they went into it: linear × others. */
function takeOut(
  straight: readonly Float64Array[],
  bent: readonly Float64Array[],
  project: Float64Array,
): Float64Array {
  const shares = new Float64Array(straight.length * bent.length);
  bent.forEach((column, s) => {
    const own = straight.map((_, k) =>
      dot(project.subarray(k * column.length, (k + 1) * column.length), column),
    );
    own.forEach((share, k) => {
      shares[k * bent.length + s] = share;
      for (let row = 0; row < column.length; row++) column[row] -= share * straight[k][row];
    });
  });
  return shares;
}

/**
 * The least-squares operator of columns that were centered within sites, scaled to length 1: columns × rows.
 *
 * @param whole - how long each was before; of a function of the sites only rounding is left
 */
function linearOperator(straight: Float64Array, whole: Float64Array): Float64Array | undefined {
  const columns = whole.length;
  if (columns === 0) return straight;
  const rows = straight.length / columns;
  const values = transpose(straight, rows);
  const spreads = columnNorms(values, columns);
  if (spreads.some((spread, k) => !(spread > dependentOnSites * whole[k]))) return undefined;
  for (let index = 0; index < values.length; index++) values[index] /= spreads[index % columns];
  const qr = pivotedQr({ values, rows, columns }, dependentBelow);
  return qr.rank < columns ? undefined : leastSquaresOperator(qr, spreads);
}

function products(vectors: readonly Float64Array[]): Float64Array {
  return Float64Array.from(vectors.flatMap((one) => vectors.map((other) => dot(one, other))));
}
