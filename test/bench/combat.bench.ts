// `npm run bench:combat`: ComBat here against neuroCombat and neuroHarmonize, on the same tables, in the same run; tables with
// missing cells against complete ones; and `concord harmonize` of a CSV file against a script of pandas and neuroHarmonize.
//     npm run bench:combat -- [--case NAME] [--repeats N]
// Every measurement is a process of its own; tools take turns. Peers run on one thread, "-threads" on as many as they take; on the clock the faster
// counts.
// Time is that of fit and apply, waiting and the operating system's work included, beside the processor time of all threads;
// the CSV file is from start to end of the process. Memory is the process's peak, less what it held before it loaded the table,
// in multiples of the table. The last lines are `ratio NAME VALUE`, of medians.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import type { BenchCase, BenchRatio, BenchTable, BenchTool } from './bench-case';
import { benchCases, writeBenchTable } from './bench-case';
import { csvCase, runCsv } from './combat-csv';

/** What a child process says of itself; memory in bytes. */
interface Measurement {
  readonly seconds: number;
  /** Processor time of the same, in the program itself and not in the operating system on its behalf. */
  readonly user: number;
  /** And that of the operating system on its behalf. */
  readonly system: number;
  readonly base: number;
  readonly loaded: number;
  readonly peak: number;
  readonly notes: string;
}

const oneThread = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'VECLIB_MAXIMUM', 'NUMEXPR'].map((name) => [`${name}_NUM_THREADS`, '1']),
);

/** Runs one tool on the table in `folder`, in a process of its own. */
function measure(tool: BenchTool, folder: string, python: string): Measurement {
  const output = join(folder, `${tool}.f64`);
  const values = tool === 'concord-missing' ? 'missing.f64' : 'values.f64';
  const where = tool === 'concord-in-place' ? ['in-place'] : [];
  const own = ['--import', 'tsx', join(__dirname, 'harmonize-concord.ts'), folder, values, output, ...where];
  const [command, args] = isOurs(tool)
    ? [process.execPath, own]
    : [python, [join(__dirname, 'harmonize-peer.py'), tool.replace('-threads', ''), folder, output]];
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: checkout,
    env: tool.endsWith('-threads') ? process.env : { ...process.env, ...oneThread },
  });
  if (result.status !== 0) throw new Error(`${tool} failed:\n${result.stdout}${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').pop() ?? '') as Measurement;
}

function isOurs(tool: BenchTool): boolean {
  return tool.startsWith('concord');
}

/** The largest absolute difference between two outputs, in feature units and in standard deviations of a feature. */
function largestDifference(a: Float64Array, b: Float64Array, sd: readonly number[]): [number, number] {
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // A value that is not a number shows up instead of being passed over.
    if (Number.isNaN(difference)) return [NaN, NaN];
    absolute = Math.max(absolute, difference);
    relative = Math.max(relative, difference / sd[i % sd.length]);
  }
  return [absolute, relative];
}

function readOutput(folder: string, tool: BenchTool): Float64Array {
  const bytes = readFileSync(join(folder, `${tool}.f64`));
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** Measures every tool on one case and prints what came out. */
function runCase(
  bench: BenchCase,
  python: string,
  options: { folder: string; repeats: number },
): readonly string[] {
  const { folder, repeats } = options;
  const table = writeBenchTable(bench, folder);
  const bytes = table.subjects * table.features * 8;
  const runs: Runs = new Map(bench.tools.map((tool) => [tool, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    // Who comes first changes: the operating system hands out memory faster that was in use a moment ago.
    for (let turn = 0; turn < bench.tools.length; turn++) {
      const tool = bench.tools[(repeat + turn) % bench.tools.length];
      runs.get(tool)?.push(measure(tool, folder, python));
    }
  }
  console.log(
    `\n${bench.name}: ${table.subjects} subjects × ${table.features} features × ${bench.sites} sites, ` +
      `${bench.eb}, covariates age and sex; table ${megabytes(bytes)} MB; median of ${repeats}`,
  );
  for (const [tool, measurements] of runs) printTool(tool, measurements, bytes);
  printRatios(runs, { folder, table });
  return bench.ratios.map((ratio) => ratioLine(ratio, runs, bytes));
}

type Runs = ReadonlyMap<BenchTool, Measurement[]>;

/** A line for those who compare runs: `ratio NAME VALUE`. */
function ratioLine({ name, of, ours, peers }: BenchRatio, runs: Runs, bytes: number): string {
  const measured = {
    wall: ({ seconds }: Measurement) => seconds,
    cpu: ({ user, system }: Measurement) => user + system,
    memory: ({ peak, base }: Measurement) => (peak - base) / bytes,
  }[of];
  const typical = (tool: BenchTool): number => median((runs.get(tool) ?? []).map(measured));
  const theirs = peers.length === 0 ? 1 : Math.min(...peers.map(typical));
  return `ratio ${name} ${(typical(ours) / theirs).toFixed(3)}`;
}

function printTool(tool: string, measurements: readonly Measurement[], bytes: number): void {
  const of = (value: (measurement: Measurement) => number): number => median(measurements.map(value));
  const seconds = measurements.map((measurement) => measurement.seconds);
  const typical = [...measurements].sort((a, b) => a.seconds - b.seconds)[measurements.length >> 1];
  const above = of(({ peak, base }) => peak - base);
  console.log(
    `  ${tool.padEnd(22)} ${of(({ seconds: s }) => s).toFixed(3)} s ` +
      `(${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}), ${of(({ user }) => user).toFixed(2)} s of its own, ${of(({ system }) => system).toFixed(2)} s of the system   ` +
      `peak ${megabytes(of(({ peak }) => peak))} MB, ${megabytes(above)} MB above its base: ` +
      `${(above / bytes).toFixed(2)} × table   ${typical.notes}`,
  );
}

/** Concord against each peer: time, memory above base, and how far the outputs lie apart. */
function printRatios(runs: Runs, { folder, table }: { folder: string; table: BenchTable }): void {
  const ours = runs.get('concord') ?? [];
  const own = readOutput(folder, 'concord');
  for (const [peer, theirs] of runs) {
    if (peer === 'concord-in-place' && Buffer.compare(bytesOf(own), bytesOf(readOutput(folder, peer))) !== 0)
      throw new Error('in place other values come out');
    if (isOurs(peer)) continue;
    const ratio = (value: (measurement: Measurement) => number): string =>
      (median(ours.map(value)) / median(theirs.map(value))).toFixed(2);
    const [absolute, relative] = largestDifference(own, readOutput(folder, peer), table.sd);
    console.log(
      `  concord / ${peer}: time ${ratio(({ seconds }) => seconds)} (of all processors ${ratio(({ user, system }) => user + system)}, their own ${ratio(({ user }) => user)}), ` +
        `memory ${ratio(({ peak, base }) => peak - base)}; ` +
        `largest difference ${absolute.toExponential(1)} (${relative.toExponential(1)} SD)`,
    );
  }
}

function main(): void {
  const { values } = parseArgs({
    options: { case: { type: 'string' }, repeats: { type: 'string', default: '5' } },
  });
  const names = [...benchCases.map((bench) => bench.name), csvCase];
  const chosen = benchCases.filter((bench) => values.case === undefined || bench.name === values.case);
  const repeats = Number(values.repeats);
  if ((values.case !== undefined && !names.includes(values.case)) || !(repeats >= 1)) {
    throw new Error(`--case is one of ${names.join(', ')}; --repeats from 1 on`);
  }
  const say = (step: string): void => console.log(`bench: ${step}`);
  mkdirSync(resolve(checkout, '.cache'), { recursive: true });
  const { python } = ensurePythonEnvironment({
    folder: resolve(checkout, '.cache', 'bench-python'),
    requirements: join(__dirname, 'requirements.txt'),
    onStep: say,
  });
  buildSdkWhenStale(say);
  console.log(
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} processors`,
  );
  const lines: string[] = [];
  for (const bench of chosen) {
    inScratchFolder((folder) => lines.push(...runCase(bench, python, { folder, repeats })));
  }
  if (values.case === undefined || values.case === csvCase) {
    inScratchFolder((folder) => lines.push(...runCsv(python, { folder, repeats, env: oneThread })));
  }
  console.log(`\n${lines.join('\n')}`);
}

function inScratchFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
