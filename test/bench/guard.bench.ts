// How the guard of a stored network takes scans of every kind: npm run bench:guard -- [part] [seconds]
// Parts: all (default; writes fixtures/guard.md), measure, limits (prints those that the rule draws from one half of the
// persons), networks, table. What is measured is kept in a folder for temporary files (CONCORD_GUARD_CACHE names another), so
// that a part that stops after so many seconds continues when it is run again. Seeded.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scan } from 'concord-mri';
import * as concord from 'concord-mri';
import type { LearnedInput } from '../../sdk/nn/input/learned-input';
import type { Case } from './guard/cases';
import { allCases } from './guard/cases';
import type { GoodScan } from './guard/draw-limits';
import { drawLimits } from './guard/draw-limits';
import { cacheFolder, kept, measureVolume } from './guard/measure';
import { headCases } from './guard/heads';
import type { Kind } from './guard/networks';
import { errorOf, harmonized, keptNumber } from './guard/networks';
import type { KeptCase } from './guard/phantoms';
import { keptCases, phantomCases, phantomSeeds } from './guard/phantoms';
import { halves, some } from './guard/persons';
import type { Halves } from './guard/persons';
import { Row, judged, markdown } from './guard/table';

const [part = 'all', seconds = '100000'] = process.argv.slice(2);
const started = Date.now();
const folder = cacheFolder();
const kinds = ['murd', 'ddae'] as const;

/** Brains whose results are compared; the others are judged only. */
const compared: Readonly<Record<Kind, number>> = { murd: 3, ddae: 3 };

function late(): boolean {
  return Date.now() - started > 1000 * Number(seconds);
}

function fileOf(name: string, id: string, end = '.bin'): string {
  return join(folder, `${id} ${name.replace(/[^\w.]+/g, '-')}${end}`);
}

function learnedOf(kind: Kind): LearnedInput {
  const model = JSON.parse(readFileSync(`fixtures/${kind}-small/model.json`, 'utf8')) as {
    readonly learned: LearnedInput;
  };
  return model.learned;
}

/** Measures what has not been, scan by scan; whether all is done. */
async function measure({ cohort, limits }: Halves, cases: readonly Case[]): Promise<boolean> {
  const learned = learnedOf('murd');
  // Spoilt scans come first: each kind is wanted of them.
  const spoilt = cases.find(({ wanted }) => wanted === 'refused')?.scans ?? [];
  const order = [...new Set([...spoilt, ...limits, ...cohort.scans])];
  let left = 0;
  for (const scan of order) {
    const todo = cases.filter(
      ({ name, scans }) => scans.includes(scan) && !existsSync(fileOf(name, scan.id)),
    );
    if (todo.length === 0) continue;
    if (late()) left += todo.length;
    if (late()) continue;
    const brain = await scan.open();
    const seed = cohort.scans.indexOf(scan);
    for (const { name, make, pick } of todo) {
      await kept(fileOf(name, scan.id), async () =>
        measureVolume(learned, await make(brain, seed), pick?.(seed)),
      );
    }
  }
  console.error(`${left} scans left to measure`);
  return left === 0;
}

/** Runs networks on some of the testing half: how far results are from those of the scans as they were. */
async function runNetworks({ cohort, test }: Halves, cases: readonly Case[]): Promise<boolean> {
  const isByDegree = ({ wanted }: Case): boolean => wanted === 'by degree';
  const tried = test.filter((scan) => cases.some((one) => isByDegree(one) && one.scans.includes(scan)));
  const whole = cases.filter(({ pick }) => pick === undefined);
  // What passes by degrees comes first, by every network: errors are for that.
  for (const group of [whole.filter(isByDegree), whole.filter((one) => !isByDegree(one))]) {
    for (const [kind, scan] of pairsOf(tried)) {
      const todo = group.filter(
        ({ name, scans }) => scans.includes(scan) && !existsSync(fileOf(name, scan.id, `.${kind}.json`)),
      );
      if (todo.length === 0) continue;
      if (late()) return false;
      await errorsOf(kind, scan, { todo, seed: cohort.scans.indexOf(scan) });
    }
  }
  return true;
}

/** Networks and the scans that each is tried on, in turns. */
function pairsOf(tried: readonly Scan[]): readonly (readonly [Kind, Scan])[] {
  const turns = Array.from({ length: Math.max(compared.murd, compared.ddae) }, (_, turn) => turn);
  return turns.flatMap((turn) =>
    kinds.flatMap((kind) =>
      some(tried, compared[kind])
        .slice(turn, turn + 1)
        .map((scan) => [kind, scan] as const),
    ),
  );
}

async function errorsOf(
  kind: Kind,
  scan: Scan,
  { todo, seed }: { readonly todo: readonly Case[]; readonly seed: number },
): Promise<void> {
  const brain = await scan.open();
  const wanted = await harmonized(kind, brain, scan);
  if (wanted === undefined) return;
  for (const { name, make } of todo) {
    if (late()) return;
    await keptNumber(fileOf(name, scan.id, `.${kind}.json`), async () => {
      const made = await harmonized(kind, await make(brain, seed), scan);
      return made?.data.length === wanted.data.length ? errorOf(made, wanted) : undefined;
    });
  }
}

async function drawn({ limits }: Halves, cases: readonly Case[]): Promise<readonly string[]> {
  const scans: GoodScan[] = [];
  for (const { name, wanted, scans: its } of cases) {
    if (wanted !== 'taken') continue;
    for (const scan of its.filter((one) => limits.includes(one) && existsSync(fileOf(name, one.id)))) {
      scans.push({ id: `${scan.id}, ${name}`, found: await kept(fileOf(name, scan.id), missing) });
    }
  }
  for (const { name, wanted, found } of await phantomsOf('limits')) {
    if (wanted === 'taken') scans.push({ id: name, found });
  }
  return drawLimits(kinds.map(learnedOf), scans);
}

/** Eight digital persons of each of the scanners for the test, each drawn anew, and others for the limits. */
function phantomsOf(half: 'limits' | 'test'): Promise<readonly KeptCase[]> {
  const persons = half === 'limits' ? 12 : 8;
  return keptCases(join(folder, `phantoms-${half}`), () => phantomCases(phantomSeeds[half], persons));
}

function missing(): never {
  throw new Error('not measured yet');
}

type Tables = Readonly<Record<Kind, Map<string, Row>>>;

async function tables(cases: readonly Case[], test: readonly Scan[]): Promise<Tables> {
  const made: Tables = { murd: new Map(), ddae: new Map() };
  const learned = { murd: learnedOf('murd'), ddae: learnedOf('ddae') };
  const row = (kind: Kind, name: string, wanted: Case['wanted']): Row => {
    const found = made[kind].get(name) ?? new Row(name, wanted);
    made[kind].set(name, found);
    return found;
  };
  for (const { name, wanted, scans } of cases) {
    // Where limits could be seen on one half, only the other counts; what must pass is tried on everyone.
    for (const scan of scans.filter((one) => wanted === 'taken' || test.includes(one))) {
      const file = fileOf(name, scan.id);
      if (!existsSync(file)) continue;
      const found = await kept(file, missing);
      for (const kind of kinds) {
        row(kind, name, wanted).note(scan.id, judged(learned[kind], found, { suffix: 'T1w' }));
        const error = fileOf(name, scan.id, `.${kind}.json`);
        const value = existsSync(error)
          ? await keptNumber(error, () => Promise.resolve(undefined))
          : undefined;
        if (value !== undefined) row(kind, name, wanted).errors.push(value);
      }
    }
  }
  const heads = await keptCases(join(folder, 'heads'), () => headCases(learned.murd));
  for (const { name, wanted, suffix, found } of [...(await phantomsOf('test')), ...heads]) {
    const scan = { suffix, digital: name.startsWith('phantoms') };
    for (const kind of kinds) row(kind, name, wanted).note(name, judged(learned[kind], found, scan));
  }
  return made;
}

function report(made: Tables): string {
  const wrong = kinds.flatMap((kind) =>
    [...made[kind].values()]
      .filter((row) => row.wrong.length > 0)
      .map(({ name, wanted, wrong: scans, count }) => {
        const first = scans.slice(0, 12).join(', ');
        return `- ${kind.toUpperCase()}, ${name}: ${scans.length} of ${count} not ${wanted}: ${first}${scans.length > 12 ? ' …' : ''}`;
      }),
  );
  return `${markdown(made)}\n\n### Not as wanted\n\n${wrong.join('\n') || 'None.'}\n`;
}

async function main(): Promise<void> {
  const both = await halves();
  const cases = await allCases(both);
  const wants = (name: string): boolean => part === 'all' || part === name;
  if (wants('measure') && !(await measure(both, cases))) return;
  if (wants('limits')) console.log((await drawn(both, cases)).join('\n'));
  if (wants('networks')) {
    await concord.useBackend('wasm');
    if (!(await runNetworks(both, cases))) return;
  }
  if (!wants('table')) return;
  const text = report(await tables(cases, both.test));
  const file = 'fixtures/guard.md';
  const mark = '<!-- from here on written by `npm run bench:guard` -->';
  const [head] = readFileSync(file, 'utf8').split(mark);
  writeFileSync(file, `${head.trimEnd()}\n\n${mark}\n\n${text}`);
  console.error(`${((Date.now() - started) / 1000).toFixed(0)} s`);
}

void main();
