// `npm run bench:report`: `concord harmonize --no-audit` of a wide table, now and as it was at an earlier commit.
//     npm run bench:report -- [--repeats N] [--subjects N] [--features N] [--commit SHA] [--widest]
// Both builds run the same table in processes of their own and take turns; the figures are medians. CPU is that of
// the whole process, its threads and the operating system's work for it included. `--widest` also measures
// 100 × 100,000, now alone.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import { makeRandom } from '../../sdk/math/random';
import { buildOfCommit } from './build-of-commit';

/** One run of the command. */
interface Run {
  readonly cpu: number;
  readonly wall: number;
}

/** Subjects at three sites that differ in every feature, with age and sex. */
function writeTable(path: string, subjects: number, features: number): void {
  const random = makeRandom(1);
  const effects = Array.from({ length: 3 }, () =>
    Float64Array.from({ length: features }, () => random.normal()),
  );
  const file = openSync(path, 'w');
  const names = Array.from({ length: features }, (_, k) => `feature_${k}`);
  writeSync(file, `participant_id,site,age,sex,${names.join(',')}\n`);
  for (let row = 0; row < subjects; row++) {
    const site = row % 3;
    const age = 20 + 60 * random.uniform();
    const sex = random.uniform() < 0.5 ? 'F' : 'M';
    const values = names.map((_, k) => (10 + effects[site][k] + 0.02 * age + random.normal()).toFixed(4));
    writeSync(file, `sub-${row},site-${site},${age.toFixed(1)},${sex},${values.join(',')}\n`);
  }
  closeSync(file);
}

/** Harmonizes the table in a process of its own, which says at its end how much CPU it has used. */
function harmonize(command: string, table: string, folder: string): Run {
  const usage = join(folder, 'usage.cjs');
  writeFileSync(
    usage,
    `process.on('exit', () => require('node:fs').writeSync(3, JSON.stringify(process.cpuUsage())));\n`,
  );
  const out = join(folder, 'out');
  const options = ['--preserve', 'age,sex', '--no-audit', '--overwrite', '--out', out];
  const started = performance.now();
  const result = spawnSync(process.execPath, ['--require', usage, command, 'harmonize', table, ...options], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const wall = (performance.now() - started) / 1000;
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stderr}`);
  const { user, system } = JSON.parse(result.output[3] ?? '') as { user: number; system: number };
  return { cpu: (user + system) / 1e6, wall };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const typical = (runs: readonly Run[]): Run => ({
  cpu: median(runs.map(({ cpu }) => cpu)),
  wall: median(runs.map(({ wall }) => wall)),
});

function print(name: string, runs: readonly Run[], folder: string): void {
  const { cpu, wall } = typical(runs);
  const all = runs.map((run) => run.cpu.toFixed(1)).join(' ');
  const report = statSync(join(folder, 'out', 'report.html')).size / 1e6;
  console.log(
    `  ${name.padEnd(9)} CPU ${cpu.toFixed(2)} s (${all}), wall ${wall.toFixed(2)} s, report.html ${report.toFixed(1)} MB`,
  );
}

function main(): void {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '5' },
      subjects: { type: 'string', default: '60' },
      features: { type: 'string', default: '20000' },
      commit: { type: 'string', default: '8cc99e4' },
      widest: { type: 'boolean', default: false },
    },
  });
  const [repeats, subjects, features] = [values.repeats, values.subjects, values.features].map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  try {
    buildSdkWhenStale((step) => console.log(`bench: ${step}`));
    const now = resolve(checkout, 'sdk', 'bin', 'concord.js');
    console.log(`bench: building ${values.commit}`);
    const before = buildOfCommit(values.commit, join(folder, 'before'));
    const table = join(folder, 'wide.csv');
    writeTable(table, subjects, features);
    console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
    console.log(`\n${subjects} subjects × ${features} features, no audit; medians of ${repeats}`);
    const runs: { before: Run[]; now: Run[] } = { before: [], now: [] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      runs.before.push(harmonize(before, table, folder));
      runs.now.push(harmonize(now, table, folder));
    }
    print(values.commit, runs.before, folder);
    print('now', runs.now, folder);
    if (values.widest) measureWidest(now, folder, repeats);
    const old = typical(runs.before);
    const own = typical(runs.now);
    console.log(`ratio wide-report-cpu ${(own.cpu / old.cpu).toFixed(4)}`);
    console.log(`ratio wide-report-wall ${(own.wall / old.wall).toFixed(4)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureWidest(command: string, folder: string, repeats: number): void {
  const table = join(folder, 'widest.csv');
  writeTable(table, 100, 100000);
  console.log(`\n100 subjects × 100000 features, no audit; medians of ${repeats}`);
  print(
    'now',
    Array.from({ length: repeats }, () => harmonize(command, table, folder)),
    folder,
  );
}

main();
