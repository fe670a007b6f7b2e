import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { listNames } from '../../data/list-names';

/** Marks of missing values for one column, or in place of the known ones. */
export interface MissingMarks {
  /**
   * The column they hold in.
   *
   * @defaultValue every column
   */
  readonly column?: string;
  /** The texts; a number among them, such as `-9`, counts however it is written. */
  readonly marks: readonly string[];
  /**
   * These marks alone, and empty cells: the known ones become values, and levels of text columns.
   *
   * @defaultValue `false`: they are added to the known ones
   */
  readonly only?: boolean;
}

/**
 * What marks a missing value: a text that holds everywhere (`'-999'`); `'sex=9'` or `'sex=9,99'`, which hold in one column;
 * `'only:NA,-9'` or `'sex=only:NA'`, beside which no known mark counts; or the same as {@link MissingMarks}.
 */
export type MissingOption = readonly (string | MissingMarks)[];

/** The marks that are read as missing without an issue: nobody means anything else by them. */
export const defaultMissing: readonly string[] = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan'];

/**
 * What other programs write for a missing value, whatever the case of its letters: pandas' documented list (`#N/A N/A`,
 * `#NA`, `<NA>`, `NULL`, `null`, `n/a`, `NaT` …), R (`<NA>`), SQL and its tools (`NULL`, `(null)`, `[NULL]`, `\N`), SAS
 * and Stata (`.`, `.A` to `.Z`, `._`), MATLAB (`<missing>`, `<undefined>`).
 */
const words =
  /^(na|n\/a|n\.a\.|#n\/a( n\/a)?|#na|#nv|<na>|null|<null>|\(null\)|\[null\]|\\n|nat|<missing>|<undefined>|\.[a-z_]?)$/i;

/** Not a number, as printed by C, C++, Java, Fortran and older Windows: `-nan`, `nan(ind)`, `-1.#IND`, `1.#QNAN`. */
const notANumber = /^[+-]?(nan(\(\w*\))?|1\.#(ind|qnan|snan)0*)$/i;

/** The errors of Excel and SPSS in any language: `#NUM!`, `#DIV/0!`, `#VALUE!`, `#REF!`, `#NAME?`, `#NULL!`, `#WERT!`. */
const sheetErrors = /^#[\p{Lu}\d/ _]+[!?]$/u;

/**
 * Whether a text marks a missing value unless the user says otherwise. `None` is Python's and counts as written; `none`
 * and `NONE` may well be levels (no medication) and do not.
 */
export function isKnownMark(text: string): boolean {
  return (
    defaultMissing.includes(text) ||
    text === 'None' ||
    words.test(text) ||
    notANumber.test(text) ||
    sheetErrors.test(text)
  );
}

/** Whether a text is a known mark that might be meant as a value: it is read as missing, with an issue. */
export function isForeignMark(text: string): boolean {
  return !defaultMissing.includes(text) && isKnownMark(text);
}

/** What the marks of one column are. */
export interface MarkSet {
  readonly texts: ReadonlySet<string>;
  /** Whether the known marks count too. */
  readonly known: boolean;
}

/**
 * The marks that hold in a column; without a name, those that hold in every column.
 *
 * @throws ConcordError `invalid-option` for what is no list of marks.
 */
export function marksOf(missing: MissingOption, column?: string): MarkSet {
  const items = missing.map(toMarks);
  const own = items.filter((item) => item.column !== undefined && item.column === column);
  if (own.some(({ only }) => only === true)) {
    return { texts: textsOf(own.filter(({ only }) => only === true)), known: false };
  }
  const everywhere = items.filter((item) => item.column === undefined);
  const only = everywhere.filter((item) => item.only === true);
  return { texts: textsOf([...everywhere, ...own]), known: only.length === 0 };
}

/** The columns that have marks of their own. */
export function markedColumns(missing: MissingOption): readonly string[] {
  const named = missing.map((item) => toMarks(item).column);
  return [...new Set(named.filter((name) => name !== undefined))];
}

function textsOf(items: readonly MissingMarks[]): ReadonlySet<string> {
  return new Set(['', ...items.flatMap(({ marks }) => marks.map((mark) => mark.trim()))]);
}

function toMarks(item: unknown): MissingMarks {
  if (typeof item === 'string') return marksIn(item);
  const { marks } = (item ?? {}) as { marks?: unknown };
  if (Array.isArray(marks) && marks.every((mark) => typeof mark === 'string')) return item as MissingMarks;
  throw new ConcordError(
    'invalid-option',
    `invalid mark of missing values: ${JSON.stringify(item)} (a text, or { column, marks, only }, is allowed)`,
  );
}

/** Whether a text gives marks of one column, or the only ones: `sex=9`, `only:NA`; not `>=89`. */
export function isMarkList(text: string): boolean {
  return /^(?:[^=]*[^=<>≤≥!\s]=|only:)/s.test(text);
}

/** Takes `sex=9,99`, `only:NA` and `sex=only:NA` apart; any other text is a mark as it is. */
function marksIn(text: string): MissingMarks {
  const found = /^(?:([^=]*[^=<>≤≥!\s])=)?(only:)?(.*)$/s.exec(text);
  const [, column, only, list = ''] = found ?? [];
  if (column === undefined && only === undefined) return { marks: [text] };
  const marks = list.split(',').map((mark) => mark.trim());
  return { column: column?.trim(), marks, only: only !== undefined };
}

/** Checks that the option is a list; a lone text would be taken letter by letter. */
export function requireMarkList(missing: MissingOption): MissingOption {
  const given: unknown = missing;
  if (Array.isArray(given)) return missing;
  throw new ConcordError(
    'invalid-option',
    `invalid missing: ${JSON.stringify(given)} (a list such as ["-999", "sex=9"] is allowed)`,
  );
}

/**
 * Checks that marks are given for columns that are there: a misspelled name would do nothing.
 *
 * @throws ConcordError `unknown-column`.
 */
export function requireMarkedColumns(
  missing: MissingOption,
  names: readonly string[],
  files: readonly string[],
): void {
  const stray = markedColumns(missing).find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw new ConcordError(
    'unknown-column',
    `unknown column: "${stray}", of which marks of missing values are given, is not in ${files.join(' or ')} ` +
      `(${suggestName(stray, names, `the columns are ${listNames(names)}`)})`,
    { where: { file: files[0], column: stray } },
  );
}
