import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { TableReading } from '../../data/table-reading';
import type { CombatModel } from '../combat-model';

/** The settings of the mixed model of longitudinal ComBat, defaults filled in; those of ComBat are in its ComBat model. */
export interface LongitudinalSettings {
  /** What σ̂² is: the residual variance by restricted maximum likelihood, or the mean squared residual. */
  readonly residualVariance: 'reml' | 'msr';
  /** The covariate over which persons differ in slope; `null` where they differ in level alone. */
  readonly randomSlope: string | null;
}

/**
 * A fitted longitudinal ComBat model: what sets each person apart, and ComBat of what is left without it. Arrays are
 * row-major; numbers of features that have no mixed model are `NaN`, their effects 0.
 */
export interface LongitudinalModel {
  readonly kind: 'longitudinal';
  /** Version of this layout. */
  readonly schema: 1;
  /** Version of `concord-mri` that fitted it. */
  readonly version: string;
  readonly settings: LongitudinalSettings;
  /** ComBat of the features without the effects of persons. */
  readonly combat: CombatModel;
  /** The persons it was fitted on. */
  readonly persons: readonly string[];
  /** The ids of their scans that it was fitted on. */
  readonly scans: readonly string[];
  /** Where the effects of a person are level and slope: the time that they are measured from, and its unit. */
  readonly time: LongitudinalTime | null;
  /** Persons × effects × features: the level of each and, with slopes, the change per unit of {@link time}. */
  readonly effects: Float64Array;
  /** Pairs × features: the variance of levels and, with slopes, the covariance of both and the variance of slopes. */
  readonly covariance: Float64Array;
  /** The residual variance of each feature by restricted maximum likelihood. */
  readonly residualVariance: Float64Array;
  /** The REML criterion of each feature, as lme4 gives it; how curves bend is among its random effects. */
  readonly criterion: Float64Array;
  /** How the table it was fitted on was read, so that others can be read alike. */
  readonly reading?: TableReading;
  /** What was noticed while fitting. */
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and this fit. */
  readonly provenance: Provenance;
}

/** Time as slopes count it: (value − center) / spread. */
export interface LongitudinalTime {
  readonly center: number;
  readonly spread: number;
}

/** How many effects a person has. */
export function effectCount({ time }: Pick<LongitudinalModel, 'time'>): number {
  return time === null ? 1 : 2;
}
