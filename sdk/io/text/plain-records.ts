/** One record of a text table. */
export interface PlainRecord {
  readonly cells: string[];
  /** The line on which it is, from 1, empty ones counted. */
  readonly line: number;
}

/** How the records of a text without quotes are found. */
export interface PlainRecordOptions {
  readonly delimiter: string;
  /**
   * The first line to be read.
   *
   * @defaultValue `1`
   */
  readonly fromLine?: number;
  /**
   * How many records to read.
   *
   * @defaultValue all
   */
  readonly most?: number;
}

/**
 * Reads the records of a text in which no quote has a meaning: then a line is a record and a delimiter ends a cell, and
 * splitting does in a fifth of the time what csv-parse does cell by cell. Lines end as csv-parse was configured, in `\r\n`,
 * `\n` or `\r`; empty lines are passed over, a byte-order mark is taken off. The same records as csv-parse finds.
 *
 * @param bytes - UTF-8
 */
export async function* plainRecords(
  bytes: AsyncIterable<Buffer>,
  { delimiter, fromLine = 1, most = Infinity }: PlainRecordOptions,
): AsyncGenerator<PlainRecord> {
  let line = 0;
  let found = 0;
  for await (const text of lines(bytes)) {
    line++;
    if (text === '' || line < fromLine) continue;
    if (found++ >= most) return;
    yield { cells: splitCells(text, delimiter), line };
  }
}

/** The lines of a text without their ends; what follows the last end is a line too, if only an empty one. */
async function* lines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // The decoder takes the byte-order mark off.
  const decoder = new TextDecoder();
  let open: string[] = [];
  let endedInReturn = false;
  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    // The second half of a Windows line end that was cut in two.
    if (endedInReturn && text.startsWith('\n')) text = text.slice(1);
    endedInReturn = text === '' ? false : text.endsWith('\r');
    const parts = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
    if (parts.length === 1) {
      open.push(parts[0]);
      continue;
    }
    open.push(parts[0]);
    yield open.join('');
    for (let i = 1; i < parts.length - 1; i++) yield parts[i];
    open = [parts[parts.length - 1]];
  }
  open.push(decoder.decode());
  yield open.join('');
}

/** Up to this many characters V8 copies what it cuts out of a text; a longer piece keeps the whole text in memory. */
const copied = 12;
const decimal = /^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/;

function splitCells(line: string, delimiter: string): string[] {
  const cells = line.split(delimiter);
  for (let i = 0; i < cells.length; i++) if (cells[i].length > copied) cells[i] = detached(cells[i]);
  return cells;
}

/** A cell that may be kept as text for long, like an id, must not hold on to its whole line; numbers are not kept. */
function detached(cell: string): string {
  if (decimal.test(cell)) return cell;
  return Buffer.from(cell, 'utf8').toString('utf8');
}
