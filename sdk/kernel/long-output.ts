import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputSender, StreamName } from './output-sender';

/** Up to so many lines, and characters, of a cell all of its text is shown. */
export const mostLines = 5_000;
export const mostCharacters = 10_000_000;

/** Of more than that, so many lines at each end. */
const linesAtEnd = 100;

/** Of a line in these, so many characters. */
const mostOfLine = 5_000;

/** The note is brought up to date so often while the cell runs, in milliseconds. */
const interval = 500;

/** So many characters are written to the file at once. */
const chunk = 1 << 16;

/** The folder of the files of this kernel, once there is one. */
let folder: string | undefined;

interface Line {
  readonly stream: StreamName;
  text: string;
}

/** The text of a cell that is too long to be shown: it goes into a file, and its ends are shown. */
export class LongOutput {
  private readonly id: string = `concord-long-output-${process.pid}-${notes++}`;
  private readonly tail: Line[] = [];
  private head = 0;
  private lines = 0;
  private characters = 0;
  private later: NodeJS.Timeout | undefined;
  private path: string | undefined;
  private trouble: string | undefined;
  private unwritten = '';
  private noted = -Infinity;
  private noteShown = false;
  private ended = false;
  private last: Line | undefined;

  constructor(
    count: number,
    private readonly sender: OutputSender,
  ) {
    try {
      folder ??= mkdtempSync(join(tmpdir(), 'concord-outputs-'));
      this.path = join(folder, `cell-${count}-${notes}.txt`);
    } catch (error) {
      this.trouble = reason(error);
    }
  }

  /** More text. */
  add(stream: StreamName, text: string): void {
    this.unwritten += text;
    this.characters += text.length;
    if (this.unwritten.length > chunk) this.write();
    for (let from = 0; from < text.length;) {
      // By a regular expression a line of a million characters can take all of the stack.
      const end = text.indexOf('\n', from);
      const to = end < 0 ? text.length : end + 1;
      this.addPiece(stream, text.slice(from, to));
      from = to;
    }
    if (this.head >= linesAtEnd && performance.now() - this.noted > interval) this.note();
    // What comes after the end of the cell is counted, and is in the file.
    else if (this.ended) this.later ??= setTimeout(() => this.note(), interval).unref();
  }

  /** The rest: what is not yet in the file, the last lines, and how many there are in all. */
  end(): void {
    this.note();
    if (this.ended) return;
    this.ended = true;
    if (this.head < linesAtEnd && this.last !== undefined) this.tail.push(this.last);
    for (const { stream, text } of this.tail.splice(0)) this.sender.text(stream, shortened(text));
  }

  private addPiece(stream: StreamName, piece: string): void {
    const open = this.last !== undefined && !this.last.text.endsWith('\n') && this.last.stream === stream;
    if (open && this.last !== undefined) this.last.text = joined(this.last.text, piece);
    else this.last = { stream, text: piece };
    const whole = piece.endsWith('\n');
    if (whole) this.lines += 1;
    if (this.head < linesAtEnd) {
      if (whole) {
        this.sender.text(stream, shortened(this.last.text));
        this.head += 1;
        this.last = undefined;
      }
      return;
    }
    if (!open) this.tail.push(this.last);
    if (this.tail.length > linesAtEnd) this.tail.shift();
  }

  private note(): void {
    clearTimeout(this.later);
    this.later = undefined;
    this.write();
    this.noted = performance.now();
    const [lines, characters] = [this.lines, this.characters].map((one) => one.toLocaleString('en-US'));
    const where =
      this.trouble === undefined
        ? `all of them are in ${this.path}`
        : `the others are lost, since no file could be written: ${this.trouble}`;
    const text = `${lines} lines (${characters} characters): the first and last hundred are shown, ${where}`;
    const content = {
      data: { 'text/plain': text },
      metadata: {},
      transient: { display_id: this.id },
    };
    this.sender.message(this.noteShown ? 'update_display_data' : 'display_data', content);
    this.noteShown = true;
  }

  private write(): void {
    if (this.path === undefined || this.unwritten === '' || this.trouble !== undefined) {
      this.unwritten = '';
      return;
    }
    try {
      appendFileSync(this.path, this.unwritten);
    } catch (error) {
      this.trouble = reason(error);
    }
    this.unwritten = '';
  }
}

let notes = 0;

function shortened(line: string): string {
  if (line.length <= mostOfLine) return line;
  const rest = (line.length - mostOfLine).toLocaleString('en-US');
  return `${line.slice(0, mostOfLine)}… and ${rest} or more characters\n`;
}

/** A line and what follows on it, as much of it as may be shown. */
function joined(line: string, piece: string): string {
  const room = Math.max(0, 2 * mostOfLine - line.length);
  return line + (piece.length <= room ? piece : piece.slice(0, room) + (piece.endsWith('\n') ? '\n' : ''));
}

/** How many lines a text ends. */
export function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
