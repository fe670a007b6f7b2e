// How much sooner `concord preprocess` is done with two threads than with one: the same scans, in turns, the command as it is
// installed. Prints medians and `ratio NAME VALUE`.
//     npm run bench:scans -- [ROUNDS]
// The heads are those of the shared data, which it needs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sharedData } from '../support/shared-data';

const command = resolve(__dirname, '../../sdk/bin/concord.js');

/** How many heads are preprocessed. */
const heads = 6;

/** Runs the command with so many threads, and returns the seconds it took. */
function seconds(source: string, out: string, threads: number): number {
  const words = ['preprocess', source, out, 'participant', '--n-cpus', String(threads)];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], { encoding: 'utf8' });
  const took = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`status ${status}: ${stdout}${stderr}`);
  rmSync(out, { recursive: true });
  return took;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Writes a BIDS dataset of the shared heads. */
function writeHeads(source: string): void {
  const shared = sharedData('heads');
  if (shared === undefined)
    throw new Error('the shared heads are not here (CONCORD_DATA names their folder)');
  const files = readdirSync(shared).filter((name) => /^IXI.*_T1_2mm\.nii\.gz$/.test(name));
  for (let at = 0; at < heads; at++) {
    const subject = `sub-0${at + 1}`;
    mkdirSync(`${source}/${subject}/anat`, { recursive: true });
    copyFileSync(join(shared, files[at % files.length]), `${source}/${subject}/anat/${subject}_T1w.nii.gz`);
  }
  writeFileSync(`${source}/dataset_description.json`, '{"Name":"heads","BIDSVersion":"1.10.0"}');
}

function main(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'concord-scans-'));
  try {
    writeHeads(`${folder}/raw`);
    const [one, two]: number[][] = [[], []];
    for (let round = 0; round < rounds; round++) {
      one.push(seconds(`${folder}/raw`, `${folder}/out`, 1));
      two.push(seconds(`${folder}/raw`, `${folder}/out`, 2));
      console.log(
        `round ${round + 1}: ${one[round].toFixed(1)} s with one, ${two[round].toFixed(1)} s with two threads`,
      );
    }
    console.log(`Node ${process.version}; load of the machine at the end ${loadavg()[0].toFixed(1)}`);
    console.log(`ratio preprocess-one-over-two-threads ${(median(one) / median(two)).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main(Number(process.argv[2] ?? 5));
