// `npm run bench:audit`: an audit of a table with one seed, now, as it was at an earlier commit, and the same probes alone by
// scikit-learn on three versions of the table (raw, in sample, in folds).
//     npm run bench:audit -- [--repeats N] [--cases 5000x300x20,559x62x3] [--commit SHA]
// All run in processes of their own and take turns; the figures are medians of the seconds on the clock.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import { writeBenchTable } from './bench-case';
import { buildOfCommit } from './build-of-commit';

interface Run {
  readonly seconds: number;
  readonly scores: readonly number[];
  readonly cpu?: number;
  readonly mebibytes?: number;
}

function run(program: string, args: readonly string[]): Run {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as Run;
}

/** Who takes part, by name: what is called for a table. */
type Peers = Readonly<Record<string, (folder: string, size: readonly string[]) => Run>>;

function measure(size: readonly string[], peers: Peers, folder: string, repeats: number): void {
  const [subjects, features, sites] = size.map(Number);
  const name = `audit-${subjects}`;
  mkdirSync(folder);
  writeBenchTable({ name, subjects, features, sites, eb: 'parametric', tools: [], ratios: [] }, folder);
  console.log(`\n${subjects} subjects × ${features} features × ${sites} sites; medians of ${repeats}`);
  const runs = new Map(Object.keys(peers).map((peer) => [peer, [] as Run[]]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [peer, call] of Object.entries(peers)) runs.get(peer)?.push(call(folder, size));
  }
  const typical = new Map<string, number>();
  for (const [peer, own] of runs) {
    typical.set(peer, median(own.map(({ seconds }) => seconds)));
    const all = own.map(({ seconds }) => seconds.toFixed(1)).join(' ');
    const [{ cpu, mebibytes, scores }] = own;
    const more = cpu === undefined ? '' : `, CPU ${cpu.toFixed(1)} s, ${mebibytes?.toFixed(0)} MiB`;
    const found = scores.map((score) => score.toFixed(3)).join(' ');
    console.log(`  ${peer.padEnd(12)} ${typical.get(peer)?.toFixed(2)} s (${all})${more}; probes ${found}`);
  }
  for (const peer of ['before', 'sklearn']) {
    const other = typical.get(peer);
    if (other !== undefined)
      console.log(`ratio ${name}-${peer} ${((typical.get('now') ?? NaN) / other).toFixed(4)}`);
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '5' },
      cases: { type: 'string', default: '5000x300x20,559x62x3,10000x300x20' },
      commit: { type: 'string', default: '948c4b4' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  try {
    const onStep = (step: string): void => console.log(`bench: ${step}`);
    buildSdkWhenStale(onStep);
    onStep(`building ${values.commit}`);
    const before = resolve(buildOfCommit(values.commit, join(folder, 'before')), '../../dist/index.js');
    const { python } = ensurePythonEnvironment({
      folder: resolve(checkout, '.cache', 'bench-audit-python'),
      requirements: join(__dirname, 'audit-requirements.txt'),
      onStep,
    });
    console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
    const concord = (build: string) => (_: string, size: readonly string[]) =>
      run(process.execPath, [join(__dirname, 'audit-run.cjs'), build, ...size]);
    const peers = {
      before: concord(before),
      now: concord(resolve(checkout, 'sdk', 'dist', 'index.js')),
      sklearn: (table: string) => run(python, [join(__dirname, 'audit-peer.py'), table, '3']),
    };
    for (const [at, size] of values.cases.split(',').entries())
      measure(size.split('x'), peers, join(folder, String(at)), Number(values.repeats));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
