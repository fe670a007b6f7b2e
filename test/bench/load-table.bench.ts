/**
 * Measures time and peak memory of loadTable: a CSV file (and the same as gzip and Parquet) of subjects × features is
 * made from a seed, then loaded in a process of its own.
 *
 *     npx tsx test/bench/load-table.bench.ts [subjects] [features]
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTable } from '../../sdk/io/tables/load-table';
import { writeTable } from '../../sdk/io/tables/write-table';
import { makeRandom } from '../../sdk/math/random';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0).padStart(4);
/** maxRSS is in kilobytes on every system. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

interface Measured {
  readonly seconds: number;
  readonly before: number;
  readonly peak: number;
  readonly kept: number;
}

async function measure(path: string): Promise<Measured> {
  // Loaded beforehand, the parsers count as part of Node's own memory.
  await Promise.all([import('hyparquet'), import('csv-parse')]);
  const before = peak();
  const started = performance.now();
  const { features } = await loadTable(path);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, before, peak: peak(), kept: features.values.byteLength };
}

function writeCsv(path: string, subjects: number, features: number): void {
  const random = makeRandom(1);
  const file = openSync(path, 'w');
  const names = Array.from({ length: features }, (_, at) => `feature_${at}`);
  writeSync(file, `subject,site,${names.join(',')}\n`);
  for (let row = 0; row < subjects; row++) {
    const values = names.map(() => (5 * random.uniform()).toFixed(7));
    writeSync(file, `sub-${row},site-${row % 5},${values.join(',')}\n`);
  }
  closeSync(file);
}

/** Runs this file in a new process, so that what came before does not count towards its peak. */
function run(...task: string[]): string {
  return execFileSync(process.execPath, ['--require', 'tsx/cjs', __filename, ...task], { encoding: 'utf8' });
}

function report(name: string, path: string): void {
  const { seconds, before, peak: highest, kept } = JSON.parse(run('--load', path)) as Measured;
  const grown = highest - before;
  console.log(
    `${name.padEnd(8)} ${megabytes(statSync(path).size)} MB file  ${seconds.toFixed(2).padStart(6)} s  ` +
      `Node ${megabytes(before)} MB  peak ${megabytes(highest)} MB  kept ${megabytes(kept)} MB  ` +
      `(peak − Node) / kept = ${(grown / kept).toFixed(2)}`,
  );
}

async function main(): Promise<void> {
  const [task, from, to] = process.argv.slice(2);
  if (task === '--load') process.stdout.write(JSON.stringify(await measure(from)));
  else if (task === '--convert') await writeTable(await loadTable(from), to, { overwrite: true });
  else compare(Number(task ?? 10000), Number(from ?? 1000));
}

function compare(subjects: number, features: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  try {
    console.log(`loadTable: ${subjects} subjects × ${features} features, Node ${process.version}`);
    const csv = join(folder, 't.csv');
    writeCsv(csv, subjects, features);
    report('csv', csv);
    for (const extension of ['csv.gz', 'parquet']) {
      const path = join(folder, `u.${extension}`);
      run('--convert', csv, path);
      report(extension, path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
