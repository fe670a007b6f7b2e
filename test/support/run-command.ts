import { main } from '../../sdk/cli/main';

/** What a run of the command left: its exit status and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export async function concord(...words: string[]): Promise<Outcome> {
  let [out, err] = ['', ''];
  const status = await main(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    live: false,
    signal: new AbortController().signal,
  });
  return { status, out, err };
}
