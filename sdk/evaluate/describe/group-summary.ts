import { max, mean, median, min, sampleStandardDeviation } from 'simple-statistics';
import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import type { Quantity } from '../../data/quantity';
import { quantityNamed } from '../../data/quantity';
import { groupsBy } from './groups';

/** Options of {@link groupSummary}. */
export interface GroupSummaryOptions {
  /**
   * What makes the groups: `site`, a categorical covariate, or several of these.
   *
   * @defaultValue `'site'`
   */
  readonly by?: string | readonly string[];
}

/**
 * One quantity in one group. Besides these columns there is one for each grouping, which come first: `site`, `sex`; its
 * value is `null` where the level is missing.
 */
export interface GroupSummaryRow {
  readonly [grouping: string]: string | number | null;
  readonly quantity: string;
  /** How many rows of the group have a value; the figures are of these. */
  readonly n: number;
  /** How many have none. */
  readonly missing: number;
  readonly mean: number;
  /** The sample standard deviation (divided by n − 1); `NaN` for one value. */
  readonly sd: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * Mean, spread and range of some features or continuous covariates in each group: one row per group and quantity, which
 * `show` draws as a table, `writeRows` writes and danfojs makes a data frame of. A group without a value has `NaN`.
 *
 * @param quantities - names of features or continuous covariates
 * @throws ConcordError `unknown-column` when a name is not there; `invalid-option` for a covariate of the other kind.
 * @example
 * ```ts
 * show(groupSummary(cohort, ['age', 'left.fusiform'], { by: 'site' }));
 * ```
 */
export function groupSummary(
  cohort: FeatureCohort,
  quantities: readonly string[],
  options: GroupSummaryOptions = {},
): readonly GroupSummaryRow[] {
  requireCall('groupSummary', { cohort, quantities, options });
  const { by = 'site' } = options;
  const found = quantities.map((name) => quantityNamed(cohort, name));
  return groupsBy(cohort, [by].flat()).flatMap(({ labels, rows }) =>
    found.map((quantity) => ({ ...labels, ...summarize(quantity, rows) })),
  );
}

function summarize({ name, values }: Quantity, rows: readonly number[]): GroupSummaryRow {
  const present = rows.map((row) => values[row]).filter((value) => !Number.isNaN(value));
  const known = present.length > 0;
  return {
    quantity: name,
    n: present.length,
    missing: rows.length - present.length,
    mean: known ? mean(present) : NaN,
    sd: present.length > 1 ? sampleStandardDeviation(present) : NaN,
    min: known ? min(present) : NaN,
    median: known ? median(present) : NaN,
    max: known ? max(present) : NaN,
  };
}
