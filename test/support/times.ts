import type { Context, RootHookObject } from 'mocha';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

// Loaded by `npm run test:times`: how many seconds of processor time each test file takes, its hooks, what it loads and the
// programs that it runs included. Time on the clock would depend on what else the machine does.

/** What a test file took, in seconds. */
interface FileTime {
  readonly file: string;
  readonly processor: number;
}

/** Names the file in which the processes that share the tests note their times. */
const noted = 'CONCORD_TEST_TIMES';

/** Processor time of this process and of the programs that it ran to their end, in seconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + programsTime();
}

/** Linux alone tells what programs took (fields 16 and 17 of proc(5), in hundredths of a second). */
function programsTime(): number {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

let before = 0;

export const mochaHooks: RootHookObject = {
  afterAll(this: Context) {
    const now = processorTime();
    const suite = this.test?.parent;
    const file = suite?.suites[0]?.file ?? suite?.tests[0]?.file ?? '';
    const time: FileTime = { file: relative(process.cwd(), file), processor: now - before };
    appendFileSync(process.env[noted] ?? '', `${JSON.stringify(time)}\n`);
    before = now;
  },
};

/** Makes the file in which times are noted. */
export function mochaGlobalSetup(): void {
  process.env[noted] = join(mkdtempSync(join(tmpdir(), 'concord-times-')), 'times.jsonl');
}

/** Prints the files that took longest. */
export function mochaGlobalTeardown(): void {
  const path = process.env[noted] ?? '';
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  rmSync(dirname(path), { recursive: true, force: true });
  const times = lines.map((line) => JSON.parse(line) as FileTime);
  times.sort((one, other) => other.processor - one.processor);
  const total = times.reduce((sum, { processor }) => sum + processor, 0);
  console.log(`${Math.round(total)} seconds of processor time in ${times.length} files, of these most in`);
  for (const { file, processor } of times.slice(0, 40))
    console.log(`${processor.toFixed(1).padStart(7)}  ${file}`);
}
