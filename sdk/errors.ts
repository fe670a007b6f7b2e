import type { Advice } from './remedy';
import { wordAdvice } from './remedy';

/**
 * The literal codes a {@link ConcordError} can carry, so that a caller can distinguish one failure from another
 * without reading its message.
 */
export type ErrorCode =
  /** An argument or option has a value outside what is allowed. */
  | 'invalid-option'
  /** A column, feature or covariate was named that is not in the table, cohort or model. */
  | 'unknown-column'
  /** A site was named or met that the cohort or model does not know. */
  | 'unknown-site'
  /** A categorical value was met that the model does not know. */
  | 'unknown-level'
  /** A cell that must be a number is not one. */
  | 'invalid-number'
  /** The same subject id is on more than one row. */
  | 'duplicate-id'
  /** Something required (a site, an id, a covariate value) is missing. */
  | 'missing-value'
  /** There is too little data: an empty table, one site only, too few subjects. */
  | 'too-little-data'
  /** Covariates cannot be separated from the sites or from each other. */
  | 'confounded'
  /** A table is malformed: ragged rows, a broken quote, a wrong encoding. */
  | 'malformed-table'
  /** A model file is damaged, of another kind, or of a version this package cannot read. */
  | 'malformed-model'
  /** An image file is damaged: truncated, of the wrong size, not what its name says. */
  | 'malformed-image'
  /** Voxels are not numbers, infinite, or all alike. */
  | 'invalid-voxels'
  /** The affine of an image cannot be inverted. */
  | 'singular-affine'
  /** Two images have grids that must agree and do not. */
  | 'different-grids'
  /** A folder is not a BIDS dataset, or lacks what was asked for. */
  | 'invalid-dataset'
  /** A computation on an image gave no usable result, for example an empty brain mask or a failed registration. */
  | 'failed-step'
  /** The kind of file or value is not supported. */
  | 'unsupported-format'
  /** A file cannot be read. */
  | 'unreadable-file'
  /** A file cannot be written. */
  | 'unwritable-file'
  /** A file to be written is already there and overwriting was not asked for. */
  | 'file-exists'
  /** Another program is at work in the same place. */
  | 'in-use'
  /** An optional package that this call needs is not installed. */
  | 'missing-package'
  /** A backend for networks was asked for and cannot start, or cannot continue. */
  | 'unavailable-backend'
  /** A backend for networks has not enough memory for the work, or this process no room for another thread. */
  | 'out-of-memory'
  /** Training reached values that are not numbers, or grew without bound. */
  | 'diverged'
  /** A message of a federated study was edited, is stale, was sent before, or is of another study or sender. */
  | 'refused-message'
  /** The caller's AbortSignal fired. */
  | 'aborted';

/** Where in the user's data a problem was met. Rows are file lines as an editor counts them, from 1. */
export interface Where {
  readonly file?: string;
  readonly row?: number;
  readonly column?: string;
  readonly subject?: string;
  readonly site?: string;
  readonly feature?: string;
}

/** What may accompany a {@link ConcordError}. */
export interface ConcordErrorOptions {
  readonly where?: Where;
  /** What to do about it. It ends the message, in the words of the SDK, between parentheses. */
  readonly remedy?: Advice;
  readonly cause?: unknown;
  /** What was noticed before; see {@link ConcordError}. */
  readonly issues?: readonly NoticedIssue[];
}

/** Something that was noticed before a failure: an `Issue`, as far as an error needs to know it. */
export interface NoticedIssue {
  readonly code: string;
  readonly severity: 'warning' | 'info';
  readonly message: string;
  readonly where: Where;
  readonly suggestion: string;
  readonly remedy?: Advice;
}

/** How many of the warnings noticed before a failure its message has. */
const MOST_NOTICED = 3;

/**
 * The one error class that Concord throws on purpose. The message names the offending value, what was allowed
 * and, where there is one, the remedy; `code` says which kind of failure it is. `problem` and `remedy` are the two parts
 * of the message, so that the remedy can be worded for another place than the SDK. What was noticed before the failure is in
 * `issues`, since it often says why: no scan has a site because the ids of the table match no scan.
 */
export class ConcordError extends Error {
  readonly code: ErrorCode;
  readonly where: Where;
  /** The message without the remedy. */
  readonly problem: string;
  /** What to do about it; empty where the message says it all. */
  readonly remedy: Advice;
  /** What was noticed before; the message has the first warnings of it. */
  readonly issues: readonly NoticedIssue[];

  constructor(code: ErrorCode, problem: string, options: ConcordErrorOptions = {}) {
    const { remedy = [], cause, issues = [] } = options;
    const message = remedy.length === 0 ? problem : `${problem} (${wordAdvice(remedy)})`;
    super(`${message}${noticed(issues)}`, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.remedy = remedy;
    this.name = 'ConcordError';
    this.code = code;
    this.where = options.where ?? {};
    this.issues = issues;
  }

  /** The same error with what was noticed before it; where nothing was, the error itself. */
  after(issues: readonly NoticedIssue[]): ConcordError {
    if (issues.length === 0) return this;
    const { code, problem, remedy, where, cause } = this;
    const all = [...issues, ...this.issues];
    return new ConcordError(code, problem, { where, remedy, cause: cause ?? this, issues: all });
  }
}

function noticed(issues: readonly NoticedIssue[]): string {
  const warnings = issues.filter(({ severity }) => severity === 'warning');
  if (warnings.length === 0) return '';
  const shown = warnings.slice(0, MOST_NOTICED).map(({ message }) => message);
  const more = warnings.length > shown.length ? `; and ${warnings.length - shown.length} more` : '';
  return `; noticed before: ${shown.join('; ')}${more}`;
}
