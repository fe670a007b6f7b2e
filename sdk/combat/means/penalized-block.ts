import type { FeatureBlock, FittedBlock, MeanDesign } from './mean-model';
import type { PenaltySolution, PenaltySolver } from './penalty-problem';
import { residualSquares } from './site-residuals';

/** What is the same for all features: columns centered within sites, the linear ones taken out of the smooths. */
export interface PreparedColumns {
  /** How many columns come before those of the smooths. */
  readonly linear: number;
  /** Columns × rows: applied to a feature, the coefficients of the linear columns alone, then Xᵀy of the smooths. */
  readonly operator: Float64Array;
  /** Linear × linear: products of the linear columns. */
  readonly linearGram: Float64Array;
  /** Linear × smooth columns: how the linear columns went into each of the smooths. */
  readonly carried: Float64Array;
  readonly solve: PenaltySolver;
}

/** The same, with the design that the columns are of. */
export interface PreparedPenalties extends PreparedColumns {
  readonly design: MeanDesign;
  /** How many smooths there are. */
  readonly smooths: number;
  /** Sites × columns: the mean of each design column at each site. */
  readonly siteDesign: Float64Array;
}

/** Three passes over the values, row by row as they are in memory; between them, a small problem for each feature. */
export function fitPenalizedBlock(block: FeatureBlock, prepared: PreparedPenalties): FittedBlock {
  const { width } = block;
  const { design, siteDesign } = prepared;
  const { siteCount, columns } = design;
  const intercepts = siteMeans(block, design);
  const within = withinSites(block, prepared, intercepts);
  const none = new Array<number>(prepared.smooths).fill(NaN);
  const missing = { coefficients: new Float64Array(columns).fill(NaN), penalties: none, freedom: none };
  const solved = Array.from({ length: width }, (_, w): PenalizedEffects => {
    // A missing cell makes all of it missing: nothing is looked for.
    if (Number.isNaN(within.squares[w])) return missing;
    const applied = Float64Array.from({ length: columns }, (__, k) => within.applied[k * width + w]);
    const feature = block.columns?.[w] ?? block.first + w;
    return solvePenalized({ applied, squares: within.squares[w], feature }, prepared);
  });
  const coefficients = new Float64Array(columns * width);
  solved.forEach((own, w) => {
    own.coefficients.forEach((value, k) => (coefficients[k * width + w] = value));
    for (let site = 0; site < siteCount; site++) {
      for (let k = 0; k < columns; k++) {
        intercepts[site * width + w] -= siteDesign[site * columns + k] * own.coefficients[k];
      }
    }
  });
  const squares = residualSquares(block, design, { intercepts, coefficients });
  const bySmooth = (rows: readonly (readonly number[])[]): Float64Array =>
    Float64Array.from((rows[0] ?? []).flatMap((_, k) => rows.map((row) => row[k])));
  return {
    intercepts,
    coefficients,
    squares,
    penalties: bySmooth(solved.map((own) => own.penalties)),
    freedom: bySmooth(solved.map((own) => own.freedom)),
  };
}

/** First pass: the mean of each feature at each site. */
function siteMeans(
  { data, stride, offset, width }: FeatureBlock,
  { codes, siteCount, siteSizes }: MeanDesign,
): Float64Array {
  const means = new Float64Array(siteCount * width);
  codes.forEach((site, row) => {
    const from = row * stride + offset;
    for (let w = 0; w < width; w++) means[site * width + w] += data[from + w];
  });
  for (let at = 0; at < means.length; at++) means[at] /= siteSizes[Math.floor(at / width)];
  return means;
}

/** Features about the means of their sites, in the few numbers that a penalized fit needs. */
interface Within {
  /** The operator applied to them: columns × width. */
  readonly applied: Float64Array;
  /** Their sums of squares. */
  readonly squares: Float64Array;
}

/** Second pass. */
function withinSites(
  { data, stride, offset, width }: FeatureBlock,
  { design: { codes, columns }, operator }: PreparedPenalties,
  means: Float64Array,
): Within {
  const rows = codes.length;
  const applied = new Float64Array(columns * width);
  const squares = new Float64Array(width);
  const rest = new Float64Array(width);
  codes.forEach((site, row) => {
    const from = row * stride + offset;
    for (let w = 0; w < width; w++) {
      rest[w] = data[from + w] - means[site * width + w];
      squares[w] += rest[w] * rest[w];
    }
    for (let k = 0; k < columns; k++) {
      const weight = operator[k * rows + row];
      const target = k * width;
      for (let w = 0; w < width; w++) applied[target + w] += weight * rest[w];
    }
  });
  return { applied, squares };
}

/** One feature, about the means of its sites. */
interface PenalizedFeature {
  /** The operator applied to it: one number per column. */
  readonly applied: Float64Array;
  /** Its sum of squares. */
  readonly squares: number;
  /** Which column of the table it is. */
  readonly feature: number;
}

/** Its curves, and the linear effects beside them. */
interface PenalizedEffects extends Omit<PenaltySolution, 'beta'> {
  readonly coefficients: Float64Array;
}

/** Solves the small problem of one feature. */
export function solvePenalized(
  { applied, squares, feature }: PenalizedFeature,
  { linear, linearGram, carried, solve }: PreparedColumns,
): PenalizedEffects {
  let left = squares;
  for (let k = 0; k < linear; k++) {
    for (let j = 0; j < linear; j++) left -= applied[k] * linearGram[k * linear + j] * applied[j];
  }
  const size = applied.length - linear;
  const { beta, penalties, freedom } = solve({ products: applied.slice(linear), squares: left, feature });
  const coefficients = applied.slice();
  coefficients.set(beta, linear);
  for (let k = 0; k < linear; k++) {
    for (let s = 0; s < size; s++) coefficients[k] -= carried[k * size + s] * beta[s];
  }
  return { coefficients, penalties, freedom };
}
