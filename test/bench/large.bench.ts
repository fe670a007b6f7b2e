// Whole surfaces out of core: time of `surfaces.harmonizeMaps` over that of reading and writing the same maps by our own reader and
// writer, one file after the other, with cold caches; and peak memory in gigabytes. In turns, each in a process of its own.
// Prints medians and `ratio NAME VALUE`.
//     npm run bench:large -- [SCANS] [VERTICES] [ROUNDS] [--persons]
// VERTICES are those of a hemisphere. `1000 163842 1` needs 6 GB of disk among the temporary files. With `--persons` also the same scans
// as two of each person, by longitudinal ComBat.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { makeRandom } from '../../sdk/math/random';
import { mghBytes } from '../maps/map-study';

interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
}

/** What is measured, in the order of the turns. */
const modes = ['copy', 'copy-four', 'harmonize', 'persons'] as const;

type Mode = (typeof modes)[number];

/** Sites of a study. */
const sites = 10;

/** Writes the maps of a study: smooth differences, noise that is another part of one long row for each scan, and a wall of zeros. */
function writeStudy(folder: string, scans: number, vertices: number): string {
  const random = makeRandom(1);
  const noise = Float32Array.from({ length: vertices + 104_729 }, () => 0.2 * random.normal());
  const root = join(folder, 'maps');
  const entries = Array.from({ length: scans }, (_, row) => {
    const id = `sub-${String(row + 1).padStart(4, '0')}`;
    mkdirSync(join(root, id), { recursive: true });
    const files = ['lh', 'rh'].map((part, side) => {
      const from = (row * 7919 + side * 31_337) % 104_729;
      const shift = 0.1 * ((row % sites) - 4) - 0.003 * ((row * 37) % 60) + 0.15 * Math.sin(row >> 1);
      const values = Float32Array.from({ length: vertices }, (_, v) =>
        v % 11 === 0 ? 0 : 2.5 + shift + 0.1 * Math.sin(v / 500) + noise[from + v],
      );
      const path = join(root, id, `${part}.thickness.mgh`);
      writeFileSync(path, mghBytes(values));
      return [part, path] as const;
    });
    return { id, site: `site ${row % sites}`, files: Object.fromEntries(files) };
  });
  const list = join(folder, 'scans.json');
  const age = entries.map((_, row) => 20 + ((row * 37) % 60));
  const sex = entries.map((_, row) => (row % 7 < 3 ? 'F' : 'M'));
  writeFileSync(list, JSON.stringify({ root, entries, age, sex }));
  return list;
}

/** Takes the files of a folder out of the system's cache. */
function forget(folder: string): void {
  execFileSync('sync');
  const drop =
    'find "$1" -type f -exec dd of={} oflag=nocache conv=notrunc,fdatasync count=0 status=none \\;';
  execFileSync('sh', ['-c', drop, 'sh', folder]);
}

function runOnce(mode: Mode, folder: string, list: string): Run {
  forget(join(folder, 'maps'));
  const out = join(folder, 'out');
  const program = resolve(__dirname, 'large-run.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, mode, list, out], {
    encoding: 'utf8',
  });
  rmSync(out, { recursive: true, force: true });
  if (status !== 0) throw new Error(`${mode}: ${stderr}`);
  return JSON.parse(stdout) as Run;
}

function main(scans: number, vertices: number, rounds: number, persons: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'concord-large-'));
  try {
    const list = writeStudy(folder, scans, vertices);
    const runs = new Map<Mode, Run[]>();
    for (let round = 0; round < rounds; round++) {
      for (const mode of modes) {
        if (mode === 'persons' && !persons) continue;
        const run = runOnce(mode, folder, list);
        runs.set(mode, [...(runs.get(mode) ?? []), run]);
        const { seconds, cpu, peak } = run;
        console.log(
          `round ${round + 1}, ${mode}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of processor, ${(peak / 1e6).toFixed(0)} MB`,
        );
      }
    }
    const of = (mode: Mode, part: keyof Run): number =>
      median((runs.get(mode) ?? []).map((run) => run[part]));
    const print = (name: string, value: number): void =>
      console.log(`ratio large-${name} ${value.toFixed(2)}`);
    console.log(`${scans} scans × 2 × ${vertices} vertices, ${sites} sites, ${rounds} rounds`);
    console.log(`Node ${process.version}; load of the machine at the end ${loadavg()[0].toFixed(1)}`);
    if (persons) {
      print('persons-time', of('persons', 'seconds') / of('copy', 'seconds'));
      print('persons-memory', of('persons', 'peak') / 1e9);
    }
    print('time-four-at-once', of('harmonize', 'seconds') / of('copy-four', 'seconds'));
    print('processor', of('harmonize', 'cpu') / of('copy', 'cpu'));
    print('time', of('harmonize', 'seconds') / of('copy', 'seconds'));
    print('memory', of('harmonize', 'peak') / 1e9);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { persons: { type: 'boolean', default: false } },
});
const [scans = 200, vertices = 163_842, rounds = 5] = positionals.map(Number);
main(scans, vertices, rounds, values.persons);
