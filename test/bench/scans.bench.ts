// How much sooner `concord preprocess` is done with two threads than with one: the same scans, in turns, the command as it is
// installed. Beside it what this machine has to give: the same scans by two commands of one thread each, which share nothing,
// side by side (two processors that are one core's do not do twice as much). Prints medians and `ratio NAME VALUE`.
//     npm run bench:scans -- [ROUNDS]
// The heads are those of the shared data, which it needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from 'simple-statistics';
import { sharedData } from '../support/shared-data';

const command = resolve(__dirname, '../../sdk/bin/concord.js');

/** How many heads are preprocessed. */
const heads = 6;

async function preprocess(source: string, out: string, threads: number): Promise<void> {
  const words = ['preprocess', source, out, 'participant', '--n-cpus', String(threads)];
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (some: Buffer) => said.push(some));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`status ${status}: ${Buffer.concat(said).toString()}`);
  rmSync(out, { recursive: true });
}

/** The seconds until all that is begun here has ended. */
async function seconds(begin: () => readonly Promise<void>[]): Promise<number> {
  const started = performance.now();
  await Promise.all(begin());
  return (performance.now() - started) / 1000;
}

/** Writes a BIDS dataset of some of the shared heads. */
function writeHeads(source: string, from: number, to: number): void {
  const shared = sharedData('heads');
  if (shared === undefined)
    throw new Error('the shared heads are not here (CONCORD_DATA names their folder)');
  const files = readdirSync(shared).filter((name) => /^IXI.*_T1_2mm\.nii\.gz$/.test(name));
  for (let at = from; at < to; at++) {
    const subject = `sub-0${at + 1}`;
    mkdirSync(`${source}/${subject}/anat`, { recursive: true });
    copyFileSync(join(shared, files[at % files.length]), `${source}/${subject}/anat/${subject}_T1w.nii.gz`);
  }
  writeFileSync(`${source}/dataset_description.json`, '{"Name":"heads","BIDSVersion":"1.10.0"}');
}

async function main(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-scans-'));
  const at = (name: string): string => join(folder, name);
  try {
    writeHeads(at('raw'), 0, heads);
    writeHeads(at('first'), 0, heads / 2);
    writeHeads(at('second'), heads / 2, heads);
    const ways = {
      'one thread': () => [preprocess(at('raw'), at('out'), 1)],
      'two threads': () => [preprocess(at('raw'), at('out'), 2)],
      'two commands': () => ['first', 'second'].map((half) => preprocess(at(half), at(`${half}-out`), 1)),
    };
    const took = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const [way, begin] of Object.entries(ways)) took.get(way)?.push(await seconds(begin));
      const said = [...took].map(([way, all]) => `${all[round].toFixed(1)} s with ${way}`);
      console.log(`round ${round + 1}: ${said.join(', ')}`);
    }
    const [one, threads, commands] = [...took.values()].map((all) => median(all));
    const processors = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
    console.log(
      `Node ${process.version}, ${processors}; load of the machine at the end ${loadavg()[0].toFixed(1)}`,
    );
    console.log(`ratio preprocess-one-over-two-threads ${(one / threads).toFixed(2)}`);
    console.log(`ratio preprocess-one-over-two-commands ${(one / commands).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main(Number(process.argv[2] ?? 5));
