import { pipeline, Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import { CsvError, parse } from 'csv-parse';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { collapseBlanks } from './collapse-blanks';
import { delimiterNames } from './delimiter';
import type { DescribedStart } from './layout-issues';
import { layoutIssues } from './layout-issues';
import { isKnownMark } from '../cells/missing-marks';
import { isNumberOtherwise, numberReader } from '../cells/number-format';
import { plainRecords } from './plain-records';
import { raggedRow, unreadableCsv } from './ragged-row';
import type { RowSource, TableRow } from './row-source';
import { idNames } from '../columns/table-columns';
import type { TableFile } from '../tables/table-file';
import type { TextLayout } from './text-layout';
import { startLayout, textLayout } from './text-layout';
import { afterLines, countLines, hasEvenTabs, textBytes } from './text-stream';

/**
 * Opens a table of separated values: commas, tabs, semicolons, vertical bars, blanks. Quotes are those of RFC 4180 (doubled
 * quotes, line breaks in quotes). Between tabs a quote is part of its cell, as in BIDS, unless the cell is quoted whole; only
 * where the header is quoted throughout (R's `write.table`), or the lines have the right number of cells no other way,
 * do quotes join cells and lines.
 *
 * Reads the file once through to check the encoding and count its lines.
 *
 * @throws ConcordError `malformed-table` or `too-little-data`.
 */
export async function openDelimited(file: TableFile, run: RunOptions = {}): Promise<RowSource> {
  const { lines, quotes } = await countLines(file, run);
  const layout = textLayout(new TextDecoder(file.encoding).decode(file.head), file.extension);
  const literal =
    layout.delimiter === '\t' &&
    quotes &&
    !layout.quotedHeader &&
    (await hasEvenTabs(file, layout.headerLine));
  const reading: Reading = { ...layout, literal, plain: literal || !quotes };
  const start = await readStart(file, reading);
  if (start.header.length < 2) throw oneColumn(file, start.header[0], layout);
  let empty: readonly number[] = [];
  return {
    name: file.path,
    header: start.header.map((name) => name.trim()),
    descriptions: start.described,
    rowsHint: Math.max(1, lines - layout.headerLine - start.descriptions),
    rows: () => readRows(file, reading, { start, run, onEmpty: (found) => (empty = found) }),
    issues: () => layoutIssues(file.path, layout, { start, empty }),
  };
}

/** How a file is read: its layout, and whether quotes are part of the cells. */
interface Reading extends TextLayout {
  readonly literal: boolean;
  /** Whether no quote has a meaning, so that lines are records. */
  readonly plain: boolean;
}

/** How many rows are looked at to see what the columns hold. */
const startRows = 12;

async function readStart(file: TableFile, reading: Reading): Promise<DescribedStart> {
  const met: ParsedRecord[] = [];
  for await (const record of records(file, reading, { to: startRows + 1 })) met.push(record);
  requireWideHeader(file, reading, met);
  const first = met.map(({ cells }) => cells);
  if (first.length === 0) {
    throw new ConcordError(
      'too-little-data',
      `empty table: ${file.path} has no header and no rows (both are needed)`,
      { where: { file: file.path } },
    );
  }
  const [header, ...rows] = first;
  const number = numberReader();
  const found = startLayout(
    {
      header,
      rows: rows.filter((cells) => !isEmpty(cells)),
      isNumber: (text) => number.parse(text) !== undefined || isNumberOtherwise(text.trim()),
      isMissing: (text) => isKnownMark(text.trim()),
    },
    idNames,
  );
  return { ...found, described: rows.slice(0, found.descriptions) };
}

/** Refuses a header of half as many cells as all rows have: before it is searched for names that it cannot have. */
function requireWideHeader(file: TableFile, { delimiter }: Reading, met: readonly ParsedRecord[]): void {
  const [header, row, ...others] = met;
  if (row === undefined || header.cells.length < 2) return;
  const wide = [row, ...others].every(
    ({ cells }) => cells.length >= 2 * header.cells.length && !isEmpty(cells.slice(header.cells.length)),
  );
  if (wide) throw raggedRow(file.path, delimiter, { ...row, header: header.cells });
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

async function* readRows(
  file: TableFile,
  reading: Reading,
  {
    start,
    run,
    onEmpty,
  }: {
    readonly start: DescribedStart;
    readonly run: RunOptions;
    readonly onEmpty: (lines: readonly number[]) => void;
  },
): AsyncGenerator<TableRow> {
  const { header, descriptions } = start;
  const empty: number[] = [];
  let at = 0;
  for await (const { cells, line } of records(file, reading, { run })) {
    if (at++ === 0) continue;
    if (isEmpty(cells)) empty.push(line);
    else if (at - 1 - empty.length > descriptions) {
      yield {
        line,
        cells: cells.length === header.length ? cells : fitted(file, reading, { cells, line, header }),
      };
    }
  }
  onEmpty(empty);
}

/** Brings a row to the width of the header where only empty cells or columns without a name differ. */
function fitted(
  file: TableFile,
  reading: Reading,
  row: { readonly cells: readonly string[]; readonly line: number; readonly header: readonly string[] },
): readonly string[] {
  const { cells, header } = row;
  if (cells.length > header.length && isEmpty(cells.slice(header.length)))
    return cells.slice(0, header.length);
  if (cells.length < header.length && isEmpty(header.slice(cells.length))) {
    return [...cells, ...header.slice(cells.length)];
  }
  throw raggedRow(file.path, reading.delimiter, row);
}

interface ParsedRecord {
  readonly cells: readonly string[];
  /** The line on which it begins, as an editor counts. */
  readonly line: number;
}

async function* records(
  file: TableFile,
  reading: Reading,
  { to, run = {} }: { readonly to?: number; readonly run?: RunOptions },
): AsyncGenerator<ParsedRecord> {
  const { delimiter, headerLine, literal } = reading;
  if (!reading.plain || delimiter === ' ') {
    yield* parsedRecords(file, reading, { to, run });
    return;
  }
  const options = { delimiter, fromLine: headerLine, most: to };
  for await (const { cells, line } of plainRecords(textBytes(file, run), options)) {
    yield { cells: literal ? cells.map(unquoted) : cells, line };
  }
}

async function* parsedRecords(
  file: TableFile,
  { delimiter, headerLine, literal }: Reading,
  { to = -1, run = {} }: { readonly to?: number; readonly run?: RunOptions },
): AsyncGenerator<ParsedRecord> {
  const parser = parse({
    bom: true,
    delimiter: delimiter === ' ' ? '\t' : delimiter,
    info: true,
    quote: literal ? false : '"',
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: delimiter === '\t',
    skip_empty_lines: true,
    to,
  });
  let previous = 0;
  let overcounted = 0;
  try {
    const bytes = afterLines(textBytes(file, run), headerLine - 1);
    // Errors surface in the loop; the callback only keeps them from being thrown twice.
    const text = Readable.from(delimiter === ' ' ? collapseBlanks(bytes) : bytes, { objectMode: false });
    for await (const parsed of pipeline(text, parser, () => undefined)) {
      const { record, info } = parsed as { readonly record: string[]; readonly info: Info };
      // The parser counts lines to the end of a row, and a Windows line end within quotes twice; an editor shows the
      // line on which the row begins.
      const breaks = info.lines - previous > 1 ? breaksWithin(record) : { lines: 0, windows: 0 };
      overcounted += breaks.windows;
      previous = info.lines;
      yield {
        cells: literal ? record.map(unquoted) : record,
        line: headerLine - 1 + info.lines - overcounted - breaks.lines,
      };
    }
  } catch (cause) {
    throw cause instanceof CsvError ? unreadableCsv(file.path, cause) : cause;
  }
}

/** A cell that is quoted whole, as csv writers do with cells that hold quotes, without its quotes. */
function unquoted(cell: string): string {
  return cell.startsWith('"') && /^"(?:[^"]|"")*"$/.test(cell) && cell.length > 1
    ? cell.slice(1, -1).replaceAll('""', '"')
    : cell;
}

function breaksWithin(record: readonly string[]): { readonly lines: number; readonly windows: number } {
  const ends = record.flatMap((cell) => cell.match(/\r\n|\r|\n/g) ?? []);
  return { lines: ends.length, windows: ends.filter((end) => end === '\r\n').length };
}

function oneColumn(file: TableFile, name: string, { headerLine }: TextLayout): ConcordError {
  return new ConcordError(
    'malformed-table',
    `invalid table: ${file.path} has one column only, "${name.slice(0, 60)}"`,
    {
      where: { file: file.path, row: headerLine },
      remedy: [`cells are separated by ${delimiterNames}; remove the line if it is a title above the header`],
    },
  );
}
