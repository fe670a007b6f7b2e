// `npm run bench:nn`: the network engine here against PyTorch and against TensorFlow.js as it is, in the same run.
//     npm run bench:nn -- [--part conv|inference|step|gan|memory|profile] [--backend wasm|tensorflow|webgpu|cpu]
//                         [--peer torch|stock] [--threads 2] [--repeats 5]
// Every program has the same weights and images, in a process of its own that stays warm; they take turns repeat by repeat,
// and only one works at a time. "stock wasm" is the wasm backend of tfjs as it starts in Node, with plain layers and one
// kernel supplied, without which it trains no convolution (nn/stock-filter-gradient.ts). `--profile` is `--part profile`.
// The last lines are `ratio NAME VALUE`: the median time of a backend in that of PyTorch. PyTorch is installed from PyPI unless CONCORD_TORCH_PYTHON names a Python that has it. Nothing is asserted.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import { writeBenchData } from './nn/bench-data';
import { benchMemory } from './nn/bench-memory';
import { measure } from './nn/measure';
import { Peer, concordProgram, stockProgram, torchProgram } from './nn/peer';
import { printMeasurements, printProfile, printRatios, printTable } from './nn/report';
import type { Row } from './nn/report';
import type { WantedBackend } from './nn/start-backend';
import { profileNames } from './nn/tasks';
import type { ProfileName, TaskName } from './nn/tasks';

const parts = ['conv', 'inference', 'step', 'gan', 'memory', 'profile'] as const;
type Part = (typeof parts)[number];

/** The programs that take part, and what they are measured with. */
interface Bench {
  readonly folder: string;
  readonly repeats: number;
  /** The backends of Concord that were asked for. */
  readonly wanted: readonly WantedBackend[];
  /** Those that start here. */
  readonly ours: readonly Peer[];
  readonly torch: readonly Peer[];
  readonly stock: readonly Peer[];
  readonly rows: Row[];
}

/** How often each task is done, in units of `--repeats`: short ones more often. */
const shortTask = 4;

async function benchTask(
  bench: Bench,
  task: TaskName,
  peers: readonly Peer[],
  repeats: number,
): Promise<void> {
  const options = { task, repeats, folder: bench.folder };
  bench.rows.push(...printMeasurements(await measure(peers, options), options));
}

async function benchConvolutions(bench: Bench): Promise<void> {
  const peers = [...bench.torch, ...bench.ours, ...bench.stock];
  for (const task of ['conv-forward', 'conv-training'] as const) {
    await benchTask(bench, task, peers, shortTask * bench.repeats);
  }
}

async function benchInference(bench: Bench): Promise<void> {
  const peers = [...bench.torch, ...bench.ours, ...bench.stock];
  await benchTask(bench, 'inference', peers, bench.repeats);
  await benchTask(bench, 'latency', peers, shortTask * bench.repeats);
}

async function benchStep(bench: Bench): Promise<void> {
  const { folder, repeats, stock } = bench;
  const options = { task: 'step' as const, repeats, folder };
  const measurements = await measure([...bench.torch, ...bench.ours], options);
  // A step of stock wasm takes a minute and gigabytes: one, in a new process, after a forward pass to warm it.
  for (const peer of stock) {
    await peer.stop();
    await peer.ask({ task: 'latency' });
    measurements.push(...(await measure([peer], options)));
    await peer.stop();
  }
  bench.rows.push(...printMeasurements(measurements, options));
}

async function benchGan(bench: Bench): Promise<void> {
  await benchTask(bench, 'gan-step', [...bench.torch, ...bench.ours], bench.repeats);
}

async function benchProfile({ ours, torch }: Bench): Promise<void> {
  for (const peer of [...ours, ...torch]) {
    if (peer.name === 'webgpu') {
      console.log('\nwebgpu: not profiled, its kernels run after the calls have returned');
      continue;
    }
    for (const task of Object.keys(profileNames) as ProfileName[]) {
      // Whoever has been profiled once stays slower.
      await peer.stop();
      const { profile = [] } = await peer.ask({ task });
      printProfile(profileNames[task], peer.name, profile);
    }
  }
}

const partsWork: Readonly<Record<Part, (bench: Bench) => Promise<void>>> = {
  conv: benchConvolutions,
  inference: benchInference,
  step: benchStep,
  gan: benchGan,
  profile: benchProfile,
  memory: ({ ours, wanted }) =>
    benchMemory(wanted.filter(({ backend }) => ours.some(({ name }) => name === backend))),
};

/** Starts programs and keeps those that can take part. */
async function started(peers: readonly Peer[]): Promise<Peer[]> {
  const able: Peer[] = [];
  for (const peer of peers) {
    const introduction = await peer.start();
    if ('about' in introduction) {
      console.log(`  ${peer.name}: ${introduction.about}`);
      able.push(peer);
    } else {
      console.log(`  ${peer.name}: left out, ${introduction.unavailable}`);
      await peer.stop();
    }
  }
  return able;
}

function torchPython(): string {
  const named = process.env['CONCORD_TORCH_PYTHON'];
  if (named !== undefined && named !== '') return named;
  mkdirSync(resolve(checkout, '.cache'), { recursive: true });
  return ensurePythonEnvironment({
    folder: resolve(checkout, '.cache', 'bench-nn-python'),
    requirements: join(__dirname, 'nn', 'requirements.txt'),
    onStep: (step) => console.log(`bench: ${step}`),
  }).python;
}

/** What was asked for on the command line. */
interface Choice {
  readonly parts: readonly Part[];
  readonly backends: readonly string[];
  /** Whether a graphics card that the processor only simulates takes part: where webgpu is asked for by name. */
  readonly software: boolean;
  readonly peers: readonly string[];
  readonly threads: number;
  readonly repeats: number;
}

function parseChoice(): Choice {
  const { values } = parseArgs({
    options: {
      part: { type: 'string', multiple: true },
      profile: { type: 'boolean', default: false },
      backend: { type: 'string', multiple: true },
      peer: { type: 'string', multiple: true },
      threads: { type: 'string', default: '2' },
      repeats: { type: 'string', default: '5' },
    },
  });
  const listed = <Name extends string>(
    option: string,
    given: readonly string[] | undefined,
    allowed: readonly Name[],
  ): readonly Name[] | undefined => {
    const names = given?.flatMap((one) => one.split(','));
    const wrong = names?.find((name) => !allowed.some((one) => one === name));
    if (wrong !== undefined) throw new Error(`--${option} is one of ${allowed.join(', ')}`);
    return names as Name[] | undefined;
  };
  const [threads, repeats] = [values.threads, values.repeats].map(Number);
  if (!(threads >= 1) || !(repeats >= 1)) throw new Error('--threads and --repeats from 1 on');
  const backends = listed('backend', values.backend, ['wasm', 'tensorflow', 'webgpu', 'cpu']);
  return {
    parts: listed('part', values.part, parts) ?? (values.profile ? ['profile'] : parts),
    backends: backends ?? ['tensorflow', 'webgpu', 'wasm'],
    software: backends?.includes('webgpu') ?? false,
    peers: listed('peer', values.peer, ['torch', 'stock']) ?? ['torch', 'stock'],
    threads,
    repeats,
  };
}

function printMachine(threads: number): void {
  const load = loadavg();
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${load.map((one) => one.toFixed(1)).join(' ')}; ` +
      `Node ${process.version}; ${threads} threads each`,
  );
}

/** More than this, in processes at work on average over the last minute, and something else is going on. */
const quiet = 0.5;

function warnOfOthers(): void {
  if (loadavg()[0] <= quiet) return;
  console.log(
    'other programs are at work on this machine: the times are not to be relied on, least of all those of PyTorch, ' +
      'whose threads wait for each other actively',
  );
}

async function main(): Promise<void> {
  const choice = parseChoice();
  const { threads, repeats } = choice;
  const python = choice.peers.includes('torch') ? torchPython() : undefined;
  printMachine(threads);
  warnOfOthers();
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-nn-'));
  const peers: Peer[] = [];
  const make = (program: ConstructorParameters<typeof Peer>[0]): Peer => {
    const peer = new Peer(program);
    peers.push(peer);
    return peer;
  };
  try {
    await writeBenchData(folder);
    const torch = python === undefined ? [] : [make(torchProgram(python, { threads, folder }))];
    const { software } = choice;
    const wanted = choice.backends.map((backend) => ({ backend, threads, software }));
    const ours = wanted.map((one) => make(concordProgram(one, folder)));
    const compared = choice.parts.some((part) => part !== 'memory' && part !== 'profile');
    const stock = compared && choice.peers.includes('stock') ? [make(stockProgram(folder))] : [];
    const rows: Row[] = [];
    const bench: Bench = {
      folder,
      repeats,
      wanted,
      rows,
      torch: await started(torch),
      ours: await started(ours),
      stock: await started(stock),
    };
    for (const part of choice.parts) await partsWork[part](bench);
    if (rows.length > 0) printTable(rows);
    printMachine(threads);
    printRatios(rows);
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
