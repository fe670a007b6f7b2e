import type { FeatureCohort } from '../data/cohort';

/** The distributions that one simulated site's effects were drawn from, in the words of `CombatPrior`. */
export interface SimulatedPrior {
  /** Mean over features of the location effects, in feature standard deviations. */
  readonly locationMean: number;
  /** Variance over features of the location effects. */
  readonly locationVariance: number;
  /** Shape of the inverse gamma of the scale effects; infinite where they do not vary over features. */
  readonly scaleShape: number;
  /** Mean over features of the scale effects (a ratio of variances); the inverse gamma's scale is this × (shape − 1). */
  readonly scaleMean: number;
}

/** What one simulated site did to the measurements. */
export interface SiteTruth {
  readonly name: string;
  readonly subjects: number;
  /** The normal distribution its ages come from, in years, before it is cut to the range of ages. */
  readonly ageMean: number;
  readonly ageSd: number;
  /** Probability of a subject being female. */
  readonly femaleShare: number;
  /** γ per feature: the shift, in feature standard deviations. */
  readonly location: Float64Array;
  /** δ² per feature: the ratio of the variance at this site to the true one. */
  readonly scale: Float64Array;
  readonly prior: SimulatedPrior;
}

/**
 * What a simulated cohort was made from. The value of feature v of a subject at site i is
 *
 * mean + ageSlope · (age − referenceAge) + sexEffect · [male] + sd · (location + √scale · noise)
 *
 * with noise of variance 1, correlated over the features of a subject.
 */
export interface FeatureTruth {
  /** The same subjects with the same noise but without site effects or missing cells: what to get back. */
  readonly harmonized: FeatureCohort;
  /** Per feature: the expected value of a woman of `referenceAge`, in feature units. */
  readonly mean: Float64Array;
  /** Per feature: the standard deviation between subjects of the same age and sex, in feature units. */
  readonly sd: Float64Array;
  /** Per feature: the change per year of age, in feature units. */
  readonly ageSlope: Float64Array;
  /** Per feature: men minus women, in feature units. */
  readonly sexEffect: Float64Array;
  /** In years. */
  readonly referenceAge: number;
  readonly sites: readonly SiteTruth[];
}
