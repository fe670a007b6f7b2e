import type { FeatureMatrix } from '../data/feature-matrix';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { ConcordError } from '../errors';
import type { CombatSettings, FeatureStatus } from './combat-model';
import type { BlockEstimates, FeatureBlock, Regression } from './site-estimates';
import { estimateBlock } from './site-estimates';
import { advise, option } from '../remedy';

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
}

/** A feature whose residual spread is below this share of its size has nothing but rounding in it. */
const noSpread = 1e-12;

/**
 * Runs over the feature table in blocks narrow enough for the processor's cache and keeps, of each feature, only
 * the numbers that the empirical Bayes step needs: the standardized table itself is never held.
 *
 * @param reference - the index of the reference site, or −1
 */
export async function standardize(
  matrix: FeatureMatrix,
  regression: Regression,
  options: {
    settings: CombatSettings;
    reference: number;
    run: RunOptions;
    report: (features: number) => void;
  },
): Promise<Standardized> {
  const features = matrix.features.length;
  const { siteCount, columns } = regression;
  const result: Standardized = {
    status: new Array<FeatureStatus>(features).fill('harmonized'),
    grandMean: new Float64Array(features).fill(NaN),
    pooledSd: new Float64Array(features).fill(NaN),
    coefficients: new Float64Array(columns * features).fill(NaN),
    location: new Float64Array(siteCount * features).fill(NaN),
    squares: new Float64Array(siteCount * features).fill(NaN),
    counts: new Float64Array(siteCount * features),
  };
  const width = Math.min(features, Math.max(64, Math.floor(32768 / (siteCount + columns))));
  for (let first = 0; first < features; first += width) {
    await breathe(options.run.signal);
    const block = blockAt(matrix, first, Math.min(width, features - first), options.settings.transform);
    const estimates = estimateBlock(block, regression);
    for (let w = 0; w < block.width; w++) {
      standardizeFeature(
        estimates,
        { w, width: block.width, feature: first + w },
        { regression, result, names: matrix.features, ...options },
      );
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
  if (transform === 'none') return { data: matrix.values, stride, offset: first, width };
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
  return { data, stride: width, offset: 0, width };
}

function standardizeFeature(
  estimates: BlockEstimates,
  { w, width, feature }: { w: number; width: number; feature: number },
  context: {
    regression: Regression;
    result: Standardized;
    names: readonly string[];
    settings: CombatSettings;
    reference: number;
  },
): void {
  const { regression, result, settings, reference } = context;
  const { siteCount, columns, siteSizes } = regression;
  const features = result.status.length;
  let present = 0;
  let squares = 0;
  let everywhere = 0;
  let weight = 0;
  let weighted = 0;
  let size = 0;
  for (let site = 0; site < siteCount; site++) {
    const at = site * width + w;
    const count = estimates.counts[at];
    result.counts[site * features + feature] = count;
    if (count === 0) continue;
    weighted += siteSizes[site] * estimates.intercepts[at];
    weight += siteSizes[site];
    size = Math.max(size, Math.abs(estimates.intercepts[at]));
    everywhere += estimates.squares[at];
    if (reference === -1 || reference === site) {
      present += count;
      squares += estimates.squares[at];
    }
  }
  if (estimates.failed[w] === 0 && !(everywhere < Infinity)) throw overflow(context.names[feature]);
  if (estimates.failed[w] === 1 || present === 0) {
    result.status[feature] = 'not-estimable';
    return;
  }
  const divisor = settings.varianceDivisor === 'n' ? present : present - 1;
  const sd = Math.sqrt(squares / divisor);
  if (!(sd > noSpread * size)) {
    // Spread elsewhere but none at the reference site: there is nothing to measure it by.
    result.status[feature] = everywhere > squares ? 'not-estimable' : 'constant';
    return;
  }
  const grandMean = reference === -1 ? weighted / weight : estimates.intercepts[reference * width + w];
  result.grandMean[feature] = grandMean;
  result.pooledSd[feature] = sd;
  for (let k = 0; k < columns; k++) {
    result.coefficients[k * features + feature] = estimates.coefficients[k * width + w];
  }
  for (let site = 0; site < siteCount; site++) {
    const at = site * width + w;
    if (estimates.counts[at] === 0) continue;
    result.location[site * features + feature] = (estimates.intercepts[at] - grandMean) / sd;
    result.squares[site * features + feature] = estimates.squares[at] / (sd * sd);
  }
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
