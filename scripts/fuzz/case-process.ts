// Reads damaged files in a process of its own, so that it can be ended: see run-cases.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formats } from './formats/formats';
import type { FuzzCase, FuzzedFormat } from './fuzzed-format';
import { bounds } from './fuzzed-format';
import { makeCase } from './make-case';
import { tryCase } from './try-case';

/** What a process is asked to do. */
export interface FuzzTask {
  readonly format: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** What it says. */
export type FuzzNews = { readonly begun: number } | { readonly done: FuzzCase } | { readonly end: true };

async function work(
  { format: name, seed, from, to }: FuzzTask,
  say: (news: FuzzNews) => void,
): Promise<void> {
  const format = formats.find((known) => known.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  const home = mkdtempSync(join(tmpdir(), 'concord-fuzz-'));
  try {
    const seeds = await format.seeds(join(home, 'seeds'));
    for (const { opened, files } of seeds) {
      if (Object.keys(files).length === 0) throw new Error(`an empty seed of ${name}: ${opened}`);
    }
    for (let index = from; index < to; index++) {
      say({ begun: index });
      const path = makeCase(join(home, 'case'), format, { seeds, seed, index });
      say({ done: await judged(format, path, index) });
    }
    say({ end: true });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function judged(format: FuzzedFormat, path: string, index: number): Promise<FuzzCase> {
  const before = process.cpuUsage();
  const [outcome, detail] = await tryCase(format, path);
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1000;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  if (mebibytes > bounds.mebibytes) {
    return {
      index,
      outcome: 'memory',
      detail: `${mebibytes.toFixed(0)} MiB: ${outcome}, ${detail}`,
      milliseconds,
    };
  }
  if (milliseconds > 1000 * bounds.seconds) {
    return {
      index,
      outcome: 'slow',
      detail: `${milliseconds.toFixed(0)} ms: ${outcome}, ${detail}`,
      milliseconds,
    };
  }
  return { index, outcome, detail, milliseconds };
}

const send = process.send?.bind(process);
if (send !== undefined) {
  process.once('message', (task) => {
    work(task as FuzzTask, (news) => send(news)).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(2);
      },
    );
  });
}
