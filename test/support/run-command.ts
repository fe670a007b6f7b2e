import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { main } from '../../sdk/cli/main';

/** What a run of the command left: its exit status and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export async function concord(...words: string[]): Promise<Outcome> {
  return concordReading('', ...words);
}

/** Runs the command in this process, with this text on its standard input. */
export async function concordReading(input: string | Uint8Array, ...words: string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const status = await main(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    live: false,
    signal: new AbortController().signal,
    in: Readable.from([input]),
  });
  return { status, out, err };
}

/** Runs the command in this process, asserts that all went well and nothing was complained of, and gives what it printed. */
export async function concordOutput(...words: string[]): Promise<string> {
  const run = await concord(...words);
  assert.deepEqual([run.status, run.err], [0, ''], run.err);
  return run.out;
}
