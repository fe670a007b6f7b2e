import type { Delimiter } from './delimiter';
import { sniffDelimiter } from './delimiter';
import { titleLines } from './title-lines';

/** How a text table begins and how its cells are separated. */
export interface TextLayout {
  readonly delimiter: Delimiter;
  /** The line on which the header begins, from 1. */
  readonly headerLine: number;
  /** The lines before it that begin with `#`. */
  readonly comments: number;
  /** What the lines of a title above the header say, which are passed over too. */
  readonly titles: readonly string[];
  /** Whether every cell of the header is quoted, so that quotes are not part of the cells. */
  readonly quotedHeader: boolean;
}

/**
 * Finds the layout of a text table from its start: Excel's `sep=;` on the first line names the separator; lines that begin
 * with `#` are comments where they have fewer cells than the line after them, and else the header (`#FID`); lines of prose
 * above the header are a title.
 */
export function textLayout(head: string, extension: string): TextLayout {
  const lines = head.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const named = /^"?sep=([^"\s]|\t| )"?[,;\t|]*$/i.exec(lines[0]);
  const start = named === null ? 0 : 1;
  const first = nextLine(lines, start, () => true);
  const body = nextLine(lines, first, (line) => !line.startsWith('#'));
  const sniff = (at: number): Delimiter => sniffDelimiter(lines.slice(at).join('\n'), extension);
  const delimiter = named === null ? sniff(body < lines.length ? body : first) : asDelimiter(named[1]);
  const width = (at: number): number =>
    (lines[at] ?? '').split(delimiter === ' ' ? /[ \t]+/ : delimiter).length;
  const headed = body > first && width(body - 1) >= width(body) && width(body) > 1;
  const plain = body >= lines.length ? first : headed ? body - 1 : body;
  // The last line may be cut off.
  const titled = titleLines(lines.slice(0, -1), plain, (at) => (named === null ? sniff(at) : delimiter));
  const header = titled?.header ?? plain;
  return {
    delimiter: titled?.delimiter ?? delimiter,
    headerLine: header + 1,
    comments: plain - first,
    titles: titled?.titles ?? [],
    quotedHeader: (lines[header] ?? '')
      .split(titled?.delimiter ?? delimiter)
      .every((cell) => /^\s*"[^"]*"\s*$/.test(cell)),
  };
}

function asDelimiter(text: string): Delimiter {
  return [',', '\t', ';', '|', ' '].includes(text) ? (text as Delimiter) : ',';
}

/** The first line from `from` that is not empty and that `wanted` takes; the number of lines where there is none. */
function nextLine(lines: readonly string[], from: number, wanted: (line: string) => boolean): number {
  const found = lines.findIndex((line, at) => at >= from && line.trim() !== '' && wanted(line));
  return found === -1 ? lines.length : found;
}

/** The start of a table: its header as written, and the rows under it. */
export interface TableStart {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly isNumber: (text: string) => boolean;
  readonly isMissing: (text: string) => boolean;
}

/** What the start of a table says about its columns. */
export interface StartLayout {
  /** The names of the columns, one for every cell of a row. */
  readonly header: readonly string[];
  /** Whether a column without a name was put before the header, for the row names that R writes. */
  readonly rowNames: boolean;
  /** How many rows under the header describe the columns. */
  readonly descriptions: number;
}

/**
 * Finds what the header does not say: that rows begin with a name which has no column (R's `write.table`), or that the
 * first rows describe the columns (the second row of NDA's files, units) and are no subjects.
 *
 * @param idNames - names, in lower case, of which one in the header says that the ids have a column
 */
export function startLayout(start: TableStart, idNames: readonly string[]): StartLayout {
  const { header, rows } = start;
  const rowNames = hasRowNames(start, idNames);
  return {
    header: rowNames ? ['', ...header] : header,
    rowNames,
    descriptions: rows.length > 1 ? countDescriptions(start, rowNames ? 1 : 0) : 0,
  };
}

function hasRowNames({ header, rows }: TableStart, idNames: readonly string[]): boolean {
  if (rows.length === 0 || rows.some((cells) => cells.length !== header.length + 1)) return false;
  if (rows.every((cells) => cells[cells.length - 1].trim() === '')) return false;
  const counted = rows.every((cells, row) => cells[0].trim() === String(row + 1));
  const named = header.some((name) => idNames.includes(name.trim().toLowerCase()));
  const distinct = new Set(rows.map((cells) => cells[0])).size === rows.length;
  return counted || (!named && distinct && rows.every((cells) => cells[0].trim() !== ''));
}

/**
 * A row describes the columns where those that hold numbers below it hold words there, all of them that hold anything: two
 * columns at least, and half of them.
 */
function countDescriptions({ rows, isNumber, isMissing }: TableStart, offset: number): number {
  let described = 0;
  // Some exports have two such rows: the question, and the code of the column.
  while (described < 2 && described < rows.length - 1) {
    const below = rows.slice(described + 1);
    const isNumeric = (column: number): boolean => {
      const cells = below.map((cells) => cells[column] ?? '').filter((cell) => !isMissing(cell));
      const numbers = cells.filter(isNumber).length;
      return column >= offset && numbers > 0 && numbers * 2 >= cells.length;
    };
    // Nearly every table is done here, at its first number.
    if (rows[described].some((cell, column) => isNumber(cell) && isNumeric(column))) break;
    const cells = rows[described].filter((_, column) => isNumeric(column));
    const words = cells.filter((cell) => !isMissing(cell) && /\p{L}{2}/u.test(cell));
    if (words.length < 2 || words.length * 2 < cells.length) break;
    described++;
  }
  return described;
}
