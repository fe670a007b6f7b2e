import type { FeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { CombatSettings, FeatureStatus } from '../combat-model';
import type { FeatureBlock, MeanModel } from '../means/mean-model';
import type { PooledSquares, ScaledBlock, ScaleModel } from '../scales/scale-model';
import { advise, option } from '../../remedy';

/** Every feature regressed and standardized: site × feature and column × feature arrays are row-major. */
export interface Standardized {
  readonly status: FeatureStatus[];
  readonly grandMean: Float64Array;
  readonly pooledSd: Float64Array;
  readonly coefficients: Float64Array;
  /** γ̂. */
  readonly location: Float64Array;
  /** Σ(Z − γ̂)². */
  readonly squares: Float64Array;
  readonly counts: Float64Array;
  /** ω̂: scale columns × features. */
  readonly scaleCoefficients: Float64Array;
  /** 1 where σ depends on covariates and its likelihood has no highest point. */
  readonly endless: Uint8Array;
  /** λ and effective degrees of freedom of each smooth: smooths × features. */
  readonly penalties: Float64Array;
  readonly freedom: Float64Array;
  /** Robust only: the standardized values of site s and feature f at `s * features + f`. */
  readonly values?: Map<number, Float64Array>;
}

/** As many numbers of features, and cells of a table, stay in the processor's cache. */
const cachedNumbers = 2 ** 16;
const cachedCells = 2 ** 18;
/** Narrower blocks cost more than they save: their rows are short pieces of memory. */
const fewest = 512;
/** The same where each feature is work of its own. */
const fewestSlow = 64;

/**
 * How many features are worked on at a time, so that their values and what is kept of them stay in the processor's cache; an
 * even number, or all.
 *
 * @param perFeature - how many numbers are kept of each
 */
export function blockWidth(
  features: number,
  { rows, perFeature }: { readonly rows: number; readonly perFeature: number },
): number {
  const kept = Math.max(fewestSlow, Math.floor(cachedNumbers / perFeature / 2) * 2);
  const narrow = Math.max(fewest, Math.floor(cachedCells / rows / 2) * 2);
  return Math.min(features, kept, narrow);
}

/** A feature whose residual spread is below this share of its size has nothing but rounding in it. */
const noSpread = 1e-12;

/**
 * The frame of the ComBat family (Johnson, Li & Rabinovic 2007; ComBatFamily 0.2.1): a mean model says what μ is expected of a
 * scan, a scale model how much σ scans vary about it, and Z = (y − μ)/σ is what sites shift by γ and widen by δ. Members differ
 * in μ ({@link MeanModel}) and in σ ({@link ScaleModel}) only; shrinking γ and δ, and putting them back, is the same for all.
 *
 * Runs over the feature table in blocks narrow enough for the processor's cache and keeps, of each feature, only
 * the numbers that the empirical Bayes step needs: the standardized table itself is never held.
 *
 * @param options.reference - the index of the reference site, or −1
 * @param options.inflation - for each feature, σ̂² as a multiple of the mean squared residual; `NaN` where it cannot be fitted
 */
export async function standardize(
  matrix: FeatureMatrix,
  { mean, scale }: { readonly mean: MeanModel; readonly scale: ScaleModel },
  options: {
    settings: CombatSettings;
    reference: number;
    inflation?: Float64Array;
    run: RunOptions;
    report: (features: number) => void;
  },
): Promise<Standardized> {
  const features = matrix.features.length;
  const { siteCount, columns } = mean.design;
  const result: Standardized = {
    status: new Array<FeatureStatus>(features).fill('harmonized'),
    grandMean: new Float64Array(features).fill(NaN),
    pooledSd: new Float64Array(features).fill(NaN),
    coefficients: new Float64Array(columns * features).fill(NaN),
    location: new Float64Array(siteCount * features).fill(NaN),
    squares: new Float64Array(siteCount * features).fill(NaN),
    counts: new Float64Array(siteCount * features),
    scaleCoefficients: new Float64Array(scale.columns * features).fill(NaN),
    endless: new Uint8Array(features),
    penalties: new Float64Array(mean.smooths * features).fill(NaN),
    freedom: new Float64Array(mean.smooths * features).fill(NaN),
    values: scale.keepsValues ? new Map<number, Float64Array>() : undefined,
  };
  const context = { mean, result, names: matrix.features, ...options };
  // Blocks are what one may cancel between.
  const width =
    scale.columns > 0
      ? Math.min(features, fewestSlow)
      : blockWidth(features, { rows: matrix.subjects.length, perFeature: siteCount + columns });
  for (let first = 0; first < features; first += width) {
    await breathe(options.run.signal);
    const block = blockAt(matrix, first, Math.min(width, features - first), options.settings.transform);
    const scaled = scale.fit(block, mean.fit(block));
    for (let w = 0; w < block.width; w++) {
      standardizeFeature(scaled, { block, w, feature: first + w }, context);
    }
    options.report(first + block.width);
  }
  return result;
}

/**
 * A block of the matrix: a view where values are used as they are, logarithms of a copy otherwise.
 *
 * @throws ConcordError `invalid-number` for a value that is not above zero, where logarithms are taken.
 */
function blockAt(
  matrix: FeatureMatrix,
  first: number,
  width: number,
  transform: CombatSettings['transform'],
): FeatureBlock {
  const stride = matrix.features.length;
  if (transform === 'none') return { data: matrix.values, stride, offset: first, width, first };
  const data = new Float64Array(matrix.subjects.length * width);
  for (let row = 0; row < matrix.subjects.length; row++) {
    for (let w = 0; w < width; w++) {
      const value = matrix.values[row * stride + first + w];
      if (value <= 0) {
        throw notPositive(value, matrix.subjects[row], matrix.features[first + w]);
      }
      data[row * width + w] = Math.log(value);
    }
  }
  return { data, stride: width, offset: 0, width, first };
}

/** One feature of a block. */
interface BlockFeature {
  readonly block: FeatureBlock;
  readonly w: number;
  readonly feature: number;
}

interface FeatureContext {
  readonly mean: MeanModel;
  readonly result: Standardized;
  readonly names: readonly string[];
  readonly reference: number;
  readonly inflation?: Float64Array;
}

/** Writes down what is known of one feature: its status, μ and σ, and the location and scale of every site. */
function standardizeFeature(scaled: ScaledBlock, at: BlockFeature, context: FeatureContext): void {
  const { result, reference } = context;
  const { w, feature, block } = at;
  const { estimates } = scaled;
  const pooled = poolSites(scaled, at, context);
  if (estimates.failed[w] === 0 && !(pooled.everywhere < Infinity)) throw overflow(context.names[feature]);
  const inflation = context.inflation?.[feature] ?? 1;
  result.endless[feature] = scaled.endless[w];
  if (
    estimates.failed[w] === 1 ||
    scaled.endless[w] === 1 ||
    pooled.present === 0 ||
    Number.isNaN(inflation)
  ) {
    result.status[feature] = 'not-estimable';
    return;
  }
  const { sd: measured, squares } = scaled.spread(w, pooled);
  const sd = measured * Math.sqrt(inflation);
  if (!(sd > noSpread * pooled.size)) {
    // Spread elsewhere but none at the reference site, or in less than half of the values: nothing to measure it by.
    result.status[feature] = pooled.everywhere > squares ? 'not-estimable' : 'constant';
    return;
  }
  result.grandMean[feature] =
    reference === -1 ? pooled.weighted / pooled.weight : estimates.intercepts[reference * block.width + w];
  result.pooledSd[feature] = sd;
  copyColumn(estimates.coefficients, result.coefficients, at, result);
  copyColumn(estimates.penalties, result.penalties, at, result);
  copyColumn(estimates.freedom, result.freedom, at, result);
  copyColumn(scaled.slopes, result.scaleCoefficients, at, result);
  siteMoments(scaled, at, context);
}

/** What the sites have together. */
interface Pooled extends PooledSquares {
  /** The squares of all residuals. */
  readonly everywhere: number;
  /** Intercepts, weighted by all subjects of a site, and the sum of the weights. */
  readonly weighted: number;
  readonly weight: number;
  /** The largest intercept. */
  readonly size: number;
}

function poolSites(
  { estimates }: ScaledBlock,
  { block: { width }, w, feature }: BlockFeature,
  { mean, result, reference }: FeatureContext,
): Pooled {
  const { siteCount, siteSizes } = mean.design;
  const features = result.status.length;
  const pooled = { present: 0, squares: 0, everywhere: 0, weighted: 0, weight: 0, size: 0 };
  for (let site = 0; site < siteCount; site++) {
    const at = site * width + w;
    const count = estimates.counts[at];
    result.counts[site * features + feature] = count;
    if (count === 0) continue;
    pooled.weighted += siteSizes[site] * estimates.intercepts[at];
    pooled.weight += siteSizes[site];
    pooled.size = Math.max(pooled.size, Math.abs(estimates.intercepts[at]));
    pooled.everywhere += estimates.squares[at];
    if (reference === -1 || reference === site) {
      pooled.present += count;
      pooled.squares += estimates.squares[at];
    }
  }
  return pooled;
}

/** γ̂ and Σ(Z − γ̂)² of every site. */
function siteMoments(
  scaled: ScaledBlock,
  { block: { width }, w, feature }: BlockFeature,
  { mean, result }: FeatureContext,
): void {
  const features = result.status.length;
  const about = { center: result.grandMean[feature], sd: result.pooledSd[feature] };
  for (let site = 0; site < mean.design.siteCount; site++) {
    if (scaled.estimates.counts[site * width + w] === 0) continue;
    const { location, squares, values } = scaled.site(w, site, about);
    result.location[site * features + feature] = location;
    result.squares[site * features + feature] = squares;
    if (values !== undefined) result.values?.set(site * features + feature, values);
  }
}

/** Copies the numbers of a feature from a block to the whole. */
function copyColumn(
  from: Float64Array,
  to: Float64Array,
  { block: { width }, w, feature }: BlockFeature,
  { status }: Standardized,
): void {
  for (let k = 0; k * width < from.length; k++) to[k * status.length + feature] = from[k * width + w];
}

/** The error for values near the limits of float64: one such feature would make all others missing. */
function overflow(feature: string): ConcordError {
  return new ConcordError(
    'invalid-number',
    `invalid values of ${feature}: their squares overflow (values below about 1e150 are allowed; choose another unit)`,
    { where: { feature } },
  );
}

/** The error for a value that has no logarithm where one is to be taken. */
export function notPositive(value: number, subject: string, feature: string): ConcordError {
  return new ConcordError(
    'invalid-number',
    `invalid value of ${feature} for subject "${subject}": ${value}`,
    { where: { subject, feature }, remedy: advise`${option('transform', 'log')} requires values above 0` },
  );
}
