import { suggestName } from '../../data/nearest-names';
import type { CategoricalCovariate, Covariate } from '../../data/people/covariate';
import { listNames, quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';

/** A column of numbers that a covariate makes. */
export interface CovariateColumn {
  /** The covariate, or `covariate=level`. */
  readonly name: string;
  /** One per subject; `NaN` where the covariate is missing. */
  readonly values: Float64Array;
}

/** Options of {@link columnsOf}. */
export interface ColumnsOptions {
  /**
   * The level that has no column: the columns of the others say how these differ from it. `null` where every level is to
   * have one: a network takes them so, since its weights need not be unique as those of a linear model do.
   *
   * @defaultValue {@link mostFrequentLevel}
   */
  readonly reference?: string | null;
  /**
   * The levels that a model was fitted on, in its order.
   *
   * @defaultValue those that a subject has, in the order of the covariate
   */
  readonly levels?: readonly string[];
  /** The ids of the subjects, so that the error names the one whose level the model was not fitted on. */
  readonly subjects?: readonly string[];
}

/**
 * Codes a covariate as columns of numbers, as everything that computes with covariates does: a continuous one is a
 * column of its values, a categorical one has an indicator (0 or 1) for every level but the reference.
 *
 * @throws ConcordError `unknown-level` when a subject has a level that is not among `levels`.
 */
export function columnsOf(covariate: Covariate, options: ColumnsOptions = {}): readonly CovariateColumn[] {
  if (covariate.kind === 'continuous') return [{ name: covariate.name, values: covariate.values }];
  const { reference = mostFrequentLevel(covariate), levels = metLevels(covariate) } = options;
  if (options.levels !== undefined) requireKnownLevels(covariate, levels, options.subjects);
  return levels
    .filter((level) => level !== reference)
    .map((level) => {
      const code = covariate.levels.indexOf(level);
      return { name: `${covariate.name}=${level}`, values: indicator(covariate.codes, code) };
    });
}

/** 1 where a subject has a level, 0 where it has another, `NaN` where none is known. */
function indicator(codes: Int32Array, level: number): Float64Array {
  const values = new Float64Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const met = codes[row];
    // First: a level that the covariate does not list has the same number as what is not known.
    if (met === -1) values[row] = NaN;
    else if (met === level) values[row] = 1;
  }
  return values;
}

/**
 * The level that most subjects have; of several the first in the order of the levels.
 *
 * @param not - a level that does not count
 * @returns `undefined` where no subject has a level
 */
export function mostFrequentLevel(covariate: CategoricalCovariate, not?: string): string | undefined {
  const counts = levelCounts(covariate).map((count, code) => (covariate.levels[code] === not ? 0 : count));
  const most = Math.max(...counts);
  return most > 0 ? covariate.levels[counts.indexOf(most)] : undefined;
}

/** The levels that a subject has, in the order of the covariate. */
export function metLevels({ levels, codes }: CategoricalCovariate): readonly string[] {
  // Each is mostly met soon.
  return levels.filter((_, code) => codes.includes(code));
}

function levelCounts({ levels, codes }: CategoricalCovariate): number[] {
  const counts = new Array<number>(levels.length).fill(0);
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) counts[codes[row]]++;
  return counts;
}

function requireKnownLevels(
  { name, levels, codes }: CategoricalCovariate,
  known: readonly string[],
  subjects: readonly string[] | undefined,
): void {
  const strange = levels.flatMap((level, code) => (known.includes(level) ? [] : [code]));
  // A level that the model was not fitted on may be listed, and no subject have it.
  const rows = strange.map((code) => codes.indexOf(code)).filter((row) => row !== -1);
  if (rows.length === 0) return;
  const row = Math.min(...rows);
  const subject = subjects?.[row];
  const who = subject === undefined ? '' : ` for subject "${subject}"`;
  const level = levels[codes[row]];
  const hint = suggestName(level, known, `the model was fitted on ${listNames(known)}`);
  throw new ConcordError('unknown-level', `unknown level of ${name}${who}: ${quoteName(level)} (${hint})`, {
    where: { column: name, ...(subject === undefined ? {} : { subject }) },
    remedy: sameLevelAdvice(
      name,
      [level, ...strange.map((code) => levels[code]).filter((other) => other !== level)],
      known,
    ),
  });
}

/** How many levels of a model are named as what one may be. */
const mostNamed = 3;

/** What can be done about levels that a model does not know: which is which, only the user knows. */
function sameLevelAdvice(
  name: string,
  [level, ...others]: readonly string[],
  known: readonly string[],
): Advice {
  const likewise = others.length === 0 ? '' : `; likewise for ${listNames(others, mostNamed)}`;
  const otherwise = advise`a model knows the levels that it was fitted on only`;
  // Columns and labels are separated by these where they are named.
  if ([level, ...known].some((label) => /[.:=,]/.test(label)))
    return advise`where it is another name of one of these, write that in the table${likewise}; ${otherwise}`;
  const named = option(`sameLevel.${name}.${level}`, ...known.slice(0, mostNamed));
  const rest = known.length > mostNamed ? ' or as another of these' : '';
  return advise`where ${quoteName(level)} is another name of one of these, say of which: read the table with ${named}${rest}${likewise}; ${otherwise}`;
}
