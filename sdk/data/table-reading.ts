import type { JsonObject } from './json';

/** A column that was not taken for a feature, and why. */
export interface ColumnSetAside {
  readonly name: string;
  readonly reason: string;
}

/** A covariate as it was read. */
export interface CovariateReading {
  readonly name: string;
  readonly kind: 'continuous' | 'categorical';
  readonly unit?: string;
  readonly levels?: readonly string[];
}

/**
 * How the table of a cohort was read: enough to read others of its kind the same way, and to show what was taken for
 * what. It holds no name of a file and nothing of a person.
 */
export interface TableReading {
  /** A table, or the folder of FreeSurfer subjects. */
  readonly source: 'table' | 'free-surfer';
  /** The column of ids. */
  readonly id: string;
  /** The column of persons, where there is one. */
  readonly person?: string;
  /** The column of sites. */
  readonly site: string;
  readonly covariates: readonly CovariateReading[];
  /** Whether the features were named by the user, or are the numeric columns that nothing spoke against. */
  readonly features: 'chosen' | 'inferred';
  /** The columns that were not taken for features; empty where the features were chosen. */
  readonly setAside: readonly ColumnSetAside[];
  /** Every other option that says how cells, rows and columns are read, for example `missing`. */
  readonly options: JsonObject;
  /** The names of columns in the table of participants, as far as they were stated. */
  readonly participants?: { readonly id?: string; readonly site?: string };
  /** What was read from a folder of FreeSurfer subjects. */
  readonly freeSurfer?: { readonly measures: readonly string[]; readonly parcellation: string };
}
