import type { BlockEstimates, FeatureBlock } from '../means/mean-model';
import type { LocationScale } from './location-scale';

/** What the sites have together of one feature, or the reference site alone, where there is one. */
export interface PooledSquares {
  /** How many values. */
  readonly present: number;
  /** The squares of their residuals. */
  readonly squares: number;
}

/** σ of one feature. */
export interface FeatureSpread {
  /** σ̂, where it depends on covariates at their mean. */
  readonly sd: number;
}

/** From where and in what unit the features of a block are measured: Z = (y − center) / sd; `NaN` where σ̂ is not known. */
export interface BlockUnits {
  readonly center: Float64Array;
  readonly sd: Float64Array;
}

/** What the sites have of a block, in units of σ: sites × width, `NaN` where a site has no value, or σ̂ is not known. */
export interface MeasuredSites {
  /** γ̂. */
  readonly location: Float64Array;
  /** Σ(Z − γ̂)². */
  readonly squares: Float64Array;
  /** The standardized values of site s and feature w at `s * width + w`, where shrinking needs them. */
  readonly values?: ReadonlyMap<number, Float64Array>;
}

/** A scale model fitted to a block of features. */
export interface ScaledBlock {
  /** The mean model: as it came, or fitted again where μ depends on σ. */
  readonly estimates: BlockEstimates;
  /** ω̂: scale columns × width. */
  readonly slopes: Float64Array;
  /** 1 where the likelihood of σ has no highest point. */
  readonly endless: Uint8Array;
  /** σ̂ of a feature. */
  spread(w: number, pooled: PooledSquares): FeatureSpread;
  /** γ̂ and Σ(Z − γ̂)² of every site and feature. */
  sites(units: BlockUnits): MeasuredSites;
}

/** Measures the sites of each feature by itself, one feature after the other: where their values are looked at, or weighted. */
export function measureByFeature(
  counts: Float64Array,
  { center, sd }: BlockUnits,
  measure: (
    w: number,
    site: number,
    about: { readonly center: number; readonly sd: number },
  ) => LocationScale & { readonly values?: Float64Array },
): MeasuredSites {
  const width = sd.length;
  const location = new Float64Array(counts.length).fill(NaN);
  const squares = new Float64Array(counts.length).fill(NaN);
  const values = new Map<number, Float64Array>();
  for (let w = 0; w < width; w++) {
    if (Number.isNaN(sd[w])) continue;
    for (let at = w, site = 0; at < counts.length; at += width, site++) {
      if (counts[at] === 0) continue;
      const own = measure(w, site, { center: center[w], sd: sd[w] });
      location[at] = own.location;
      squares[at] = own.squares;
      if (own.values !== undefined) values.set(at, own.values);
    }
  }
  return { location, squares, values };
}

/**
 * A scale model σ of the frame: how much scans vary about the mean model, and in what way sites are measured. Members differ in it:
 * the root of the mean squared residual (ComBat), a biweight midvariance (robust), or a σ for each scan that depends on its
 * covariates (ComBatLS).
 */
export interface ScaleModel {
  /** How many columns of covariates σ depends on. */
  readonly columns: number;
  /** Whether shrinking needs the standardized values, and not only their squares. */
  readonly keepsValues: boolean;
  fit(block: FeatureBlock, first: BlockEstimates): ScaledBlock;
}
