// `npm run bench:audit`: an audit of a table with one seed, now and as it was at an earlier commit, and the probes of the audit
// alone by scikit-learn, on the very subjects, folds and values (raw, harmonized as a whole, harmonized in folds).
//     npm run bench:audit -- [--repeats N] [--cases 5000x300x20,559x62x3] [--commit SHA] [--all N]
// All run in processes of their own and take turns; the figures are medians of the seconds on the clock, without what programs
// and their libraries take to load: an audit of a tiny table comes before the clock starts, and scikit-learn is imported before. The
// lines `audit-559-before` and `audit-559-sklearn` are of the first audit of the table, in which V8 still compiles what is
// worth it; those of `audit-559-again-…` are of the next one in the same process, as in a notebook (not after an audit of ten
// seconds or more, beside which compiling is nothing). An audit trains its probes on 2,000 subjects at most unless told
// otherwise: tables of up to N subjects are measured with all of them, too.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import { writeAuditTables } from './audit-tables';
import { buildOfCommit } from './build-of-commit';

interface Run {
  readonly seconds: number;
  readonly scores: readonly number[];
  readonly cpu: number;
  readonly mebibytes?: number;
  /** The next one of the same table in the same process. */
  readonly again?: Pick<Run, 'seconds' | 'cpu'>;
}

function run(program: string, args: readonly string[]): Run {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as Run;
}

/** Who takes part, by name: what runs. */
type Peers = Readonly<Record<string, () => Run>>;

/** What the lines of results say of who took part. */
const wording: Readonly<Record<string, string>> = {
  before: 'audit at the earlier commit',
  now: 'audit now',
  sklearn: 'scikit-learn, the probes alone, same subjects, folds and values',
  'now-all': 'audit now, probes on all subjects',
  'sklearn-all': 'scikit-learn, the probes alone on all subjects, same folds and values',
};

/** Ratios by name: the one over the other. */
const ratios: Readonly<Record<string, readonly [string, string]>> = {
  before: ['now', 'before'],
  sklearn: ['now', 'sklearn'],
  'again-before': ['now again', 'before again'],
  // A script is run once: there is one time of it.
  'again-sklearn': ['now again', 'sklearn'],
  'all-sklearn': ['now-all', 'sklearn-all'],
};

function measure(name: string, peers: Peers, repeats: number): void {
  const runs = new Map(Object.keys(peers).map((peer) => [peer, [] as Run[]]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [peer, call] of Object.entries(peers)) runs.get(peer)?.push(call());
  }
  const typical = new Map<string, number>();
  for (const [peer, own] of runs) {
    typical.set(peer, median(own.map(({ seconds }) => seconds)));
    const all = own.map(({ seconds }) => seconds.toFixed(1)).join(' ');
    const [{ cpu, mebibytes, scores }] = own;
    const memory = mebibytes === undefined ? '' : `, ${mebibytes.toFixed(0)} MiB`;
    const found = scores.map((score) => score.toFixed(3)).join(' ');
    console.log(`  ${wording[peer]}:`);
    console.log(
      `    ${typical.get(peer)?.toFixed(2)} s (${all}), CPU ${cpu.toFixed(1)} s${memory}; probes ${found}`,
    );
    const again = own.flatMap((one) => one.again ?? []);
    if (again.length === 0) continue;
    const next = median(again.map(({ seconds }) => seconds));
    typical.set(`${peer} again`, next);
    console.log(`    again in the same process: ${next.toFixed(2)} s, CPU ${again[0].cpu.toFixed(1)} s`);
  }
  for (const [ratio, [one, other]] of Object.entries(ratios)) {
    const [ours, theirs] = [typical.get(one), typical.get(other)];
    if (ours !== undefined && theirs !== undefined)
      console.log(`ratio ${name}-${ratio} ${(ours / theirs).toFixed(4)}`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '5' },
      cases: { type: 'string', default: '5000x300x20,559x62x3,10000x300x20' },
      commit: { type: 'string', default: '948c4b4' },
      all: { type: 'string', default: '0' },
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
    const now = resolve(checkout, 'sdk', 'dist', 'index.js');
    const audit = (build: string, size: readonly string[]) => () =>
      run(process.execPath, [join(__dirname, 'audit-run.cjs'), build, ...size]);
    const sklearn = (tables: string) => () => run(python, [join(__dirname, 'audit-peer.py'), tables]);
    for (const one of values.cases.split(',')) {
      const size = one.split('x');
      const [subjects, features, sites] = size.map(Number);
      console.log(`\n${subjects} subjects × ${features} features × ${sites} sites`);
      const tables = join(folder, one);
      const sampled = join(tables, 'sampled');
      await writeAuditTables({ subjects, features, sites, maxSubjects: 2000 }, sampled);
      const peers: Record<string, () => Run> = {
        before: audit(before, size),
        now: audit(now, size),
        sklearn: sklearn(sampled),
      };
      if (subjects > 2000 && subjects <= Number(values.all)) {
        const all = join(tables, 'all');
        await writeAuditTables({ subjects, features, sites, maxSubjects: subjects }, all);
        peers['now-all'] = audit(now, [...size, String(subjects)]);
        peers['sklearn-all'] = sklearn(all);
      }
      measure(`audit-${subjects}`, peers, Number(values.repeats));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
