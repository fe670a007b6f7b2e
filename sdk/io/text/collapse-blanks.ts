/**
 * Turns text whose cells are separated by one or more blanks into text whose cells are separated by one tab each, so that
 * a reader of separated values reads it: blanks within quotes stay, those at the ends of lines go.
 */
export async function* collapseBlanks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder();
  const state: BlankState = { quoted: false, gap: false, begun: false };
  for await (const chunk of chunks)
    yield Buffer.from(collapse(decoder.decode(chunk, { stream: true }), state));
  yield Buffer.from(collapse(decoder.decode(), state));
}

interface BlankState {
  quoted: boolean;
  /** Whether blanks were met since the last cell. */
  gap: boolean;
  /** Whether the line has a cell. */
  begun: boolean;
}

function collapse(text: string, state: BlankState): string {
  let out = '';
  for (const sign of text) {
    if (!state.quoted && (sign === ' ' || sign === '\t')) {
      state.gap = true;
      continue;
    }
    if (!state.quoted && (sign === '\n' || sign === '\r')) {
      state.gap = false;
      state.begun = false;
      out += sign;
      continue;
    }
    if (state.gap && state.begun) out += '\t';
    state.gap = false;
    state.begun = true;
    if (sign === '"') state.quoted = !state.quoted;
    out += sign;
  }
  return out;
}
