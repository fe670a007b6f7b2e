import type { Issue } from '../../data/issue';
import { isIssue } from '../../data/issue';
import type { Fact } from '../facts-view';
import { factsView } from '../facts-view';
import { issuesView } from '../issues-view';
import { rowsView } from '../rows-view';
import type { TableLimits } from '../table-view';
import type { View } from '../view';
import { stacked } from '../view';
import { briefText, oneLine } from './brief-text';
import type { Field } from './value-kinds';
import { fieldsOf, isPlainRecord, nameOfClass } from './value-kinds';
import { counted } from '../../data/counted';

/** The most lines of text that a value takes: what is hidden is counted, and its field named to be shown by itself. */
const mostLines = 38;
const mostFacts = 16;
const mostTables = 3;
const mostIssues = 5;

/** How a record is shown. */
export interface RecordOptions extends TableLimits {
  /** What it is; by default its kind, or the name of its class. */
  readonly title?: string;
  /** Fields that are left out, because the title says them. */
  readonly without?: readonly string[];
}

/** A table that a field holds. */
interface FieldTable {
  readonly name: string;
  readonly rows: readonly object[];
}

/**
 * Any record in brief: fields of one value as facts, arrays of records as tables below, issues as a list; anything
 * larger in one line. Never more than about 40 lines, unless the limits ask for more rows.
 */
export function recordView(value: object, options: RecordOptions = {}): View {
  const { without = [], ...limits } = options;
  const fields = fieldsOf(value).filter(({ name }) => !without.includes(name));
  const kind = fields.find(({ name, value: own }) => name === 'kind' && typeof own === 'string');
  const named = fields.length > 1 ? rowsOf(value) : undefined;
  if (named !== undefined)
    return rowsView(named, limits, options.title ?? `${counted(named.length, 'record')} by name`);
  const shown = fields.filter((field) => field !== kind || shapeOf(value) !== undefined);
  const { facts, tables, issues } = sorted(shown);
  const title = options.title ?? titleOf(value, kind);
  const views = [factsView(title, within(facts))];
  let left = mostLines - 1 - Math.min(facts.length, mostFacts);
  if (issues.length > 0) {
    views.push(briefIssues(issues));
    left -= 2 + Math.min(issues.length, mostIssues);
  }
  const each = Math.floor(left / Math.max(1, tables.length));
  for (const table of tables)
    views.splice(views.length - (issues.length > 0 ? 1 : 0), 0, below(table, { each, limits }));
  return stacked(...views);
}

/** The first issues, and how many more there are. */
export function briefIssues(issues: readonly Issue[]): View {
  const ordered = [...issues].sort((a, b) => Number(a.severity === 'info') - Number(b.severity === 'info'));
  const view = issuesView(ordered.slice(0, mostIssues));
  if (issues.length <= mostIssues) return view;
  const more = `and ${counted(issues.length - mostIssues, 'more issue')}: show its field issues`;
  return stacked(view, { html: `<p class="concord-note">${more}</p>`, text: more });
}

/** Titles of records that have no kind, or one that says little, by the fields that they have. */
const shapes: readonly { readonly title: string; readonly fields: readonly string[] }[] = [
  { title: 'Noise schedule', fields: ['kind', 'steps', 'signal', 'noise'] },
  { title: 'Bias field', fields: ['field', 'corrected', 'levels'] },
  { title: 'Neighborhood', fields: ['vertices', 'neighbors', 'starts'] },
  { title: 'Points of features', fields: ['values', 'rows', 'columns'] },
  { title: 'Image representation', fields: ['values', 'shape'] },
  { title: 'Simulated cohort', fields: ['cohort', 'truth'] },
  { title: 'Derivative of scans', fields: ['root', 'files', 'kept', 'cohort'] },
  { title: 'Agreement of scans of one person', fields: ['features', 'repeated', 'between', 'medians'] },
  { title: 'Slices', fields: ['count', 'shape', 'slices', 'read'] },
  { title: 'Store of checkpoints', fields: ['latest', 'save'] },
];

function shapeOf(value: object): { readonly title: string } | undefined {
  return shapes.find(({ fields }) => fields.every((name) => name in value));
}

/** What a value is: its shape, its kind, or its class. */
function titleOf(value: object, kind: Field | undefined): string {
  const shape = shapeOf(value);
  if (shape !== undefined) return shape.title;
  if (kind !== undefined) {
    const words = oneLine(String(kind.value).replaceAll('-', ' '), 60);
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  }
  const fields = counted(Object.keys(value).length, 'field');
  return isPlainRecord(value) ? `Record of ${fields}` : oneLine(nameOfClass(value), 60);
}

function sorted(fields: readonly Field[]): {
  readonly facts: readonly Fact[];
  readonly tables: readonly FieldTable[];
  readonly issues: readonly Issue[];
} {
  const facts: Fact[] = [];
  const tables: FieldTable[] = [];
  const issues: Issue[] = [];
  const functions: string[] = [];
  for (const { name, value } of fields) {
    const rows = tables.length < mostTables ? rowsOf(value) : undefined;
    if (typeof value === 'function') functions.push(name);
    else if (name === 'issues' && isFilled(value) && value.every(isIssue)) issues.push(...value);
    else if (rows !== undefined) tables.push({ name, rows });
    else facts.push({ label: oneLine(name, 40), value: isMissing(value) ? null : briefText(value) });
  }
  if (functions.length > 0) facts.push({ label: 'functions', value: oneLine(functions.join(', '), 160) });
  return { facts, tables, issues };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value);
}

function isFilled(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

/** The rows of a field that is a table: a list of records, or records by name. */
function rowsOf(value: unknown): readonly object[] | undefined {
  if (isFilled(value)) {
    // One short record fits on a line.
    const worth = value.length > 1 || (isRow(value[0]) && Object.keys(value[0]).length > 6);
    return worth && value.every(isRow) ? value : undefined;
  }
  if (!isPlainRecord(value) || 'kind' in value) return undefined;
  const entries = fieldsOf(value);
  if (entries.length < 2 || !entries.every((entry) => isRow(entry.value))) return undefined;
  return entries.map((entry) => ({ '': entry.name, ...(entry.value as object) }));
}

/** Whether a value is a row of a table: a record without a kind and issues of its own, and without data. */
function isRow(value: unknown): value is object {
  return isPlainRecord(value) && !('kind' in value && 'issues' in value) && !('data' in value);
}

/** The facts that there is room for, the others by name. */
function within(facts: readonly Fact[]): readonly Fact[] {
  if (facts.length <= mostFacts) return facts;
  const rest = facts.slice(mostFacts - 1).map(({ label }) => label);
  const names = oneLine(rest.join(', '), 160);
  return [...facts.slice(0, mostFacts - 1), { label: 'and more', value: `${rest.length}: ${names}` }];
}

/** The table of a field, in as many lines as it gets: a title, a head and a note on what is hidden take three. */
function below(
  { name, rows }: FieldTable,
  { each, limits }: { readonly each: number; readonly limits: TableLimits },
): View {
  const maxRows = limits.maxRows ?? Math.max(2, Math.min(10, each - 3));
  return rowsView(rows, { ...limits, maxRows }, `${oneLine(name, 40)}: ${counted(rows.length, 'row')}`);
}
