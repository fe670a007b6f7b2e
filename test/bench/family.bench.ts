// `npm run bench:family`: members of the ComBat family against the programs that people use for them, on the same
// tables, in the same run.
//     npm run bench:family -- [--member gam|longitudinal|covbat] [--repeats N]
// Every measurement is a process of its own, on one thread where a program lets it be said; programs take turns, and who comes first
// changes. Time is that of fit and apply here, and of the fits alone in R; memory is the process's peak, less what
// it held before it loaded the table, in multiples of the table. Prints medians, and `ratio NAME VALUE` last. R with mgcv and lme4
// is that of the machine (on Debian r-cran-mgcv and r-cran-lme4), the other peers are installed from PyPI into .cache/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment, PythonUnavailableError } from '../../scripts/python-environment';
import type { FamilyCase, Peer } from './family/family-cases';
import { familyCases, writeFamilyTable } from './family/family-cases';
import { median } from './images-worker';

/** What a child process says of itself; memory in bytes. */
interface Measurement {
  readonly seconds: number;
  readonly user: number;
  readonly base: number;
  readonly peak: number;
}

/** How a program is started, or why it cannot be. */
type Start = { readonly command: string; readonly args: readonly string[] } | { readonly missing: string };

type Tool = 'concord' | Peer['tool'];
type Starts = Readonly<Record<Tool, Start>>;

const oneThread = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'VECLIB_MAXIMUM', 'NUMEXPR'].map((name) => [`${name}_NUM_THREADS`, '1']),
);

const say = (step: string): void => console.log(`bench: ${step}`);

/** Finds out what of the peers this machine has. */
function startsOf(): Starts {
  const at = (name: string): string => join(__dirname, 'family', name);
  const fromR = (library: string, tool: Tool): Start => {
    const { status } = spawnSync('Rscript', ['-e', `library(${library})`]);
    return status === 0
      ? { command: 'Rscript', args: [at('family-peer.R'), tool] }
      : { missing: `no R with ${library} here` };
  };
  const fromPython = (tool: Tool): Start =>
    'missing' in python ? python : { command: python.command, args: [at('family-peer.py'), tool] };
  const python = pythonOf(at('requirements.txt'));
  return {
    concord: { command: process.execPath, args: ['--import', 'tsx', at('family-concord.ts')] },
    neuroharmonize: fromPython('neuroharmonize'),
    covbat: fromPython('covbat'),
    mgcv: fromR('mgcv', 'mgcv'),
    lmer: fromR('lme4', 'lmer'),
  };
}

function pythonOf(requirements: string): Start {
  mkdirSync(resolve(checkout, '.cache'), { recursive: true });
  try {
    const folder = resolve(checkout, '.cache', 'bench-family-python');
    return { command: ensurePythonEnvironment({ folder, requirements, onStep: say }).python, args: [] };
  } catch (error) {
    if (!(error instanceof PythonUnavailableError)) throw error;
    return { missing: error.message };
  }
}

/** Runs one program on the table in `folder`, in a process of its own. */
function measure(tool: Tool, start: Start, folder: string): Measurement {
  if ('missing' in start) throw new Error(start.missing);
  const args = [...start.args, folder, outputOf(folder, tool)];
  const result = spawnSync(start.command, args, {
    encoding: 'utf8',
    cwd: checkout,
    env: { ...process.env, ...oneThread },
  });
  if (result.status !== 0) throw new Error(`${tool} failed:\n${result.stdout}${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').pop() ?? '') as Measurement;
}

const outputOf = (folder: string, tool: Tool): string => join(folder, `${tool}.f64`);

function readOutput(folder: string, tool: Tool): Float64Array {
  const bytes = readFileSync(outputOf(folder, tool));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Measures every program on one case, prints what came out and returns the ratios. */
function runCase(
  bench: FamilyCase,
  starts: Starts,
  at: { readonly folder: string; readonly repeats: number },
): readonly string[] {
  const { member, scans, features, sites, peers } = bench;
  const { folder, repeats } = at;
  console.log(`\n${member}: ${scans} scans × ${features} features × ${sites} sites; median of ${repeats}`);
  const present = peers.filter(({ tool, ratio }) => {
    const start = starts[tool];
    if ('missing' in start) say(`${ratio} is not measured: ${start.missing}`);
    return !('missing' in start);
  });
  if (present.length < 1 && peers.length > 0) return [];
  writeFamilyTable(bench, folder);
  const tools: readonly Tool[] = ['concord', ...present.map(({ tool }) => tool)];
  const runs = new Map<Tool, Measurement[]>(tools.map((tool) => [tool, []]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(repeat + turn) % tools.length];
      runs.get(tool)?.push(measure(tool, starts[tool], folder));
    }
  }
  for (const [tool, measurements] of runs) printTool(tool, measurements);
  const typical = (tool: Tool): number => median((runs.get(tool) ?? []).map(({ seconds }) => seconds));
  const memory =
    median((runs.get('concord') ?? []).map(({ peak, base }) => peak - base)) / (scans * features * 8);
  for (const peer of present) printAgreement(member, peer, folder);
  return peers.length > 0
    ? present.map(({ tool, ratio }) => `ratio ${ratio} ${(typical('concord') / typical(tool)).toFixed(4)}`)
    : [`ratio family-${member}-memory ${memory.toFixed(2)}`];
}

function printTool(tool: Tool, measurements: readonly Measurement[]): void {
  const seconds = measurements.map((one) => one.seconds);
  const user = median(measurements.map((one) => one.user));
  console.log(
    `  ${tool.padEnd(15)} ${median(seconds).toFixed(3)} s (${Math.min(...seconds).toFixed(3)}–` +
      `${Math.max(...seconds).toFixed(3)}), ${user.toFixed(2)} s of processor`,
  );
}

/** That both computed the same: their own figures of it. */
function printAgreement(member: FamilyCase['member'], { tool, title }: Peer, folder: string): void {
  if (tool === 'neuroharmonize') {
    console.log(`  against ${title}: another kind of curve, whose values are not compared`);
    return;
  }
  const [own, other] = [readOutput(folder, 'concord'), readOutput(folder, tool)];
  const apart = Array.from(own, (value, at) => Math.abs(value - other[at])).sort((a, b) => a - b);
  const what = {
    gam: 'effective degrees of freedom of curves',
    longitudinal: 'REML criteria',
    covbat: 'harmonized values',
  }[member];
  const most = apart[apart.length - 1].toExponential(1);
  console.log(
    `  against ${title}: ${what} differ by ${most} at most, ${median(apart).toExponential(1)} typically`,
  );
}

function main(): void {
  const { values } = parseArgs({
    options: { member: { type: 'string' }, repeats: { type: 'string', default: '5' } },
  });
  const chosen = familyCases.filter(({ member }) => values.member === undefined || member === values.member);
  const repeats = Number(values.repeats);
  if (chosen.length === 0 || !(repeats >= 1)) {
    throw new Error('--member is one of gam, longitudinal, covbat; --repeats from 1 on');
  }
  buildSdkWhenStale(say);
  const starts = startsOf();
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
  const ratios: string[] = [];
  for (const bench of chosen) {
    const folder = mkdtempSync(join(tmpdir(), 'concord-family-'));
    try {
      ratios.push(...runCase(bench, starts, { folder, repeats }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(`\n${ratios.join('\n')}`);
}

main();
