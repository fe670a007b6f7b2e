import type { RunOptions } from '../../data/run-options';
import type { MissingOption } from '../cells/missing-marks';
import type { NumberFormat } from '../cells/number-format';

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
 * regular expression, or a list of these. A `!` before a name or glob leaves columns out, of those named beside it or, where there are
 * none, of those that are taken without the option: `!*_total`.
 */
export type FeatureSelection = string | RegExp | readonly (string | RegExp)[];

/**
 * Which labels are the same: `'fold'`, all that differ by case, blanks, kind of separator, Unicode normal form, letters
 * that look alike, invisible characters, punctuation around them, `.0` or leading zeros only (the commonest spelling
 * stays); or what each is to be called, `{ ge: 'GE' }`.
 */
export type SameLabels = 'fold' | Readonly<Record<string, string>>;

/** What the columns of a table mean, and how its cells are written. */
export interface TableOptions extends NumberFormat {
  /**
   * The column of subject ids. One without a name is called by its position, `(column 1)`.
   *
   * @defaultValue the first of `participant_id`, `subject`, `subject_id`, `id`, `eid`, `bids_name` (MRIQC) that is there, whatever its case; the
   * first column of a FreeSurfer table, and the first column where it has no name (row names of pandas and R)
   */
  readonly id?: string;
  /**
   * The column that says who was scanned, where a person was scanned several times: whatever splits, resamples or counts
   * goes by person.
   *
   * @defaultValue `person_id` or `participant_id`, where they are not the ids; the column of ids, where visits are
   * added to them; else the person in ids that name scans by BIDS (`sub-01_ses-2_T1w`) or FreeSurfer's longitudinal stream; else every
   * row is a person
   */
  readonly person?: string;
  /**
   * The column that says of which family a person is, or several of them: persons who share an id in one are related, and so are
   * those related through others. Folds, held-out sites and bootstraps then go by family. Ids must be unique over all
   * sites; a person without one is related to nobody, and counted in an issue. It is neither a feature nor a covariate.
   *
   * @defaultValue the first of `ab_g_stc__design_id__fam`, `rel_family_id` (ABCD), `Family_ID` with `Mother_ID` and
   * `Father_ID` beside it (HCP), `FamilyID`, `famid` and `fam_id` that is there, whatever its case, with an issue; of `FID`, `pedigree`,
   * `family` and the like a warning where they may be of families
   */
  readonly family?: string | readonly string[];
  /**
   * The column of visits (sessions, time points). Ids are then made of id and visit: `sub-01_ses-2`.
   *
   * @defaultValue where ids repeat, the first of `session_id`, `session`, `ses`, `visit`, `timepoint`, `wave` … that is there
   */
  readonly visit?: string;
  /**
   * The column of sites (scanners, batches).
   *
   * @defaultValue `'site'`
   */
  readonly site?: string;
  /** The columns of covariates. */
  readonly covariates?: readonly (string | CovariateSpec)[];
  /**
   * Also load, as covariates, one column each that says by its name that it is age, sex or diagnosis, unless `covariates` has
   * one of that kind: an audit then shows them, and warns where they differ between sites and are not preserved.
   *
   * @defaultValue `false`
   */
  readonly notice?: boolean;
  /**
   * The columns of features.
   *
   * @defaultValue every other column of numbers, judged by all rows, but those whose names or values say that they are no
   * measures of the brain: properties of the subject, ids, row numbers, codes of the site, dates, scores, measures of the
   * whole head, and single ones whose scale is far from the rest. Each is named in an issue and in the cohort's `reading`.
   */
  readonly features?: FeatureSelection;
  /**
   * Texts that mark a missing value, beside the known ones: `'-999'` in every column, `{ column: 'sex', marks: ['9'] }` in
   * one, `{ marks: ['NA'], only: true }` in place of the known ones. A number counts however it is written, in every
   * kind of column. An empty cell is always missing.
   *
   * @defaultValue none: `NA`, `N/A` and `NaN` are known, and, reported in an issue, what pandas, R, SAS, Stata, SQL, Excel
   * and MATLAB write (`NULL`, `None`, `.`, `<NA>`, `#N/A`, `#DIV/0!`, `NaT`, `-nan`, `-1.#IND` …)
   */
  readonly missing?: MissingOption;
  /**
   * The age at which ages are capped, 89 by the rules of privacy: `89+`, `>89`, `90+` and `≥90` are read as this, and
   * counted in an issue.
   *
   * @defaultValue such a cell is an error
   */
  readonly ageCap?: number;
  /**
   * Which sites are the same though they are written differently. Without it they stay apart, with a warning.
   */
  readonly sameSite?: SameLabels;
  /** The same for the levels of covariates, by covariate: `{ sex: 'fold' }`. */
  readonly sameLevel?: Readonly<Record<string, SameLabels>>;
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
  /**
   * Its column of visits, where it has a row per visit.
   *
   * @defaultValue as for the main table
   */
  readonly visit?: string;
}

/** Options of {@link loadTable}. */
export interface LoadTableOptions extends TableOptions, RunOptions {
  /**
   * A table, joined by subject id, from which site and covariates are taken; those it lacks are taken from the main
   * table. Ids may differ by the prefix `sub-`. Where the main table has several rows of a person, the table may have one
   * of each person, or one of each visit.
   */
  readonly participants?: string | ParticipantsFile;
}
