import { pipeline, Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import { CsvError, parse } from 'csv-parse';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { sniffDelimiter } from './delimiter';
import { plainRecords } from './plain-records';
import type { RowSource, TableRow } from './row-source';
import type { TableFile } from './table-file';
import { countLines, textBytes } from './text-stream';

interface ParsedRecord {
  readonly record: string[];
  readonly info: Pick<Info, 'lines'>;
}

/**
 * Opens a comma-, tab- or semicolon-separated file (RFC 4180: quotes, doubled quotes, line breaks in quotes).
 * Reads it once through to check the encoding and count its lines.
 *
 * @throws ConcordError `malformed-table` or `too-little-data`.
 */
export async function openDelimited(file: TableFile, run: RunOptions = {}): Promise<RowSource> {
  const { lines, quotes } = await countLines(file, run);
  const delimiter = sniffDelimiter(headText(file), file.extension);
  const header = await readHeader(file, delimiter);
  if (header.length < 2) {
    throw new ConcordError(
      'malformed-table',
      `invalid table: ${file.path} has one column only, "${header[0].slice(0, 60)}" ` +
        '(cells are separated by commas, tabs or semicolons)',
      { where: { file: file.path, row: 1 } },
    );
  }
  return {
    name: file.path,
    header: header.map((name) => name.trim()),
    rowsHint: Math.max(1, lines - 1),
    rows: () => readRows(file, { delimiter, columns: header.length, quotes }, run),
  };
}

function headText(file: TableFile): string {
  return new TextDecoder(file.encoding).decode(file.head);
}

async function readHeader(file: TableFile, delimiter: string): Promise<string[]> {
  // The first record alone: reading on would meet a ragged row before the header is known.
  for await (const { record } of records(file, { delimiter, to: 1 }, {})) return record;
  throw new ConcordError(
    'too-little-data',
    `empty table: ${file.path} has no header and no rows (both are needed)`,
    {
      where: { file: file.path },
    },
  );
}

async function* readRows(file: TableFile, reading: Reading, run: RunOptions): AsyncGenerator<TableRow> {
  let previous = 0;
  let overcounted = 0;
  for await (const { record, info } of records(file, reading, run)) {
    // The parser counts lines to the end of a row, and a Windows line end within quotes twice; an editor shows the
    // line on which the row begins.
    const breaks = info.lines - previous > 1 ? breaksWithin(record) : { lines: 0, windows: 0 };
    overcounted += breaks.windows;
    if (previous > 0) yield { line: info.lines - overcounted - breaks.lines, cells: record };
    previous = info.lines;
  }
}

/** How a file is read: its separator; up to which record; how many columns its header has, once that is known. */
interface Reading {
  readonly delimiter: string;
  readonly to?: number;
  readonly columns?: number;
  /** Whether there is a quote anywhere, as far as is known. */
  readonly quotes?: boolean;
}

async function* records(file: TableFile, reading: Reading, run: RunOptions): AsyncGenerator<ParsedRecord> {
  if (reading.quotes !== false) {
    yield* parsedRecords(file, reading, run);
    return;
  }
  let good = 0;
  let even = true;
  for await (const { cells, line } of plainRecords(textBytes(file, run), reading)) {
    even = cells.length === reading.columns;
    if (!even) break;
    good++;
    yield { record: cells, info: { lines: line } };
  }
  if (even) return;
  // csv-parse says what is wrong with a ragged row.
  for await (const parsed of parsedRecords(file, reading, {})) if (good-- <= 0) yield parsed;
}

async function* parsedRecords(
  file: TableFile,
  reading: Reading,
  run: RunOptions,
): AsyncGenerator<ParsedRecord> {
  const { delimiter, to = -1, columns = 0 } = reading;
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    to,
  });
  try {
    // Errors surface in the loop; the callback only keeps them from being thrown twice.
    const bytes = Readable.from(textBytes(file, run), { objectMode: false });
    for await (const parsed of pipeline(bytes, parser, () => undefined)) {
      yield parsed as ParsedRecord;
    }
  } catch (cause) {
    throw cause instanceof CsvError ? malformed(file, cause, columns) : cause;
  }
}

function breaksWithin(record: readonly string[]): { readonly lines: number; readonly windows: number } {
  const ends = record.flatMap((cell) => cell.match(/\r\n|\r|\n/g) ?? []);
  return { lines: ends.length, windows: ends.filter((end) => end === '\r\n').length };
}

/** Says what the parser met, in words a user can act on. */
function malformed(file: TableFile, cause: CsvError, columns: number): ConcordError {
  const row = typeof cause['lines'] === 'number' ? cause['lines'] : undefined;
  const record: unknown = cause['record'];
  const place = row === undefined ? file.path : `${file.path}, row ${row}`;
  const message = (): string => {
    if (cause.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' && Array.isArray(record)) {
      const cells = record.length === 1 ? '1 cell' : `${record.length} cells`;
      const remedy =
        record.length === columns + 1
          ? 'a cell that holds the separator must be quoted; tables written by R need col.names = NA'
          : 'every row needs one cell per column, empty where a value is missing';
      return `ragged row: ${place} has ${cells} where the header has ${columns} columns (${remedy})`;
    }
    if (cause.code === 'CSV_QUOTE_NOT_CLOSED') {
      return `broken quote: a quote that opens in ${file.path} is never closed (close it, or write it twice inside quotes)`;
    }
    return `broken quote: ${place} (a cell with quotes must be quoted whole, and quotes inside it doubled)`;
  };
  return new ConcordError('malformed-table', message(), { where: { file: file.path, row }, cause });
}
