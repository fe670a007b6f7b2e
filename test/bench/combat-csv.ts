import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { median } from 'simple-statistics';
import { checkout } from '../../scripts/checkout';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** The name of this case of combat.bench.ts. */
export const csvCase = 'csv';

const size = { subjects: 5000, features: 1000, sites: 10 };

/**
 * Measures `concord harmonize --no-audit` of a CSV file, which writes a report as well, against a script of pandas and
 * neuroHarmonize, each from the start of its process to its end.
 *
 * @returns the lines of its ratios
 */
export function runCsv(
  python: string,
  {
    folder,
    repeats,
    env,
  }: { readonly folder: string; readonly repeats: number; readonly env: NodeJS.ProcessEnv },
): readonly string[] {
  const table = join(folder, 'table.csv');
  writeCsv(table);
  const command = resolve(checkout, 'sdk', 'bin', 'concord.js');
  const out = join(folder, 'out');
  const known = ['--preserve', 'age,sex', '--site', 'site', '--id', 'subject'];
  const ours = [command, 'harmonize', table, '--no-audit', '--overwrite', '--out', out, ...known];
  const theirs = [join(__dirname, 'harmonize-csv-peer.py'), table, join(folder, 'peer.csv')];
  const seconds: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const turns = [
      () => seconds.ours.push(timeOf(process.execPath, ours)),
      () => seconds.theirs.push(timeOf(python, theirs, env)),
    ];
    // Who comes first changes.
    for (const turn of repeat % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const [own, peer] = [median(seconds.ours), median(seconds.theirs)];
  console.log(
    `\n${csvCase}: ${size.subjects} subjects × ${size.features} features × ${size.sites} sites; median of ${repeats}\n` +
      `  concord harmonize ${own.toFixed(2)} s   pandas and neuroHarmonize ${peer.toFixed(2)} s; ` +
      `largest difference ${largestDifference(join(out, 'harmonized.csv'), theirs[2]).toExponential(1)}`,
  );
  return [`ratio combat-csv ${(own / peer).toFixed(3)}`];
}

function timeOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const started = performance.now();
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: checkout,
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stdout}${result.stderr}`);
  return (performance.now() - started) / 1000;
}

/** A table as a study has it: six decimals of each value. */
function writeCsv(path: string): void {
  const { cohort } = simulateFeatureCohort({ seed: 11, ...size });
  const { participants, features } = cohort;
  const [age, sex] = participants.covariates;
  if (age.kind !== 'continuous' || sex.kind !== 'categorical') throw new Error('unexpected covariates');
  const file = openSync(path, 'w');
  writeSync(file, `subject,site,age,sex,${features.features.join(',')}\n`);
  participants.ids.forEach((id, row) => {
    const own = features.values.subarray(row * size.features, (row + 1) * size.features);
    const values = Array.from(own, (value) => value.toFixed(6)).join(',');
    const person = `${id},${participants.sites[row]},${age.values[row].toFixed(2)},${sex.levels[sex.codes[row]]}`;
    writeSync(file, `${person},${values}\n`);
  });
  closeSync(file);
}

/** The largest difference between the features of two tables. */
function largestDifference(one: string, other: string): number {
  const lines = [one, other].map((path) => readFileSync(path, 'utf8').trim().split('\n'));
  let largest = 0;
  lines[0].slice(1).forEach((line, row) => {
    const theirs = lines[1][row + 1].split(',');
    line.split(',').forEach((cell, column) => {
      if (column > 3) largest = Math.max(largest, Math.abs(Number(cell) - Number(theirs[column])));
    });
  });
  return largest;
}
