import type { Issue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import type { TableReading } from '../data/table-reading';
import type { CombatTerm } from './design/formula';
import type { SmoothBasis } from './design/smooth-basis';

/** How empirical Bayes shrinks the site estimates: parametric or non-parametric priors, or not at all. */
export type CombatEb = 'parametric' | 'nonparametric' | 'none';

/**
 * Whether the location of a site is adjusted without its scale: `true` in the published form, `'shrunk-by-size'` with
 * the weight of the site's scans.
 */
export type CombatMeanOnly = boolean | 'shrunk-by-size';

/** The settings a ComBat model was fitted with, defaults filled in. */
export interface CombatSettings {
  /** Covariates whose effects are kept, as straight lines, levels or smooths. */
  readonly preserve: readonly string[];
  /** The curves that smooths are made of. */
  readonly basis: SmoothBasis;
  /** How the penalties of smooths were chosen: by which score, or not at all. */
  readonly smoothing: 'reml' | 'gcv' | 'kfold' | 'given';
  readonly eb: CombatEb;
  /** Adjust location only, leave the scale of every site as it is. */
  readonly meanOnly: CombatMeanOnly;
  /** The site whose scans stay as they are, or `null` to harmonize to the average of all. */
  readonly reference: string | null;
  /** `log` models the logarithm, for quantities that cannot be negative. */
  readonly transform: 'none' | 'log';
  /** What the residual sum of squares is divided by: the cells present, or one fewer. */
  readonly varianceDivisor: 'n' | 'n-1';
  /** Whether location and scale are medians and biweight midvariances instead of means and variances. */
  readonly robust: boolean;
  /** Largest relative change at which the parametric iteration stops. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** What was done with a feature: harmonized, or passed through because it is constant or cannot be fitted. */
export type FeatureStatus = 'harmonized' | 'constant' | 'not-estimable';

/**
 * The priors of one site over its features: location effects γ ~ N(mean, variance), scale effects
 * δ² ~ inverse gamma(shape, scale). `NaN` where the features do not differ, so that there is nothing to fit.
 */
export interface CombatPrior {
  /** γ̄, in units of the pooled standard deviation. */
  readonly locationMean: number;
  /** τ². */
  readonly locationVariance: number;
  /** The inverse-gamma shape, written a or λ in the papers. */
  readonly scaleShape: number;
  /** The inverse-gamma scale, written b or θ in the papers. */
  readonly scaleScale: number;
}

/** What a model learned about one site. */
export interface CombatSite {
  readonly name: string;
  readonly subjects: number;
  /** `reference`: left as it is; `location`: only shifted; else shifted and rescaled. */
  readonly adjusts: 'location-and-scale' | 'location' | 'reference';
  /** The fitted priors; `null` for the reference site, and where empirical Bayes is off or one feature alone is fitted. */
  readonly prior: CombatPrior | null;
  /** The most iterations any feature took to converge; 0 where none are needed. */
  readonly iterations: number;
}

/** A covariate as the model uses it: bound by name, with the range or levels it was fitted on. */
export type CombatCovariate =
  | {
      readonly kind: 'continuous';
      readonly name: string;
      readonly unit?: string;
      readonly min: number;
      readonly max: number;
      /** There where its effect is a smooth, or several, and no straight line. */
      readonly smooth?: true;
    }
  | {
      readonly kind: 'categorical';
      readonly name: string;
      readonly levels: readonly string[];
      /** The level that the others are compared with. */
      readonly reference: string;
    };

/** A smooth effect of a covariate: a curve of cubic B-splines, which continues as a straight line beyond its inner knots. */
export interface CombatSmooth {
  readonly name: string;
  /** The level that it is the curve of, where each level of another covariate has its own. */
  readonly by?: { readonly covariate: string; readonly level: string };
  readonly basis: SmoothBasis;
  /** All knots, ascending: 10 B-splines need 14, as many as there are without `splines`. */
  readonly knots: readonly number[];
  /**
   * `p-spline`: the mean of each B-spline over the scans fitted on. The columns are the B-splines times an orthonormal
   * basis of what is at right angles to these, so that each has mean 0.
   */
  readonly centers: readonly number[];
}

/**
 * A fitted ComBat model: a plain value, everything learned open to inspection. Arrays are row-major; a row of
 * length `features.length` per design column or per site. Quantities of features that were passed through, and
 * of features without a value at a site, are `NaN`.
 */
export interface CombatModel {
  readonly kind: 'combat';
  /** Version of this layout. */
  readonly schema: 3;
  /** Version of `concord-mri` that fitted it. */
  readonly version: string;
  readonly settings: CombatSettings;
  readonly features: readonly string[];
  readonly status: readonly FeatureStatus[];
  readonly sites: readonly CombatSite[];
  readonly covariates: readonly CombatCovariate[];
  /** Their linear effects: `['age']` is a main effect, `['age', 'sex']` an interaction. */
  readonly terms: readonly CombatTerm[];
  /** The smooth effects among them. */
  readonly smooths: readonly CombatSmooth[];
  /**
   * Names of the design columns of the covariates, for example `age`, `sex=M` and `age:sex=M`, then `s(age).1` to `s(age).9` of
   * smooths.
   */
  readonly columns: readonly string[];
  /** The mean of each design column over the subjects fitted on, which is subtracted from the column. */
  readonly columnMeans: Float64Array;
  /**
   * α̂ per feature: its value at the average site (or the reference site) and at the mean of every covariate, in
   * the feature's units (of the logarithm, where `transform` is `log`).
   */
  readonly grandMean: Float64Array;
  /** σ̂ per feature, in the units of `grandMean`: at the mean of `scaleColumns`, where it depends on covariates. */
  readonly pooledSd: Float64Array;
  /** The effects of covariates on the logarithm of σ (ComBatLS), as `terms`; none where σ is the same for all scans. */
  readonly scaleTerms: readonly CombatTerm[];
  /** Names of their design columns. */
  readonly scaleColumns: readonly string[];
  /** The mean of each of these over the subjects fitted on, which is subtracted. */
  readonly scaleMeans: Float64Array;
  /** ω̂: scale columns × features; σ of a scan is `pooledSd` · exp(column · ω̂). */
  readonly scaleCoefficients: Float64Array;
  /** β̂: columns × features, in the units of `grandMean` per unit of the covariate. */
  readonly coefficients: Float64Array;
  /** λ: smooths × features, the penalty on each curve; the larger, the straighter. */
  readonly penalties: Float64Array;
  /** Smooths × features: the effective degrees of freedom of each curve; 1 is a straight line. */
  readonly freedom: Float64Array;
  /** γ̂: sites × features, location effects as estimated, in pooled standard deviations. */
  readonly gammaHat: Float64Array;
  /** δ̂²: sites × features, scale effects as estimated: a ratio of variances. */
  readonly deltaHat: Float64Array;
  /** γ*: sites × features, location effects as applied. */
  readonly gammaStar: Float64Array;
  /** δ*²: sites × features, scale effects as applied: a ratio of variances. */
  readonly deltaStar: Float64Array;
  /**
   * The priors over all sites and features together, from which an unseen site is estimated; `null` where
   * empirical Bayes is off or had fewer than two site effects to learn from.
   */
  readonly pooledPrior: CombatPrior | null;
  /** How the table it was fitted on was read, so that others can be read alike; absent in models of older versions. */
  readonly reading?: TableReading;
  /** What was noticed while fitting. */
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and this fit. */
  readonly provenance: Provenance;
}
