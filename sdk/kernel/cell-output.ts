import { LongOutput, mostCharacters, mostLines, newlinesIn } from './long-output';
import type { OutputSender, StreamName } from './output-sender';
import type { DisplayContent } from './upstream';

/** Something a cell put out, remembered until the cell is replaced by the next. */
type Output =
  | { readonly stream: StreamName; text: string }
  | { readonly type: string; content: object; readonly id: string | undefined };

/**
 * The outputs of one cell, from its start until the next cell starts. Each is sent at once. Past five thousand lines the text
 * becomes its first and last hundred lines and a note that names a file with all of it; what was shown is cleared and sent
 * again without the lines between.
 */
export class CellOutput {
  private outputs: Output[] = [];
  private lines = 0;
  private characters = 0;
  private long: LongOutput | null = null;

  constructor(
    readonly count: number,
    private readonly sender: OutputSender,
  ) {}

  /** Text on a stream. */
  write(stream: StreamName, text: string): void {
    if (text === '') return;
    if (this.long !== null) return this.long.add(stream, text);
    const last = this.outputs.at(-1);
    if (last !== undefined && 'stream' in last && last.stream === stream) last.text += text;
    else this.outputs.push({ stream, text });
    this.lines += newlinesIn(text);
    this.characters += text.length;
    if (this.lines <= mostLines && this.characters <= mostCharacters) this.sender.text(stream, text);
    else this.shorten();
  }

  /** Something to look at; with `update` in the place of what has its id. */
  display(type: 'display_data' | 'execute_result' | 'update_display_data', content: DisplayContent): void {
    const id = content.transient?.display_id;
    const shown = this.outputs.find((output) => 'id' in output && id !== undefined && output.id === id);
    if (type !== 'update_display_data') this.outputs.push({ type, content, id });
    else if (shown !== undefined && 'content' in shown) shown.content = content;
    this.sender.message(type, content);
  }

  /** Takes all outputs away; with `wait` when the next one comes. */
  clear(wait: boolean): void {
    this.long?.end();
    this.outputs = [];
    this.lines = 0;
    this.characters = 0;
    this.long = null;
    this.sender.message('clear_output', { wait });
  }

  /** Sends what is held back: the cell is at its end. */
  end(): void {
    this.long?.end();
  }

  private shorten(): void {
    this.sender.message('clear_output', { wait: true });
    const long = new LongOutput(this.count, this.sender);
    for (const output of this.outputs) {
      if ('stream' in output) long.add(output.stream, output.text);
      else
        this.sender.message(output.type === 'execute_result' ? 'display_data' : output.type, output.content);
    }
    // The text is in the file now.
    this.outputs = this.outputs.filter((output) => !('stream' in output));
    this.long = long;
  }
}
