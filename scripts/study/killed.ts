// Real brains through the command line, killed at random and resumed: npm run study:killed -- BIDS_FOLDER [brains] [kills] [fewer] [folder]
// concord preprocess, then harmonize by the DDAE and by the MURD that are shipped. Each is ended by SIGKILL up to so many times
// (5; the DDAE, which is slow, on fewer brains) and continued with --resume; then its results are held against those of a run that nobody disturbed, of the first 4 brains.
// It prints a table in Markdown and ends with status 1 where something differs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeRandom } from '../../sdk/math/random';
import { killAtRandom } from './kill-at-random';

interface Stage {
  readonly name: string;
  readonly slow?: boolean;
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

const networks: readonly Stage[] = [
  { name: 'harmonize ddae', slow: true, words: byNetwork('ddae', 'siteA', ['--unseen', 'average']) },
  { name: 'harmonize murd', words: byNetwork('murd', 'Siemens') },
];

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

async function main(): Promise<void> {
  const [source, count = '12', kills = '5', fewer = count, into = '.cache/killed'] = process.argv.slice(2);
  if (source === undefined)
    throw new Error('npm run study:killed -- BIDS_FOLDER [brains] [kills] [fewer] [folder]');
  const folder = resolve(into);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const all = readdirSync(source).flatMap((name) => /^sub-(.+)$/.exec(name)?.[1] ?? []);
  const some = Math.min(Number(count), all.length);
  const labels = Array.from({ length: some }, (_, i) => all[Math.floor((i * all.length) / some)]);
  const random = makeRandom(Number(kills));
  console.log('| command | brains | kills | minutes | most memory, MiB | exit | images as undisturbed |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const run = async ({ name, words, slow = false }: Stage, from: string): Promise<string> => {
    const own = slow ? labels.slice(0, Number(fewer)) : labels;
    const to = join(folder, name.replace(' ', '-'));
    const killed = await killAtRandom(words(from, to, own), { random, kills: Number(kills), within: 40 });
    const few = labels.slice(0, 4);
    const still = await killAtRandom(words(from, `${to}-still`, few), { random, kills: 0, within: 1 });
    const found = imagesIn(to);
    const right = imagesIn(`${to}-still`);
    const same = [...right].filter(([image, digest]) => found.get(image) === digest).length;
    const whole = killed.status === 0 && still.status === 0 && same === right.size && right.size > 0;
    console.log(
      `| ${name} | ${own.length} | ${killed.kills} | ${(killed.seconds / 60).toFixed(1)} | ${killed.mebibytes.toFixed(0)} | ${killed.status} | ${same} of ${right.size} |`,
    );
    if (!whole) {
      process.exitCode = 1;
      console.log(killed.said, still.said);
    }
    return to;
  };
  const prepared = await run(prepare, source);
  for (const network of [...networks].reverse()) await run(network, prepared);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
