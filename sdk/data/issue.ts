import type { Where } from '../errors';
import type { Advice } from '../remedy';
import { wordAdvice, isAdvice } from '../remedy';
import type { AuditIssueCode } from './issues/audit-issues';
import { auditIssues } from './issues/audit-issues';
import type { Catalog, Severity } from './issues/catalog';
import type { HarmonizingIssueCode } from './issues/harmonizing-issues';
import { harmonizingIssues } from './issues/harmonizing-issues';
import type { NetworkIssueCode } from './issues/network-issues';
import { networkIssues } from './issues/network-issues';
import type { PeopleIssueCode } from './issues/people-issues';
import { peopleIssues } from './issues/people-issues';
import type { ScanIssueCode } from './issues/scan-issues';
import { scanIssues } from './issues/scan-issues';
import type { TableIssueCode } from './issues/table-issues';
import { tableIssues } from './issues/table-issues';
import type { JsonValue } from './json';

/** A problem with one data item that did not stop the work: what, where, and what to do about it. */
export interface Issue {
  readonly code: IssueCode;
  readonly severity: Severity;
  /** What was found, naming the item. */
  readonly message: string;
  readonly where: Where;
  /** What the user can do about it, in the words of the SDK. */
  readonly suggestion: string;
  /** The same as data, where it names an option or a function, so that it can be worded for another place than the SDK. */
  readonly remedy?: Advice;
}

/** The literal codes an {@link Issue} can carry. Stored models and cohorts hold them: none is ever renamed or removed. */
export type IssueCode =
  TableIssueCode | PeopleIssueCode | HarmonizingIssueCode | AuditIssueCode | ScanIssueCode | NetworkIssueCode;

/** Every issue that Concord can raise, with its severity and the remedy it suggests. */
const catalog: Catalog<IssueCode> = {
  ...tableIssues,
  ...peopleIssues,
  ...harmonizingIssues,
  ...auditIssues,
  ...scanIssues,
  ...networkIssues,
};

/**
 * Makes an {@link Issue} from the catalog.
 *
 * @param advice - what to do in this very case, where it is known better than in the catalog; empty advice is none
 */
export function makeIssue(code: IssueCode, message: string, where: Where = {}, advice?: Advice): Issue {
  const { severity, suggestion } = catalog[code];
  const remedy = advice === undefined || advice.length === 0 ? suggestion : advice;
  return typeof remedy === 'string'
    ? { code, severity, message, where, suggestion: remedy }
    : { code, severity, message, where, suggestion: wordAdvice(remedy), remedy };
}

/**
 * Whether a value that came from a file is an {@link Issue}: a code of the catalog, a severity, texts, and a place made
 * of texts and a row.
 */
export function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null) return false;
  const { code, severity, message, where, suggestion, remedy } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || !Object.hasOwn(catalog, code)) return false;
  if (severity !== 'warning' && severity !== 'info') return false;
  if (remedy !== undefined && !isAdvice(remedy)) return false;
  return typeof message === 'string' && typeof suggestion === 'string' && isWhere(where);
}

function isWhere(where: unknown): boolean {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return false;
  const kinds = ['file', 'column', 'subject', 'site', 'feature'];
  return Object.entries(where).every(([kind, place]: [string, unknown]) =>
    kind === 'row' ? typeof place === 'number' : kinds.includes(kind) && typeof place === 'string',
  );
}

/** Issues once each, warnings first. */
export function distinctIssues(issues: readonly Issue[]): readonly Issue[] {
  const byText = new Map(issues.map((issue) => [JSON.stringify(issue), issue]));
  const distinct = [...byText.values()];
  return [
    ...distinct.filter((issue) => issue.severity === 'warning'),
    ...distinct.filter((issue) => issue.severity === 'info'),
  ];
}

/** Issues as plain JSON. */
export function issuesToJson(issues: readonly Issue[]): JsonValue {
  return JSON.parse(JSON.stringify(issues)) as JsonValue;
}
