import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { TableReading } from '../../data/table-reading';
import type { CombatModel } from '../combat-model';

/** The settings of the second step of CovBat, defaults filled in; those of the first are in its ComBat model. */
export interface CovbatSettings {
  /** The share of the variance that the harmonized components exceed together; `null` where their number was given. */
  readonly variance: number | null;
  /** Whether features were divided by their standard deviation before components were taken. */
  readonly standardize: boolean;
  /** Whether site effects on scores were shrunk by empirical Bayes. */
  readonly scoreEb: boolean;
  /** Covariates whose effects on scores are kept. */
  readonly scorePreserve: readonly string[];
}

/**
 * A fitted CovBat model: ComBat of the features, and ComBat of the leading principal components of what is left of them.
 * Arrays are row-major; quantities of features that were passed through are `NaN`, loadings of these 0.
 */
export interface CovbatModel {
  readonly kind: 'covbat';
  /** Version of this layout. */
  readonly schema: 1;
  /** Version of `concord-mri` that fitted it. */
  readonly version: string;
  readonly settings: CovbatSettings;
  /** The first step: mean and variance of each feature. */
  readonly combat: CombatModel;
  /** The mean of each feature after it, over what is expected, which is subtracted. */
  readonly centers: Float64Array;
  /** What each feature is divided by then: its standard deviation, or 1. */
  readonly scales: Float64Array;
  /** Components × features: unit vectors at right angles. */
  readonly rotation: Float64Array;
  /** The share of the variance along each component. */
  readonly explained: Float64Array;
  /** The second step: ComBat of the scores. Its features are `component 1` and so on. */
  readonly scores: CombatModel;
  /** How the table it was fitted on was read, so that others can be read alike. */
  readonly reading?: TableReading;
  /** What was noticed while fitting. */
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and this fit. */
  readonly provenance: Provenance;
}

/** What leftovers are measured from, and in which unit. */
export type LeftoverUnits = Pick<CovbatModel, 'centers' | 'scales'>;

/** Scores of scans. */
export interface KnownScores {
  /** Scans × components. */
  readonly scores: Float64Array;
  /** How many cells of harmonized features of these scans are missing. */
  readonly cells: number;
}
