import { ConcordError } from '../../errors';
import type { FeatureStatus } from '../combat-model';
import type { FeatureBlock, MeanModel } from '../means/mean-model';
import type { BlockUnits, ScaledBlock } from '../scales/scale-model';
import { isExact } from './is-exact';
import type { PooledBlock } from './pool-sites';
import { poolSites } from './pool-sites';

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
  /** How many values each feature has. */
  readonly present: Float64Array;
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

/**
 * A feature whose residual spread is below this share of its size has nothing but rounding in it: float64 rounds to 1e-16 of a
 * number, and sums of a fit to about 1e-14. What is measured is never so exact: a scanner has four digits, a file of 32-bit floats
 * seven, so that chance alone leaves ten thousand times as much.
 */
const noSpread = 1e-12;

/** A curve that leaves less than this share may leave it to its penalty alone, which is looked at. */
const bentAlone = 1e-3;

/** What blocks are standardized by, and what they fill in. */
export interface FrameContext {
  readonly mean: MeanModel;
  readonly result: Standardized;
  readonly names: readonly string[];
  /** The size of each column of the design: the root of its mean square. */
  readonly columnSizes: Float64Array;
  readonly reference: number;
  readonly inflation?: Float64Array;
}

/** Writes down what is known of the features of a block: their status, μ and σ, and the location and scale of every site. */
export function standardizeBlock(scaled: ScaledBlock, block: FeatureBlock, context: FrameContext): void {
  const { result } = context;
  const { estimates } = scaled;
  const { width } = block;
  const pooled = poolSites(estimates, width, { design: context.mean.design, reference: context.reference });
  const units = { center: new Float64Array(width).fill(NaN), sd: new Float64Array(width).fill(NaN) };
  for (let w = 0; w < width; w++) {
    const feature = block.first + w;
    const status = statusOf(scaled, { w, feature, pooled, units, block }, context);
    result.status[feature] = status;
  }
  copyHarmonized(estimates.coefficients, result.coefficients, block, result);
  copyHarmonized(estimates.penalties, result.penalties, block, result);
  copyHarmonized(estimates.freedom, result.freedom, block, result);
  copyHarmonized(scaled.slopes, result.scaleCoefficients, block, result);
  const { location, squares, values } = scaled.sites(units);
  result.endless.set(scaled.endless, block.first);
  result.present.set(pooled.values, block.first);
  result.grandMean.set(units.center, block.first);
  result.pooledSd.set(units.sd, block.first);
  copyRows(estimates.counts, result.counts, block, result);
  copyRows(location, result.location, block, result);
  copyRows(squares, result.squares, block, result);
  values?.forEach((own, at) => {
    const site = Math.floor(at / width);
    result.values?.set(site * result.status.length + block.first + (at % width), own);
  });
}

/** Decides whether a feature can be harmonized; μ and σ of one that can are written into `units`. */
function statusOf(
  scaled: ScaledBlock,
  {
    w,
    feature,
    pooled,
    units,
    block,
  }: {
    readonly w: number;
    readonly feature: number;
    readonly pooled: PooledBlock;
    readonly units: BlockUnits;
    readonly block: FeatureBlock;
  },
  { mean, names, columnSizes, reference, inflation: inflations }: FrameContext,
): FeatureStatus {
  const { estimates, endless } = scaled;
  const everywhere = pooled.everywhere[w];
  if (estimates.failed[w] === 0 && !(everywhere < Infinity)) throw overflow(names[feature]);
  const inflation = inflations?.[feature] ?? 1;
  const present = pooled.present[w];
  if (estimates.failed[w] === 1 || endless[w] === 1 || present === 0 || Number.isNaN(inflation))
    return 'not-estimable';
  const { sd: measured } = scaled.spread(w, { present, squares: pooled.squares[w] });
  const sd = measured * Math.sqrt(inflation);
  const width = units.sd.length;
  let size = Math.max(pooled.size[w], mean.explained?.(feature) ?? 0);
  for (let k = 0; k < columnSizes.length; k++)
    size = Math.max(size, columnSizes[k] * Math.abs(estimates.coefficients[k * width + w]));
  // Spread elsewhere but none at the reference site, or in less than half of the values: nothing to measure it by.
  if (!(sd > noSpread * size))
    return everywhere > (noSpread * size) ** 2 * pooled.values[w] ? 'not-estimable' : 'constant';
  if (
    mean.smooths > 0 &&
    sd < bentAlone * size &&
    isExact(block, w, { design: mean.design, least: noSpread * size })
  )
    return 'constant';
  units.center[w] =
    reference === -1 ? pooled.weighted[w] / pooled.weight[w] : estimates.intercepts[reference * width + w];
  units.sd[w] = sd;
  return 'harmonized';
}

/** Copies all rows of a block to the whole, but for features that are not harmonized, of which nothing is known. */
function copyHarmonized(
  from: Float64Array,
  to: Float64Array,
  block: FeatureBlock,
  result: Standardized,
): void {
  const { status } = result;
  copyRows(from, to, block, result);
  for (let w = 0; w < block.width; w++) {
    const feature = block.first + w;
    if (status[feature] === 'harmonized') continue;
    for (let row = 0; row * block.width < from.length; row++) to[row * status.length + feature] = NaN;
  }
}

/** Copies all rows of a block to the whole. */
function copyRows(
  from: Float64Array,
  to: Float64Array,
  { width, first }: FeatureBlock,
  { status }: Standardized,
): void {
  for (let row = 0; row * width < from.length; row++)
    to.set(from.subarray(row * width, (row + 1) * width), row * status.length + first);
}

/** The error for values near the limits of float64: one such feature would make all others missing. */
function overflow(feature: string): ConcordError {
  return new ConcordError(
    'invalid-number',
    `invalid values of ${feature}: their squares overflow (values below about 1e150 are allowed; choose another unit)`,
    { where: { feature } },
  );
}
