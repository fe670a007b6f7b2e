import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { TableReading } from '../../data/table-reading';
import type { CombatModel } from '../combat-model';
import type { BatchVariable } from './batch-variables';
import type { MixtureSplit } from './mixture-split';

/** An order of batch variables that was tried, whole or (with more than four variables) as far as it was. */
export interface TriedOrder {
  readonly order: readonly string[];
  /** How many pairs of feature and batch variable still differed after it: Anderson–Darling p < 0.05. */
  readonly differing: number;
}

/** ComBat by one batch variable, on what the variables before it left. */
export interface BatchStep {
  /** The name of the variable. */
  readonly batch: string;
  /** Its levels are the sites of this model. */
  readonly combat: CombatModel;
}

/** How many features differ between the levels of a batch variable: Anderson–Darling p < 0.05. */
export interface DifferingFeatures {
  readonly batch: string;
  readonly before: number;
  readonly after: number;
}

/** The settings of a nested model, defaults filled in; those of ComBat are in its steps. */
export interface NestedCombatSettings {
  /** Covariates whose effects are kept in every step. */
  readonly preserve: readonly string[];
  /** Whether the order was searched, or is the one that was given. */
  readonly order: 'searched' | 'given';
  /** What became of the groups of a mixture: a batch variable, or a covariate that is preserved. */
  readonly mixture: 'none' | 'batch' | 'preserve';
  /** The levels that are harmonized to, by batch variable; empty: the average of all scans. */
  readonly references: Readonly<Record<string, string>>;
}

/** A fitted nested ComBat model: ComBat by one batch variable after the other, in the order that leaves the least differences. */
export interface NestedCombatModel {
  readonly kind: 'nested-combat';
  /** Version of this layout. */
  readonly schema: 1;
  /** Version of `concord-mri` that fitted it. */
  readonly version: string;
  readonly settings: NestedCombatSettings;
  /** The batch variables, in the order in which they were listed. */
  readonly batches: readonly BatchVariable[];
  /** The groups that were found, where they were looked for and there are some. */
  readonly split?: MixtureSplit;
  /** What is done, in this order. */
  readonly steps: readonly BatchStep[];
  /** Every order that was tried, as it was tried; of equals the first is taken. Empty where the order was given. */
  readonly tried: readonly TriedOrder[];
  /** What was to be seen of each batch variable, before and after. */
  readonly differing: readonly DifferingFeatures[];
  /** The sites of the scans that it was fitted on, sorted: a batch variable or not. */
  readonly sites: readonly string[];
  /** How the table it was fitted on was read, so that others can be read alike. */
  readonly reading?: TableReading;
  /** What was noticed while fitting. */
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and this fit. */
  readonly provenance: Provenance;
}
