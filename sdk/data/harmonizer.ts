import type { FeatureCohort } from './cohort';
import type { RunOptions } from './run-options';

/**
 * What every harmonization method offers, so that evaluation and comparisons treat them alike: it is fitted on
 * one cohort and applied to that or another.
 */
export interface Harmonizer<Model = unknown> {
  /** The method and what sets this use of it apart, for tables and plots. */
  readonly name: string;
  /** The payload it works on. */
  readonly kind: 'features';
  /** Learns from a cohort; the cohort is left as it is. */
  fit(cohort: FeatureCohort, run?: RunOptions): Promise<Model>;
  /** Harmonizes a cohort; returns a new one with the same subjects and features in the same order. */
  apply(model: Model, cohort: FeatureCohort, run?: RunOptions): Promise<FeatureCohort>;
  /** What a cohort can be harmonized to: site names, or `average`. */
  targets(model: Model): readonly string[];
}
