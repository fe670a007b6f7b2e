import type { FeatureMatrix } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { CombatSettings, FeatureStatus } from '../combat-model';
import type { FeatureBlock, MeanModel } from '../means/mean-model';
import type { ScaleModel } from '../scales/scale-model';
import { advise, option } from '../../remedy';
import { columnNorms } from '../design/confounding';
import type { Standardized } from './standardize-block';
import { standardizeBlock } from './standardize-block';

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
    present: new Float64Array(features),
    scaleCoefficients: new Float64Array(scale.columns * features).fill(NaN),
    endless: new Uint8Array(features),
    penalties: new Float64Array(mean.smooths * features).fill(NaN),
    freedom: new Float64Array(mean.smooths * features).fill(NaN),
    values: scale.keepsValues ? new Map<number, Float64Array>() : undefined,
  };
  const { values, codes } = mean.design;
  const columnSizes = columnNorms(values, columns).map((norm) => norm / Math.sqrt(codes.length || 1));
  const context = { mean, result, names: matrix.features, columnSizes, ...options };
  // Blocks are what one may cancel between.
  const width =
    scale.columns > 0
      ? Math.min(features, fewestSlow)
      : blockWidth(features, { rows: matrix.subjects.length, perFeature: siteCount + columns });
  for (let first = 0; first < features; first += width) {
    await breathe(options.run.signal);
    const block = blockAt(matrix, first, Math.min(width, features - first), options.settings.transform);
    standardizeBlock(scale.fit(block, mean.fit(block)), block, context);
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

/** The error for a value that has no logarithm where one is to be taken. */
export function notPositive(value: number, subject: string, feature: string): ConcordError {
  return new ConcordError(
    'invalid-number',
    `invalid value of ${feature} for subject "${subject}": ${value}`,
    { where: { subject, feature }, remedy: advise`${option('transform', 'log')} requires values above 0` },
  );
}
