// `npm run bench:images`: images here against nibabel, numpy, scipy and SimpleITK, in the same run.
//     npm run bench:images -- [--part load|resample|bias|memory|phantoms] [--repeats N]
// Both programs run warm in processes of their own, one thread for the numbers, and take turns repeat by repeat.
// The bias field is measured last and once: SimpleITK takes minutes for all heads. The shared brains and heads are
// measured where they are there. Nothing is asserted.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import type { Triple } from '../../sdk/data/images/affine';
import { writeVolume } from '../../sdk/io/volumes/write-volume';
import { sharedData } from '../support/shared-data';
import { readFloats } from './bias-field-cases';
import { conformedAffine, generatedBrain, resampleCases } from './images-cases';
import { makeBidsTree, writeBrains } from './images-datasets';
import type { Repeat, Worker } from './images-worker';
import { median, startWorker, takeTurns } from './images-worker';

type Part = 'load' | 'resample' | 'bias' | 'memory' | 'phantoms';

const parts: readonly Part[] = ['load', 'resample', 'bias', 'memory', 'phantoms'];

/** What a part of the benchmark works with. */
interface Bench {
  /** Concord and its peer. */
  readonly workers: readonly [Worker, Worker];
  readonly folder: string;
  readonly repeats: number;
}

type Task = Readonly<Record<string, unknown>>;

/** Measures a task with both programs and prints times, their ratio and how far the results lie apart. */
async function compare(bench: Bench, title: string, task: Task, checks: readonly Task[]): Promise<void> {
  const { workers, repeats } = bench;
  const taken = await takeTurns(workers, task, repeats);
  console.log(`\n${title}; median of ${repeats}`);
  for (const [{ name }, times] of taken) {
    const seconds = times.map((one) => one.seconds);
    console.log(
      `  ${name.padEnd(8)} ${median(seconds).toFixed(3)} s (${Math.min(...seconds).toFixed(3)}–` +
        `${Math.max(...seconds).toFixed(3)}), ${median(times.map((one) => one.processor)).toFixed(3)} s of processor`,
    );
  }
  const [ours, theirs] = workers.map((worker) => taken.get(worker) ?? []);
  const ratio = (value: (one: Repeat) => number): string =>
    (median(theirs.map(value)) / median(ours.map(value))).toFixed(2);
  console.log(
    `  concord is ${ratio((one) => one.seconds)} × as fast as ${workers[1].name} ` +
      `(by processor time ${ratio((one) => one.processor)} ×); ${await difference(bench, checks)}`,
  );
}

/** Lets both programs do some tasks once more and compares what they give. */
async function difference({ workers, folder }: Bench, checks: readonly Task[]): Promise<string> {
  let largest = 0;
  let squares = 0;
  let count = 0;
  for (const task of checks) {
    const [own, other] = await Promise.all(
      workers.map(async (worker) => {
        const output = join(folder, `${worker.name}.f32`);
        await worker.ask({ ...task, output });
        return readFloats(output);
      }),
    );
    if (own.length !== other.length) return `the results have ${own.length} and ${other.length} voxels`;
    for (let i = 0; i < own.length; i++) {
      const apart = Math.abs(own[i] - other[i]);
      // A value that is not a number shows up instead of being passed over.
      if (!(apart <= largest)) largest = apart;
      squares += other[i] ** 2;
    }
    count += own.length;
  }
  const scale = Math.sqrt(squares / count);
  return `largest difference ${largest.toExponential(1)} (root mean square of the values ${scale.toPrecision(3)})`;
}

async function benchLoading(bench: Bench): Promise<void> {
  const brains = sharedData('brains');
  if (brains === undefined) console.log('no shared brains here: only the generated volume is measured');
  else {
    const names = readdirSync(brains, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('T1w.nii.gz')).map((name) => join(brains, name));
    const title = `load + reorient + z-score of the ${files.length} shared brains`;
    const one = (file: string): Task => ({ task: 'normalize', files: [file] });
    await compare(bench, title, { task: 'normalize', files }, files.map(one));
  }
  const shape: Triple = [256, 256, 256];
  const file = join(bench.folder, 'conformed.nii.gz');
  await writeVolume(generatedBrain(shape, conformedAffine(256), 1), file);
  const task = { task: 'normalize', files: [file] };
  await compare(bench, 'the same of one 256³ float32 .nii.gz in the orientation LIA', task, [task]);
}

async function benchResampling(bench: Bench): Promise<void> {
  for (const { shape, affine, ...one } of resampleCases()) {
    const input = join(bench.folder, `${shape.join('-')}.f32`);
    writeFileSync(input, generatedBrain(shape, affine, 2).data);
    const task = { task: 'resample', input, shape, affine, ...one };
    const sizes = `${shape.join(' × ')} → ${one.target.shape.join(' × ')}`;
    await compare(bench, `resample ${sizes}, ${one.name}`, task, [task]);
  }
}

/** Runs another script of the benchmark and lets it print. */
function runScript(name: string, ...args: readonly string[]): void {
  const command = ['--expose-gc', '--import', 'tsx', join(__dirname, name), ...args];
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${name} failed`);
}

async function benchMemory(folder: string): Promise<void> {
  const few = join(folder, 'few');
  const many = join(folder, 'many');
  const large = 128;
  const small = 64;
  makeBidsTree(few, await writeBrains(folder, large, 8), 200);
  makeBidsTree(many, await writeBrains(folder, small, 8), 1000);
  console.log(`\n200 scans of ${large}³ voxels, ${(4 * large ** 3) / 1e6} MB each`);
  runScript('images-memory.ts', 'stream', few);
  console.log('the same, written');
  runScript('images-memory.ts', 'write', few, join(folder, 'written'));
  console.log(`1000 scans of ${small}³ voxels`);
  runScript('images-memory.ts', 'stream', many);
}

/** Lets `work` use Concord and Python's tools, each warm in a process of its own. */
async function withWorkers(
  [peer, python]: readonly [name: string, command: string],
  work: (workers: Bench['workers']) => Promise<void>,
): Promise<void> {
  const workers = [
    startWorker('concord', process.execPath, ['--import', 'tsx', join(__dirname, 'images-concord.ts')]),
    startWorker(peer, python, [join(__dirname, 'images-peer.py')]),
  ] as const;
  try {
    await work(workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-images-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { part: { type: 'string', multiple: true }, repeats: { type: 'string', default: '7' } },
  });
  const wanted = values.part ?? parts;
  const repeats = Number(values.repeats);
  if (wanted.some((part) => !(parts as readonly string[]).includes(part)) || !(repeats >= 1)) {
    throw new Error(`--part is one of ${parts.join(', ')}; --repeats from 1 on`);
  }
  mkdirSync(resolve(checkout, '.cache'), { recursive: true });
  const { python } = ensurePythonEnvironment({
    folder: resolve(checkout, '.cache', 'bench-bias-python'),
    requirements: join(__dirname, 'bias-field-requirements.txt'),
    onStep: (step) => console.log(`bench: ${step}`),
  });
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
  for (const [part, peer, work] of [
    ['load', 'nibabel', benchLoading],
    ['resample', 'scipy', benchResampling],
  ] as const) {
    if (!wanted.includes(part)) continue;
    await withFolder((folder) =>
      withWorkers([peer, python], (workers) => work({ workers, folder, repeats })),
    );
  }
  if (wanted.includes('memory')) await withFolder(benchMemory);
  if (wanted.includes('phantoms')) runScript('images-phantoms.ts', String(Math.min(3, repeats)));
  if (wanted.includes('bias')) runScript('bias-field.bench.ts', '--repeats', '1');
}

void main();
