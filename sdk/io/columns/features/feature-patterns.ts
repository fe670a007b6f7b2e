import picomatch from 'picomatch';
import { ConcordError } from '../../../errors';
import { advise, option } from '../../../remedy';
import { suggestNames } from '../../../data/nearest-names';
import type { TableColumns } from '../table-columns';
import type { FeatureSelection } from '../../tables/table-options';

/** Whether a selection names what is no feature and nothing else: `!*_total`; then the others are those that would be taken without it. */
export function onlyLeavesOut(selection: FeatureSelection): boolean {
  if (selection instanceof RegExp) return false;
  if (typeof selection !== 'string') return selection.length > 0 && selection.every(onlyLeavesOut);
  const parts = partsOf(selection);
  return parts.length > 0 && parts.every(isLeftOut);
}

/** A `!` before a pattern; `!(a|b)` is a glob of its own. */
function isLeftOut(pattern: string | RegExp): pattern is string {
  return typeof pattern === 'string' && /^![^(]/.test(pattern);
}

/**
 * Finds the columns that a selection leaves out, by name.
 *
 * @param taken - as for {@link matchFeatures}
 * @throws ConcordError `unknown-column` when a name or pattern matches nothing.
 */
export function columnsLeftOut(
  table: TableColumns,
  selection: FeatureSelection,
  taken: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const patterns = patternsOf(selection, table).filter(isLeftOut);
  const columns = patterns.flatMap((pattern) => matchPattern(table, pattern.slice(1).trim(), taken));
  return new Set(columns.map((column) => table.names[column]));
}

/**
 * Finds the columns that a selection of features names, in the order of the selection, without those that it leaves out.
 *
 * @param taken - columns that already have a meaning: what for, by column; patterns pass over them
 * @throws ConcordError `unknown-column` when a name or pattern matches nothing; `invalid-option` when a column named
 * outright is already the id, the site or a covariate.
 */
export function matchFeatures(
  table: TableColumns,
  selection: FeatureSelection,
  taken: ReadonlyMap<string, string>,
): readonly number[] {
  const found = new Set<number>();
  for (const pattern of patternsOf(selection, table)) {
    if (isLeftOut(pattern)) continue;
    for (const column of matchPattern(table, pattern, taken)) found.add(column);
  }
  const out = columnsLeftOut(table, selection, taken);
  return [...found].filter((column) => !out.has(table.names[column]));
}

/** Splits comma-separated names, unless a column has that very name, commas and all; commas in braces belong to a glob. */
function patternsOf(selection: FeatureSelection, table: TableColumns): readonly (string | RegExp)[] {
  if (selection instanceof RegExp) return [selection];
  if (typeof selection !== 'string') return selection.flatMap((item) => patternsOf(item, table));
  if (table.indexOf.has(selection)) return [selection];
  return partsOf(selection);
}

function partsOf(selection: string): readonly string[] {
  return splitOutsideBrackets(selection)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const opening: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
]);

/**
 * Splits at the commas that are not within braces, brackets or parentheses; a bracket that is never closed is a sign like
 * any other.
 */
function splitOutsideBrackets(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const closing = opening.get(text[at]);
    const end = closing === undefined ? -1 : closingAt(text, at, closing);
    if (end !== -1) at = end;
    else if (text[at] === ',') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Where the bracket that opens at `from` is closed; −1 where it is not. */
function closingAt(text: string, from: number, closing: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === text[from]) depth++;
    else if (text[at] === closing && --depth === 0) return at;
  }
  return -1;
}

function matchPattern(
  table: TableColumns,
  pattern: string | RegExp,
  taken: ReadonlyMap<string, string>,
): readonly number[] {
  if (typeof pattern === 'string') {
    const column = table.indexOf.get(pattern);
    const role = taken.get(pattern);
    if (column !== undefined && role !== undefined) {
      throw new ConcordError('invalid-option', `invalid feature: column "${pattern}" is already ${role}`, {
        where: { file: table.source.name, column: pattern },
        remedy: advise`leave it out of ${option('features')}`,
      });
    }
    if (column !== undefined) return [column];
  }
  const matches = matcher(pattern);
  const found = [...table.indexOf].filter(([name]) => !taken.has(name) && matches(name));
  if (found.length > 0) return found.map(([, column]) => column);
  const isGlob = typeof pattern !== 'string' || /[*?[\]{}()!]/.test(pattern);
  const free = [...table.indexOf.keys()].filter((name) => !taken.has(name));
  throw new ConcordError(
    'unknown-column',
    `unknown feature: ${isGlob ? 'no column matches' : 'no column is called'} "${String(pattern)}" in ` +
      table.source.name,
    {
      where: { file: table.source.name, feature: String(pattern) },
      remedy: [suggestNames(String(pattern), free)],
    },
  );
}

function matcher(pattern: string | RegExp): (name: string) => boolean {
  // A pattern with the flag g or y remembers where it stopped; search() starts afresh.
  if (pattern instanceof RegExp) return (name) => name.search(pattern) !== -1;
  // Column names are not paths: a star matches dots at the start and slashes too.
  return picomatch(pattern, { dot: true, bash: true });
}
