// Real brains through the command line, killed at random and resumed: npm run study:killed -- BIDS_FOLDER [options]
//   --brains 12     of how many brains, taken at equal distances from all
//   --kills 5       how often each command is ended by SIGKILL at most, and continued with --resume
//   --within 40     after how many seconds at most
//   --steps 20      sampling steps of the DDAE: fewer are quicker, and as good a test of what is killed and resumed
//   --stages LIST   preprocess,murd,ddae, or some of them; what an earlier run into the same folder preprocessed is read again
//   --folder PATH   where everything is written (.cache/killed)
// concord preprocess, then harmonize by the MURD and by the DDAE that are shipped. The results are held against those of a run
// that nobody disturbed, of the first 4 brains. It prints a table in Markdown and ends with status 1 where something differs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRandom } from '../../sdk/math/random';
import { killAtRandom } from './kill-at-random';

interface Stage {
  readonly name: string;
  /** What `concord` is called with, to read one folder and write another. */
  readonly words: (from: string, to: string, labels: readonly string[]) => readonly string[];
}

const models = resolve(__dirname, '../../fixtures');

const byNetwork =
  (method: string, target: string, more: readonly string[] = []): Stage['words'] =>
  (from, to, labels) => [
    ...[
      'harmonize',
      from,
      '--method',
      method,
      '--model',
      join(models, `${method}-small`),
      '--target',
      target,
    ],
    ...['--out', to, '--no-pictures', '--participant-label', labels.join(','), ...more],
  ];

const prepare: Stage = {
  name: 'preprocess',
  words: (from, to, labels) => [
    ...['preprocess', from, to, 'participant', '--no-field-of-view', '--normalize', 'none', '--no-pictures'],
    ...['--participant-label', labels.join(',')],
  ],
};

/** The images in a folder, by a digest of what is in them. */
function imagesIn(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => name.endsWith('.nii.gz'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    brains: { type: 'string', default: '12' },
    kills: { type: 'string', default: '5' },
    within: { type: 'string', default: '40' },
    steps: { type: 'string', default: '20' },
    stages: { type: 'string', default: 'preprocess,murd,ddae' },
    folder: { type: 'string', default: '.cache/killed' },
  },
});

const stages: Readonly<Record<string, Stage>> = {
  preprocess: prepare,
  murd: { name: 'harmonize murd', words: byNetwork('murd', 'Siemens') },
  ddae: {
    name: `harmonize ddae, ${options.steps} steps`,
    words: byNetwork('ddae', 'siteA', ['--unseen', 'average', '--sampling-steps', options.steps]),
  },
};

async function main(): Promise<void> {
  const [source] = positionals;
  if (source === undefined) throw new Error('npm run study:killed -- BIDS_FOLDER [options]');
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const all = readdirSync(source).flatMap((name) => /^sub-(.+)$/.exec(name)?.[1] ?? []);
  const some = Math.min(Number(options.brains), all.length);
  const labels = Array.from({ length: some }, (_, i) => all[Math.floor((i * all.length) / some)]);
  const random = makeRandom(Number(options.kills));
  console.log('| command | brains | kills | minutes | most memory, MiB | exit | images as undisturbed |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const id of options.stages.split(',')) {
    const { name, words } = stages[id];
    const from = id === 'preprocess' ? source : join(folder, 'preprocess');
    const [to, undisturbed] = [join(folder, id), join(folder, `${id}-still`)];
    for (const old of [to, undisturbed]) rmSync(old, { recursive: true, force: true });
    const plan = { random, kills: Number(options.kills), within: Number(options.within) };
    const killed = await killAtRandom(words(from, to, labels), plan);
    const still = await killAtRandom(words(from, undisturbed, labels.slice(0, 4)), { ...plan, kills: 0 });
    const [found, right] = [imagesIn(to), imagesIn(undisturbed)];
    const same = [...right].filter(([image, digest]) => found.get(image) === digest).length;
    console.log(
      `| ${name} | ${labels.length} | ${killed.kills} | ${(killed.seconds / 60).toFixed(1)} | ${killed.mebibytes.toFixed(0)} | ${killed.status} | ${same} of ${right.size} |`,
    );
    if (killed.status === 0 && still.status === 0 && same === right.size && right.size > 0) continue;
    process.exitCode = 1;
    console.log(killed.said, still.said);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
