import type { Delimiter } from './delimiter';

/** Lines of prose above the header of a table, as exports of Excel and statistics programs have them. */
export interface TitleLines {
  /** Where the header is in the lines, from 0. */
  readonly header: number;
  readonly delimiter: Delimiter;
  /** What the lines above say, without those that are empty. */
  readonly titles: readonly string[];
}

/** A title takes no more lines than this, empty ones not counted. */
const MOST_TITLES = 10;
/** How many rows under the header must look like rows. */
const ROWS = 4;

/**
 * Finds a header that is below lines of a title: a line of different names, none of them a number, whose rows have as many
 * cells and numbers in them, while each line above fills at most half of the columns, or has another number of cells and
 * fewer than the rows.
 *
 * @param first - the first line that is not empty, where the header would be without a title
 * @returns `undefined` where the first line is the header, or no header is found below it
 */
export function titleLines(
  lines: readonly string[],
  first: number,
  delimiterOf: (line: number) => Delimiter,
): TitleLines | undefined {
  const filled = lines.flatMap((line, at) => (at >= first && /[^\s,;|"]/.test(line) ? [at] : []));
  for (let above = 1; above <= MOST_TITLES && above + 1 < filled.length; above++) {
    const header = filled[above];
    const delimiter = delimiterOf(header);
    const names = unquotedCells(lines[header], delimiter);
    const rows = filled.slice(above + 1, above + 1 + ROWS).map((at) => unquotedCells(lines[at], delimiter));
    if (!isHeader(names, rows)) continue;
    const titles = filled.slice(0, above).map((at) => lines[at]);
    if (!titles.every((title) => isTitle(unquotedCells(title, delimiter), names.length))) return undefined;
    return {
      header,
      delimiter,
      titles: titles.map((title) => unquotedCells(title, delimiter).filter(isFilled).join(`${delimiter} `)),
    };
  }
  return undefined;
}

function isHeader(names: readonly string[], rows: readonly (readonly string[])[]): boolean {
  if (names.length < 3 || rows.length === 0) return false;
  const named = names.filter(isFilled);
  // The names of rows may have no column of their own.
  const width = rows[0].length;
  const fits = width === names.length || width === names.length + 1;
  if (!fits || rows.some((cells) => cells.length !== width)) return false;
  if (named.length < names.length - 1 || new Set(named).size < named.length || named.some(isNumber))
    return false;
  return rows.some((cells) => cells.some(isNumber));
}

function isTitle(cells: readonly string[], width: number): boolean {
  const filled = cells.filter(isFilled).length;
  const other = cells.length !== width && cells.length !== width - 1;
  return filled * 2 <= width || (other && filled < width);
}

function isFilled(cell: string): boolean {
  return cell.trim() !== '';
}

function isNumber(cell: string): boolean {
  return /^[+-]?(\d|[.,]\d)[\d.,eE+-]*$/.test(cell.trim());
}

/** The cells of a line, without their quotes. */
function unquotedCells(line: string, delimiter: Delimiter): readonly string[] {
  if (delimiter === ' ') return line.trim().split(/[ \t]+/);
  const cells: string[] = [''];
  let quoted = false;
  for (const sign of line) {
    if (sign === '"') quoted = !quoted;
    else if (sign === delimiter && !quoted) cells.push('');
    else cells[cells.length - 1] += sign;
  }
  return cells;
}
