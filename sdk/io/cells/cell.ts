import type { Where } from '../../errors';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise, either, option } from '../../remedy';
import { ageWithUnit, looksLikeAge } from './age-with-unit';
import { censoredAge } from './censored-age';
import type { MissingOption } from './missing-marks';
import { isForeignMark, isKnownMark, markedColumns, marksOf, requireMarkList } from './missing-marks';
import type { NumberFormat, NumberReading } from './number-format';
import { formatsOf, isNumberOtherwise, numberReader, numberText } from './number-format';
import type { TableCell } from '../text/row-source';
import { placeOf } from '../text/row-source';

export { defaultMissing } from './missing-marks';
export { numberText } from './number-format';

/** Reads cells, knowing what marks a missing value and how numbers are written. */
export interface CellReader {
  /** The text of a cell without blanks around it; `null` where it is missing. */
  text(cell: TableCell): string | null;
  /** The number in a cell: `NaN` where it is missing, `undefined` where it holds something else. */
  number(cell: TableCell): number | undefined;
  /** The text that reads back as this number. */
  write(value: number): string;
  /** The text of a cell that was read as missing by a mark of another program, which the user did not name. */
  foreignMark(cell: TableCell): string | undefined;
  /** The reader for the cells of a column, which may have marks of its own. */
  in(column: string): CellReader;
}

/**
 * Makes the reader for these marks of missing values, beside the known ones. A mark that is a number, like −999, counts
 * however it is written.
 *
 * @throws ConcordError `invalid-option`.
 */
export function makeCellReader(missing: MissingOption = [], format: NumberFormat = {}): CellReader {
  const own = new Map<string, CellReader>();
  const find = (column: string): CellReader => own.get(column) ?? everywhere;
  requireMarkList(missing);
  const everywhere = columnReader(missing, { format, find });
  for (const column of markedColumns(missing)) {
    own.set(column, columnReader(missing, { format, find, column }));
  }
  return everywhere;
}

function columnReader(
  missing: MissingOption,
  {
    format,
    find,
    column,
  }: {
    readonly format: NumberFormat;
    readonly find: (column: string) => CellReader;
    readonly column?: string;
  },
): CellReader {
  const { texts, known } = marksOf(missing, column);
  const { parse, write } = numberReader(format);
  const pointed = numberReader();
  const isMark = (text: string): boolean => texts.has(text) || (known && isKnownMark(text));
  // A mark is written with a point, whatever the table's own sign: the user types it.
  const numbers = new Set(
    [...texts].map((text) => pointed.parse(text) ?? parse(text)).filter((value) => value !== undefined),
  );
  const isMarkedNumber = (text: string): boolean => {
    const value = numbers.size > 0 ? parse(text) : undefined;
    return value !== undefined && numbers.has(value);
  };
  return {
    text(cell) {
      if (cell === null || Number.isNaN(cell)) return null;
      if (typeof cell === 'number') return numbers.has(cell) ? null : numberText(cell);
      const text = cell.trim();
      return isMark(text) || isMarkedNumber(text) ? null : text;
    },
    number(cell) {
      if (cell === null) return NaN;
      const value = typeof cell === 'number' ? cell : parse(cell);
      if (value === undefined) return isMark(String(cell).trim()) ? NaN : undefined;
      if (numbers.size > 0 && numbers.has(value)) return NaN;
      return value === Infinity || value === -Infinity ? undefined : value;
    },
    write,
    foreignMark(cell) {
      if (typeof cell !== 'string' || !known) return undefined;
      const text = cell.trim();
      return isForeignMark(text) && !texts.has(text) ? text : undefined;
    },
    in: find,
  };
}

/** What is known beside the cell of a number that cannot be read. */
export interface NumberEvidence {
  /** Other cells of its column: what a comma means is seen from them. */
  readonly column?: Iterable<string>;
  /** Cells of other columns that are written in an unusual way. */
  readonly elsewhere?: Iterable<string>;
}

/** The error for a cell that should hold a number. */
export function invalidNumber(cell: TableCell, where: Where, evidence: NumberEvidence = {}): ConcordError {
  const shown = shorten(String(cell).replaceAll(/\s+/g, ' '));
  return new ConcordError('invalid-number', `invalid number in ${placeOf(where)}: "${shown}"`, {
    where,
    remedy: unitRemedy(String(cell).trim(), where, evidence) ?? numberRemedy(String(cell).trim(), evidence),
  });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What the user can do about a text that is not a number. */
function numberRemedy(text: string, { column = [], elsewhere = [] }: NumberEvidence): Advice {
  const age = censoredAge(text);
  if (age !== undefined) return ageRemedy(text, age);
  const formats = formatsOf(text, column, elsewhere);
  if (formats.length > 0) return formatRemedy(formats, isDecisive(text, column, elsewhere));
  if (isNumberOtherwise(text)) {
    return [
      'other cells of the column are written otherwise: write it as they are, with a decimal point and without separators between digits',
    ];
  }
  if (/^[+-]?0[xob]/i.test(text)) return ['write the number in decimal digits'];
  // No mark of a missing value is this long, and a message is one line.
  if (text.length > longestMark) return ['correct the cell'];
  if (/^[+-]?inf/i.test(text) || numberReader().parse(text) === Infinity) {
    return advise`finite numbers only: ${either('write NA where there is no value', advise`list the text with ${option('missing', text)}`)}`;
  }
  if (numberReader().parse(text) !== undefined) {
    return advise`the options say that the table is written otherwise: leave out ${option('decimal')} and ${option('thousands')}, or write all numbers alike`;
  }
  if (/^[+-]?[\d.]+\s*[a-zµ%°²³]+$/i.test(text))
    return ['write the number alone, without a unit: in that of the other cells'];
  const asMissing = advise`list this text among the missing values if it marks one: ${option('missing', text)}`;
  return [either('correct the cell', asMissing)];
}

/** The longest text that may mark missing values. */
const longestMark = 60;

/** What can be done about an age with a unit: the number alone would be another age wherever the others are in years. */
function unitRemedy(
  text: string,
  { column: name = '' }: Where,
  evidence: NumberEvidence,
): Advice | undefined {
  const age = looksLikeAge(name) ? ageWithUnit(text) : undefined;
  if (age === undefined) return undefined;
  const years = numberText(Number(age.years.toFixed(2)));
  const meant = `it means ${age.words}${age.words === `${years} years` ? '' : `, which is ${years} years`}`;
  const others = [...(evidence.column ?? [])].filter((one) => ageWithUnit(one) !== undefined);
  if (others.length < 2) {
    return advise`${meant}: write the age as a number in the unit of the others, ${years} where they are in years`;
  }
  return advise`${others.length} texts of the column are numbers with a unit; ${meant}: write all as numbers in one unit, ${years} for years; if they are groups, say ${option('categorical', name)}`;
}

/** BIDS recommends `89+` for 89 years and more, HIPAA allows no age above 89: the age itself is not in the table. */
function ageRemedy(text: string, { bound, above }: { bound: number; above: boolean }): Advice {
  const mark = option('missing', text);
  if (!above) return advise`the age is not given, only a bound of it: read it as missing with ${mark}`;
  // HIPAA's "90 and over" is 89, as it is meant by BIDS; with any other bound, it is the bound that stands for them.
  const cap = bound === 90 ? 89 : bound;
  return advise`ages of 89 and more are written so for privacy (BIDS, HIPAA): ${either(advise`read them as ${cap} with ${option('ageCap', cap)}`, advise`as missing with ${mark}`)}`;
}

/** Whether other cells were needed to know how the number is meant. */
function isDecisive(text: string, column: Iterable<string>, elsewhere: Iterable<string>): boolean {
  return formatsOf(text, []).length > formatsOf(text, column, elsewhere).length;
}

function formatRemedy(formats: readonly NumberReading[], byOthers: boolean): Advice {
  const readings = formats.map(({ format, value }): Advice => {
    const { decimal = '.', thousands } = format;
    const first = decimal === '.' ? undefined : option('decimal', decimal);
    const second = thousands === undefined ? undefined : option('thousands', thousands);
    const how = [first, second].filter((one) => one !== undefined);
    return how.length === 2
      ? advise`${numberText(value)} with ${how[0]} and ${how[1]}`
      : advise`${numberText(value)} with ${how[0]}`;
  });
  const [first, ...rest] = readings;
  if (rest.length === 0) {
    return byOthers
      ? advise`by the other cells of the table it is ${first}`
      : advise`read it as ${first}, or write a decimal point and no separators between digits`;
  }
  return rest.reduce((advice, reading) => advise`${advice}, or ${reading}`, advise`it can mean ${first}`);
}
