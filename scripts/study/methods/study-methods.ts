// Every method in one table, on phantoms whose truth is known:
// npm run study:methods -- [--methods z-score,nyul,cvae] [--grounds seven-site,abcd-like] [--minutes 45] [--seeds 1] [--out FOLDER] [--quick]
// Each method on each ground with each seed is a step: it is stored when it is done, and what is stored is not made
// again. A training that was killed continues from its checkpoint, so the study can be run in many sittings; tables are
// written anew after every step. Another budget needs another folder.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as concord from 'concord-mri';
import type { Ground } from './grounds';
import { grounds } from './grounds';
import { learned, writeWhole } from './learned';
import { csvTable, markdownTable } from './study-table';
import type { Budget, Learned, StudyStep } from './study-types';

const { values: given } = parseArgs({
  options: {
    methods: { type: 'string' },
    grounds: { type: 'string', default: Object.keys(grounds).join() },
    minutes: { type: 'string', default: '45' },
    seeds: { type: 'string', default: '1' },
    out: { type: 'string', default: '.cache/study-methods' },
    quick: { type: 'boolean', default: false },
  },
});
const out = resolve(given.out);
const budget: Budget = {
  minutes: given.quick ? 0.01 : Number(given.minutes),
  size: given.quick ? 'tiny' : 'small',
};

async function main(): Promise<void> {
  const methods = chosenMethods();
  const names = given.grounds.split(',');
  const stray = names.find((name) => !Object.hasOwn(grounds, name));
  if (stray !== undefined)
    throw new Error(`unknown ground: ${stray} (there are ${Object.keys(grounds).join()})`);
  if (!(budget.minutes > 0)) throw new Error(`invalid --minutes: ${given.minutes}`);
  mkdirSync(out, { recursive: true });
  requireSameBudget();
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const steps: StudyStep[] = [];
  for (const name of names) {
    const ground = await grounds[name](given.quick);
    for (const seed of Array.from({ length: Number(given.seeds) }, (_, i) => i + 1)) {
      for (const method of methods) {
        steps.push(await step(method, { name, ground, seed }));
        writeTables(names, steps);
      }
    }
  }
}

/** The methods named, or all that are for slices. */
function chosenMethods(): readonly concord.methods.Method[] {
  const all = concord.methods.all().filter(({ harmonizers }) => harmonizers.images !== undefined);
  const named = given.methods?.split(',').filter((name) => name !== 'raw');
  const stray = named?.find((name) => !all.some((method) => method.name === name));
  if (stray !== undefined) {
    throw new Error(`unknown method: ${stray} (there are ${all.map(({ name }) => name).join()})`);
  }
  return named === undefined ? all : all.filter(({ name }) => named.includes(name));
}

/** Figures of two budgets are not to be in one table. */
function requireSameBudget(): void {
  const path = join(out, 'budget.json');
  if (!existsSync(path)) return writeWhole(path, budget);
  const before = JSON.parse(readFileSync(path, 'utf8')) as Budget;
  if (before.minutes === budget.minutes && before.size === budget.size) return;
  throw new Error(
    `${out} has results of ${before.minutes} minutes, size ${before.size}: choose another --out`,
  );
}

async function step(
  method: concord.methods.Method,
  { name, ground, seed }: { readonly name: string; readonly ground: Ground; readonly seed: number },
): Promise<StudyStep> {
  const folder = join(out, name, `${method.name}-${seed}`);
  const path = join(folder, 'figures.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as StudyStep;
  console.log(`${name}: ${method.name}, seed ${seed}`);
  const { training, target } = ground;
  const found = await learned(method, { training, target, folder, seed, budget });
  writeWhole(path, { ground: name, seed, ...(await judged(method, { found, ground })) });
  // As it is stored, so that what is read later is the same.
  return JSON.parse(readFileSync(path, 'utf8')) as StudyStep;
}

async function judged(
  method: concord.methods.Method,
  { found, ground }: { readonly found: Learned; readonly ground: Ground },
): Promise<Omit<StudyStep, 'ground' | 'seed'>> {
  const { judged: raw, truth, target } = ground;
  // One seed judges all, so that raw scans have the same figures beside each.
  const comparison = await concord.compareMethods(
    raw,
    { [method.name]: found.harmonizer },
    { target, truth, heldOut: [method.name], seed: 1, steps: given.quick ? 5 : 200, mask: 'common' },
  );
  const [made] = comparison.methods;
  if (made === undefined) throw new Error(comparison.issues.map(({ message }) => message).join('\n'));
  const { model: kind } = method;
  const { rows, issues, evaluated, persons } = comparison;
  return {
    method: method.name,
    plan: found.plan,
    parameters: kind.storage.as === 'file' ? undefined : numbersIn(kind.storage.toStored(found.model)),
    secondsPerSlice: made.seconds / raw.images.shape[0],
    comparison: { rows, issues, evaluated, persons, target },
  };
}

function numbersIn({ weights }: concord.methods.StoredNetwork): number {
  return [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
}

/** Writes what there is so far. */
function writeTables(names: readonly string[], steps: readonly StudyStep[]): void {
  const tables = names.flatMap((name) => {
    const own = steps.filter(({ ground }) => ground === name);
    return own.length === 0 ? [] : [markdownTable(name, own)];
  });
  writeFileSync(join(out, 'methods.md'), tables.join('\n'));
  writeFileSync(join(out, 'methods.csv'), csvTable(steps));
  writeWhole(join(out, 'methods.json'), steps);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
