import type { Advice } from '../../remedy';

/** How much an issue matters: `warning` should be read before results are trusted, `info` is for the record. */
export type Severity = 'warning' | 'info';

/** What is always the same of an issue: how much it matters, and the remedy that it suggests. */
export interface CatalogEntry {
  readonly severity: Severity;
  readonly suggestion: string | Advice;
}

/** The issues of one theme. */
export type Catalog<Code extends string> = Readonly<Record<Code, CatalogEntry>>;
