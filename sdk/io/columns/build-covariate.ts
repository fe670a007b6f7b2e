import { suggestName } from '../../data/nearest-names';
import type { Covariate } from '../../data/people/covariate';
import { categorical, continuous } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { ConcordError } from '../../errors';
import type { CellReader } from '../cells/cell';
import { invalidNumber } from '../cells/cell';
import { looksLikeNumber } from '../cells/number-format';
import { listNames } from '../../data/list-names';
import { placeOf } from '../text/row-source';
import type { CovariateSpec } from '../tables/table-options';

/** A column of text, one value per subject of the cohort, and where each was read. */
export interface TextColumn {
  readonly name: string;
  /** The table it comes from, for messages. */
  readonly file: string;
  /** `null` marks a missing value. */
  readonly texts: readonly (string | null)[];
  /** The row of each value in that table. */
  readonly lines: readonly number[];
  /** The marks of other programs that made values missing, and how often. */
  readonly marks?: ReadonlyMap<string, number>;
}

/** A covariate, and the issue that reports how its kind was inferred. */
export interface BuiltCovariate {
  readonly covariate: Covariate;
  readonly issues: readonly Issue[];
}

/**
 * Makes a covariate from a column of text. Without a stated kind it is continuous when its values are numbers, and
 * categorical when they are text or only the codes 0 and 1, or 1 and 2.
 *
 * @throws ConcordError `invalid-number`, `unknown-level`, `missing-value` or `invalid-option`, naming row and column.
 */
export function buildCovariate(column: TextColumn, spec: CovariateSpec, reader: CellReader): BuiltCovariate {
  if (column.texts.every((text) => text === null)) {
    throw new ConcordError(
      'missing-value',
      `missing covariate: column "${column.name}" of ${column.file} has no value for any subject (leave it out)`,
      { where: { file: column.file, column: column.name } },
    );
  }
  const kind = spec.kind ?? (spec.levels === undefined ? inferKind(column, reader) : 'categorical');
  if (kind === 'continuous' && spec.levels !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid covariate: "${spec.name}" is continuous but has levels (leave them out, or state the kind "categorical")`,
    );
  }
  if (kind === 'categorical') requireLevels(column, spec.levels);
  const covariate =
    kind === 'continuous'
      ? continuous(spec.name, numbersOf(column, reader), spec.unit)
      : categorical(spec.name, column.texts, spec.levels);
  return {
    covariate,
    issues: spec.kind === undefined && spec.levels === undefined ? [report(column, covariate)] : [],
  };
}

function inferKind(column: TextColumn, reader: CellReader): 'continuous' | 'categorical' {
  const met = new Set(column.texts.filter((text): text is string => text !== null));
  const numbers = [...met].filter((text) => reader.number(text) !== undefined);
  if (numbers.length === met.size) {
    const codes = new Set(numbers.map(Number));
    const within = (low: number): boolean => [...codes].every((code) => code === low || code === low + 1);
    return within(0) || within(1) ? 'categorical' : 'continuous';
  }
  // A few misspelled numbers among many are an error, not the levels of a category.
  const likeNumbers = [...met].filter((text) => reader.number(text) !== undefined || looksLikeNumber(text));
  const mostlyNumbers = numbers.length >= 3 && numbers.length * 2 >= met.size;
  return mostlyNumbers || likeNumbers.length === met.size ? 'continuous' : 'categorical';
}

function numbersOf(column: TextColumn, reader: CellReader): Float64Array {
  return Float64Array.from(column.texts, (text, row) => {
    const value = reader.number(text);
    if (value !== undefined) return value;
    const others = column.texts.filter((one) => one !== null);
    const where = { file: column.file, row: column.lines[row], column: column.name };
    throw invalidNumber(text, where, { column: others });
  });
}

function requireLevels(column: TextColumn, levels: readonly string[] | undefined): void {
  if (levels === undefined) return;
  const row = column.texts.findIndex((text) => text !== null && !levels.includes(text));
  if (row === -1) return;
  const where = { file: column.file, row: column.lines[row], column: column.name };
  const text = column.texts[row] ?? '';
  throw new ConcordError(
    'unknown-level',
    `unknown level in ${placeOf(where)}: "${text}" (${suggestName(text, levels, `levels are ${listNames(levels)}`)})`,
    { where },
  );
}

function report(column: TextColumn, covariate: Covariate): Issue {
  const as = covariate.kind === 'continuous' ? 'continuous' : `categorical: ${listNames(covariate.levels)}`;
  return makeIssue('inferred-covariate', `covariate "${column.name}" taken as ${as}`, {
    file: column.file,
    column: column.name,
  });
}
