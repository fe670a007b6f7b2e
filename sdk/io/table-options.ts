import type { RunOptions } from '../data/run-options';

/** A covariate to be read from a table. */
export interface CovariateSpec {
  /** The name of its column. */
  readonly name: string;
  /** @defaultValue inferred from the values, and reported as an issue */
  readonly kind?: 'continuous' | 'categorical';
  /** The unit of a continuous covariate, for example `years`. */
  readonly unit?: string;
  /**
   * The levels of a categorical covariate, in the order wanted.
   *
   * @defaultValue those in the table, sorted
   */
  readonly levels?: readonly string[];
}

/**
 * Which columns are features: a column name, a glob such as `left.*`, several of them separated by commas, a
 * regular expression, or a list of these.
 */
export type FeatureSelection = string | RegExp | readonly (string | RegExp)[];

/** What the columns of a table mean. */
export interface TableOptions {
  /**
   * The column of subject ids.
   *
   * @defaultValue the first of `participant_id`, `subject`, `subject_id`, `id` that is there; the first column of a
   * FreeSurfer table
   */
  readonly id?: string;
  /**
   * The column of sites (scanners, batches).
   *
   * @defaultValue `'site'`
   */
  readonly site?: string;
  /** The columns of covariates. */
  readonly covariates?: readonly (string | CovariateSpec)[];
  /**
   * The columns of features.
   *
   * @defaultValue every other column of numbers, judged by all rows, but those whose names or values say that they are no
   * measures of the brain: properties of the subject, ids, row numbers, codes of the site, dates, scores, measures of the
   * whole head, and single ones whose scale is far from the rest. Each is named in an issue and in the cohort's `reading`.
   */
  readonly features?: FeatureSelection;
  /**
   * The texts that mark a missing value; a number among them, such as `-999`, counts however it is written.
   *
   * @defaultValue `['', 'NA', 'N/A', 'n/a', 'NaN', 'nan']`
   */
  readonly missing?: readonly string[];
  /**
   * Accept a table with one site only, to apply a model that was fitted before.
   *
   * @defaultValue `false`
   */
  readonly allowSingleSite?: boolean;
}

/** A table of participants beside the table of features, such as `participants.tsv` of BIDS. */
export interface ParticipantsFile {
  readonly path: string;
  /**
   * Its column of subject ids.
   *
   * @defaultValue as for the main table
   */
  readonly id?: string;
  /**
   * Its column of sites.
   *
   * @defaultValue the `site` of the main table's options
   */
  readonly site?: string;
}

/** Options of {@link loadTable}. */
export interface LoadTableOptions extends TableOptions, RunOptions {
  /**
   * A table, joined by subject id, from which site and covariates are taken; those it lacks are taken from the main
   * table. Ids may differ by the prefix `sub-`.
   */
  readonly participants?: string | ParticipantsFile;
}
