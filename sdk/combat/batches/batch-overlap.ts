import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { categoricalImbalance } from '../../math/statistics/site-imbalance';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** Batch variables as numbers: the level of each scan. */
export interface CodedVariable {
  readonly name: string;
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** Two variables are said to be nearly one when they share more than this, as a square of Cramér's V. */
const nearlyOne = 0.9;

/**
 * Looks at every two batch variables: whether one follows from the other.
 *
 * @returns an issue for each two of which one follows from the other, or nearly so
 * @throws ConcordError `confounded` where two group the scans alike: which of them does something cannot be known.
 */
export function overlapIssues(variables: readonly CodedVariable[]): readonly Issue[] {
  return variables.flatMap((first, at) =>
    variables.slice(at + 1).flatMap((second) => overlapOf(first, second)),
  );
}

function overlapOf(first: CodedVariable, second: CodedVariable): readonly Issue[] {
  const onward = levelThatFollows(first, second);
  const back = levelThatFollows(second, first);
  if (onward !== undefined && back !== undefined) throw alike(first, second, onward);
  const [a, b] = [quoteName(first.name), quoteName(second.name)];
  if (onward !== undefined || back !== undefined) {
    const [fine, coarse] = onward === undefined ? [b, a] : [a, b];
    const message = `batch variable ${coarse} follows from ${fine}: each level of ${fine} has one level of ${coarse}`;
    return [makeIssue('confounded-batches', message)];
  }
  const { share } = categoricalImbalance(second.codes, second.levels.length, {
    sites: first.codes,
    count: first.levels.length,
  });
  if (!(share > nearlyOne)) return [];
  const message = `batch variables ${a} and ${b} are nearly one: they share ${Math.round(100 * share)} % of their variation`;
  return [makeIssue('confounded-batches', message)];
}

/** The level of the second for each of the first, where each of the first has one only. */
function levelThatFollows(first: CodedVariable, second: CodedVariable): Map<number, number> | undefined {
  const met = new Map<number, number>();
  for (const [row, code] of first.codes.entries()) {
    const other = second.codes[row];
    if ((met.get(code) ?? other) !== other) return undefined;
    met.set(code, other);
  }
  return met;
}

function alike(
  first: CodedVariable,
  second: CodedVariable,
  levels: ReadonlyMap<number, number>,
): ConcordError {
  const pairs = [...levels].map(([a, b]) => `${first.levels[a]} = ${second.levels[b]}`);
  const [a, b] = [quoteName(first.name), quoteName(second.name)];
  return new ConcordError(
    'confounded',
    `confounded batch variables: ${a} and ${b} group the scans alike (${listNames(pairs, 4)}), so their effects cannot be separated`,
    { where: { column: second.name }, remedy: advise`list one of them in ${option('batches')}` },
  );
}
