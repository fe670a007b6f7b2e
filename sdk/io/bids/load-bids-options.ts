import type { RunOptions } from '../../data/run-options';
import type { ReadVolumeOptions } from '../volumes/read-volume';
import type { ScanCheck } from '../volumes/check-scans';
import type { CovariateSpec, SameLabels } from '../tables/table-options';

/** Where the site of a scan is found. */
export type SiteSource =
  /** A column of `participants.tsv`, or of the sessions files, which say it session by session. */
  | { readonly column: string }
  /** The label of the session, where each site has its own: traveling subjects often come so. */
  | { readonly session: true }
  /**
   * Fields of the JSON sidecars, joined by ` · `. A field that some scans of a scanner lack is left out for that scanner
   * where all the others agree in it; otherwise the site of the scans that lack it is not known.
   */
  | { readonly sidecar: readonly string[] }
  /** One site for every scan, of this name. */
  | { readonly name: string };

/**
 * What an entity of the file name must be: one of these labels, with or without its key; `null` for a name without the
 * entity.
 */
export type EntityFilter = string | null | readonly (string | null)[];

/** Options of {@link loadBids}. */
export interface LoadBidsOptions extends RunOptions, ReadVolumeOptions {
  /** Load the derivative of this name, the folder `derivatives/<name>` of the dataset. */
  readonly derivative?: string;
  /**
   * What was measured: the last part of the file names.
   *
   * @defaultValue `'T1w'`
   */
  readonly suffix?: string | readonly string[];
  /** @defaultValue every subject */
  readonly subjects?: readonly string[];
  /** @defaultValue every session */
  readonly sessions?: readonly string[];
  /** @defaultValue every run */
  readonly runs?: readonly string[];
  /** The space of a derivative. @defaultValue the only one there is */
  readonly space?: EntityFilter;
  /** Which derivative, by its description. @defaultValue the only one there is */
  readonly desc?: EntityFilter;
  /**
   * Other entities of the file name by key, such as `{ acq: 'mprage', rec: null }`.
   *
   * @defaultValue all; of `part`, which says whether voxels are magnitudes, phases, or real or imaginary parts, the
   * magnitudes only, with an issue that names what is left out
   */
  readonly entities?: Readonly<Record<string, EntityFilter>>;
  /**
   * Where the site comes from.
   *
   * @defaultValue the column of the participants or sessions that is named for it (`site`, `site_id`, `scanner`,
   * `center`, …), else manufacturer, model and station of the sidecars
   */
  readonly site?: SiteSource;
  /**
   * What becomes of a scan whose site is not known. `'keep'` gives it the site `n/a`, with an issue: preprocessing needs no
   * site, and what learns from sites refuses such a scan. `'drop'` leaves it out, with an issue, and throws when no scan
   * has a site.
   *
   * @defaultValue `'keep'`
   */
  readonly missingSite?: 'keep' | 'drop';
  /**
   * Which sites are the same though they are written differently, as for tables. Without it they stay apart, with a
   * warning. With `'fold'` the spelling is the commonest of all persons and sessions, also where some only are loaded, so
   * that parts of a dataset agree.
   */
  readonly sameSite?: SameLabels;
  /** Which levels of a covariate are the same though they are written differently, by covariate, as for tables. */
  readonly sameLevel?: Readonly<Record<string, SameLabels>>;
  /** The age that `89+`, `>89` and the like are read as, as for tables. Without it they are refused. */
  readonly ageCap?: number;
  /**
   * The column of `participants.tsv` that says who was scanned, where one person has several participant ids, as traveling
   * subjects may: whatever splits, resamples or counts goes by person.
   *
   * @defaultValue `person_id` where there is such a column; else every participant is a person
   */
  readonly person?: string;
  /**
   * The column of `participants.tsv` that says of which family a person is, or several, as for tables: splits and bootstraps keep
   * families together.
   *
   * @defaultValue a column that is known by its name, as for tables
   */
  readonly family?: string | readonly string[];
  /** A table of participants to use instead of the `participants.tsv` of the dataset. */
  readonly participants?: string;
  /**
   * The columns of covariates.
   *
   * @defaultValue every column that can be one: numbers, two to ten different texts, or described by levels in
   * `participants.json`; the others are named in an issue
   */
  readonly covariates?: readonly (string | CovariateSpec)[];
  /** @defaultValue `['', 'NA', 'N/A', 'n/a', 'NaN', 'nan']` */
  readonly missing?: readonly string[];
  /**
   * The brain mask of each volume: `auto` takes the `_mask` file beside a scan, and the voxels that are not zero where
   * the scan is said to be skull-stripped (`desc-brain`, or `SkullStripped` in the sidecar); `none` takes none. A mask
   * found beside a scan is a guess: where it does not fit the scan it is not used, with an issue.
   *
   * @defaultValue `'auto'`
   */
  readonly mask?: 'auto' | 'none';
  /**
   * How far scans are checked at once: by their headers, so that most bad ones are known before the work begins; `full`
   * reads each once; `none` looks only whether the files are there.
   *
   * @defaultValue `'header'`
   */
  readonly check?: ScanCheck;
  /**
   * Throw at the first scan that cannot be used, instead of leaving it out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}
