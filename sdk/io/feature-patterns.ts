import picomatch from 'picomatch';
import { ConcordError } from '../errors';
import { suggestNames } from './nearest-names';
import type { TableColumns } from './table-columns';
import type { FeatureSelection } from './table-options';

/**
 * Finds the columns that a selection of features names, in the order of the selection.
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
    for (const column of matchPattern(table, pattern, taken)) found.add(column);
  }
  return [...found];
}

/** Splits comma-separated names, unless a column has that very name, commas and all. */
function patternsOf(selection: FeatureSelection, table: TableColumns): readonly (string | RegExp)[] {
  if (selection instanceof RegExp) return [selection];
  if (typeof selection !== 'string') return selection.flatMap((item) => patternsOf(item, table));
  if (table.indexOf.has(selection)) return [selection];
  return selection
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
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
      throw new ConcordError(
        'invalid-option',
        `invalid feature: column "${pattern}" is already ${role} (leave it out of the features)`,
        {
          where: { file: table.source.name, column: pattern },
        },
      );
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
      `${table.source.name} (${suggestNames(String(pattern), free)})`,
    { where: { file: table.source.name, feature: String(pattern) } },
  );
}

function matcher(pattern: string | RegExp): (name: string) => boolean {
  // A pattern with the flag g or y remembers where it stopped; search() starts afresh.
  if (pattern instanceof RegExp) return (name) => name.search(pattern) !== -1;
  // Column names are not paths: a star matches dots at the start and slashes too.
  return picomatch(pattern, { dot: true, bash: true });
}
