import type { FeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { CombatSettings, FeatureStatus } from '../combat-model';
import type { BlockEstimates, FeatureBlock, MeanModel } from '../means/mean-model';
import { residualsOf } from '../means/site-residuals';
import { medianAndMidvariance } from './location-scale';
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
  /** λ and effective degrees of freedom of each smooth: smooths × features. */
  readonly penalties: Float64Array;
  readonly freedom: Float64Array;
  /** Robust only: the standardized values of site s and feature f at `s * features + f`. */
  readonly values?: Map<number, Float64Array>;
}

/** A feature whose residual spread is below this share of its size has nothing but rounding in it. */
const noSpread = 1e-12;

/**
 * The frame of the ComBat family (Johnson, Li & Rabinovic 2007; ComBatFamily 0.2.1): a mean model says what μ is expected of a
 * scan, a scale model how much σ scans vary about it, and Z = (y − μ)/σ is what sites shift by γ and widen by δ. Members differ
 * in μ ({@link MeanModel}) and in how σ and the sites' own spread are measured (by variances, or robustly by midvariances);
 * shrinking γ and δ, and putting them back, is the same for all.
 *
 * Runs over the feature table in blocks narrow enough for the processor's cache and keeps, of each feature, only
 * the numbers that the empirical Bayes step needs: the standardized table itself is never held.
 *
 * @param options.reference - the index of the reference site, or −1
 * @param options.inflation - for each feature, σ̂² as a multiple of the mean squared residual; `NaN` where it cannot be fitted
 */
export async function standardize(
  matrix: FeatureMatrix,
  mean: MeanModel,
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
    penalties: new Float64Array(mean.smooths * features).fill(NaN),
    freedom: new Float64Array(mean.smooths * features).fill(NaN),
    values: options.settings.robust ? new Map<number, Float64Array>() : undefined,
  };
  const context = { mean, result, names: matrix.features, ...options };
  const width = Math.min(features, Math.max(64, Math.floor(32768 / (siteCount + columns))));
  for (let first = 0; first < features; first += width) {
    await breathe(options.run.signal);
    const block = blockAt(matrix, first, Math.min(width, features - first), options.settings.transform);
    const estimates = mean.fit(block);
    for (let w = 0; w < block.width; w++) {
      standardizeFeature(estimates, { block, w, feature: first + w }, context);
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
  readonly settings: CombatSettings;
  readonly reference: number;
  readonly inflation?: Float64Array;
}

/** Writes down what is known of one feature: its status, μ and σ, and the location and scale of every site. */
function standardizeFeature(estimates: BlockEstimates, at: BlockFeature, context: FeatureContext): void {
  const { result, settings, reference } = context;
  const { w, feature, block } = at;
  const pooled = poolSites(estimates, at, context);
  if (estimates.failed[w] === 0 && !(pooled.everywhere < Infinity)) throw overflow(context.names[feature]);
  const inflation = context.inflation?.[feature] ?? 1;
  if (estimates.failed[w] === 1 || pooled.present === 0 || Number.isNaN(inflation)) {
    result.status[feature] = 'not-estimable';
    return;
  }
  const residuals = settings.robust
    ? residualsOf(block, w, { design: context.mean.design, fit: estimates })
    : undefined;
  const measured = residuals === undefined ? pooledSd(pooled, settings) : robustSd(residuals, context);
  const sd = measured * Math.sqrt(inflation);
  if (!(sd > noSpread * pooled.size)) {
    // Spread elsewhere but none at the reference site, or in less than half of the values: nothing to measure it by.
    const spread = pooled.everywhere > (residuals === undefined ? pooled.squares : 0);
    result.status[feature] = spread ? 'not-estimable' : 'constant';
    return;
  }
  result.grandMean[feature] =
    reference === -1 ? pooled.weighted / pooled.weight : estimates.intercepts[reference * block.width + w];
  result.pooledSd[feature] = sd;
  copyColumn(estimates.coefficients, result.coefficients, at, result);
  copyColumn(estimates.penalties, result.penalties, at, result);
  copyColumn(estimates.freedom, result.freedom, at, result);
  if (residuals === undefined) siteMoments(estimates, at, result);
  else robustSiteMoments({ estimates, residuals }, at, context);
}

/** What the sites have together. */
interface Pooled {
  /** Values, and the squares of their residuals: of the reference site alone, where there is one. */
  readonly present: number;
  readonly squares: number;
  /** The squares of all residuals. */
  readonly everywhere: number;
  /** Intercepts, weighted by all subjects of a site, and the sum of the weights. */
  readonly weighted: number;
  readonly weight: number;
  /** The largest intercept. */
  readonly size: number;
}

function poolSites(
  estimates: BlockEstimates,
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

/** σ̂: the root of the mean squared residual. */
function pooledSd({ squares, present }: Pooled, { varianceDivisor }: CombatSettings): number {
  return Math.sqrt(squares / (varianceDivisor === 'n' ? present : present - 1));
}

/** σ̂ by the biweight midvariance of the residuals, with divisor n as in ComBatFamily. */
function robustSd(residuals: Float64Array, { mean, reference, settings }: FeatureContext): number {
  const { codes } = mean.design;
  const own = residuals.filter(
    (value, row) => value === value && (reference === -1 || codes[row] === reference),
  );
  const { squares } = medianAndMidvariance(own);
  return Math.sqrt(squares / (settings.varianceDivisor === 'n' ? own.length : own.length - 1));
}

/** γ̂ and Σ(Z − γ̂)²: residuals sum to zero within a site, so its intercept and their squares are all that is needed. */
function siteMoments(
  estimates: BlockEstimates,
  { block: { width }, w, feature }: BlockFeature,
  result: Standardized,
): void {
  const features = result.status.length;
  const sites = result.location.length / features;
  const grandMean = result.grandMean[feature];
  const sd = result.pooledSd[feature];
  for (let site = 0; site < sites; site++) {
    const at = site * width + w;
    if (estimates.counts[at] === 0) continue;
    result.location[site * features + feature] = (estimates.intercepts[at] - grandMean) / sd;
    result.squares[site * features + feature] = estimates.squares[at] / (sd * sd);
  }
}

/** The same by medians and midvariances, which need the standardized values themselves: these are kept for shrinking. */
function robustSiteMoments(
  { estimates, residuals }: { readonly estimates: BlockEstimates; readonly residuals: Float64Array },
  { block: { width }, w, feature }: BlockFeature,
  { mean, result }: FeatureContext,
): void {
  const { codes, siteCount } = mean.design;
  const features = result.status.length;
  const sd = result.pooledSd[feature];
  const z = residuals.map(
    (rest, row) => (estimates.intercepts[codes[row] * width + w] - result.grandMean[feature] + rest) / sd,
  );
  for (let site = 0; site < siteCount; site++) {
    const own = z.filter((value, row) => value === value && codes[row] === site);
    if (own.length === 0) continue;
    const { location, squares } = medianAndMidvariance(own);
    result.location[site * features + feature] = location;
    result.squares[site * features + feature] = squares;
    result.values?.set(site * features + feature, own);
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
