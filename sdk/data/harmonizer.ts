import type { Cohort, CohortOf } from './cohort';
import type { RunOptions } from './run-options';

/** Options of {@link Harmonizer.apply}. */
export interface HarmonizeToOptions extends RunOptions {
  /**
   * What the cohort is harmonized to: one of `targets(model)`.
   *
   * @defaultValue `'average'`, or the only target there is; where there is neither, one must be given
   */
  readonly target?: string;
}

/**
 * What every harmonization method offers, so that evaluation and comparisons treat them alike: it is fitted on
 * one cohort and applied to that or another.
 */
export interface Harmonizer<Model = unknown, Kind extends Cohort['kind'] = 'features'> {
  /** The method, for tables and plots; `methods.harmonizedTo` adds what it harmonized to. */
  readonly name: string;
  /** The payload it works on. */
  readonly kind: Kind;
  /**
   * The covariates whose effects it keeps, so that an audit can warn about rare levels of them, and about other
   * covariates that differ between sites.
   *
   * @defaultValue not known
   */
  readonly preserves?: readonly string[];
  /**
   * The names of the batch variables whose effects it takes out: an audit does not take them for biology.
   *
   * @defaultValue none but the site
   */
  readonly removes?: readonly string[];
  /**
   * The covariates that it fits a curve of: those of held-out participants may be beyond the range that a curve was learned on,
   * which an evaluation in folds reports.
   *
   * @defaultValue none
   */
  readonly curves?: readonly string[];
  /**
   * Whether an option `preserve` says what it keeps, so that an audit advises that option.
   *
   * @defaultValue `false`
   */
  readonly canPreserve?: boolean;
  /** Learns from a cohort; the cohort is left as it is. */
  fit(cohort: CohortOf<Kind>, run?: RunOptions): Promise<Model>;
  /**
   * Harmonizes a cohort; returns a new one with the same scans in the same order, and one step more in its provenance.
   * Features are found by name: they come back in the model's order, without those that it does not know, which are named
   * by issues.
   *
   * @throws ConcordError `unknown-site` for a target that `targets` does not name; `invalid-option` where a target must be
   * named and is not; `unknown-column` where features of the model are missing; `aborted`.
   */
  apply(model: Model, cohort: CohortOf<Kind>, options?: HarmonizeToOptions): Promise<CohortOf<Kind>>;
  /** What a cohort can be harmonized to: `average` first where the method has it, then the names of sites. */
  targets(model: Model): readonly string[];
}
