// `npm run fuzz -- --count N --format F --seed S`: reads damaged files of every format that people give to Concord. Each
// must be read or refused with an error of ours, in bounded time and memory. The same seed gives the same files.
import { parseArgs } from 'node:util';
import { formats } from './formats/formats';
import type { FuzzCase, Outcome } from './fuzzed-format';
import { bounds, isShort } from './fuzzed-format';
import { runCases } from './run-cases';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    format: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
  },
});

function wholeNumber(name: 'count' | 'seed' | 'first'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`invalid --${name}: ${values[name]} (a whole number is needed)`);
}

/** Runs one format and prints a line; returns how many cases fell short. */
async function fuzzFormat(name: string): Promise<number> {
  const count = wholeNumber('count');
  const seed = wholeNumber('seed');
  const first = wholeNumber('first');
  const counts = new Map<Outcome, number>();
  let slowest = 0;
  const began = Date.now();
  await runCases({ format: name, seed, from: first, to: first + count }, (done: FuzzCase) => {
    counts.set(done.outcome, (counts.get(done.outcome) ?? 0) + 1);
    slowest = Math.max(slowest, done.milliseconds || 0);
    if (isShort(done.outcome)) {
      console.log(`${name} --seed ${seed} --first ${done.index}: ${done.outcome}: ${done.detail}`);
    }
  });
  const list = [...counts].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(
    `${name}: ${count} cases in ${seconds} s: ${list}; slowest ${slowest.toFixed(0)} ms of processor time`,
  );
  return [...counts].reduce((sum, [outcome, times]) => sum + (isShort(outcome) ? times : 0), 0);
}

async function main(): Promise<void> {
  const known = formats.map(({ name }) => name);
  const wanted = values.format?.flatMap((list) => list.split(',')) ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`unknown --format: ${unknown} (${known.join(', ')} are there)`);
  let short = 0;
  for (const name of wanted) short += await fuzzFormat(name);
  const total = wanted.length * wholeNumber('count');
  console.log(
    `${short} of ${total} cases fell short (raw error, more than ${bounds.seconds} s of processor time, more than ` +
      `${bounds.mebibytes} MiB, or nonsense)`,
  );
  process.exitCode = short === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
