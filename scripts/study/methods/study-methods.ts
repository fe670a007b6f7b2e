// Every method in one table, on phantoms, on real brains rescanned by simulated scanners, and on real scans:
// npm run study:methods -- [--methods z-score,nyul,cvae] [--grounds seven-site,abcd-like,rescanned,real] [--data BIDS_FOLDER]
//   [--minutes 45] [--start shipped] [--detail] [--guided 8] [--then pixel-combat] [--effect-fwhm 12] [--seeds 3]
//   [--probe-steps 200] [--out FOLDER] [--work FOLDER] [--learn-only] [--quick]
// Each method on each ground with each seed is a step: its figures are stored in --out when it is done, and what is
// stored is not made again. Slices, trainings and models, which are large, are in --work. A training that was killed
// continues from its checkpoint there, and with more --minutes those that are done continue from where they ended, so
// the study can be run in many sittings, and with --out fixtures/study on several machines; tables and pictures are
// written anew after every step. Minutes are those of a training: where there are folds, each has as many, and as many steps.
// Seeds are those of the judging for methods that are quick to fit, which draw nothing; networks have the first. With
// --start shipped methods that can start from the model that ships do, and are beside those that began with drawn weights; with
// --detail those that can give back the detail that is lost do, with --guided networks have what they make guided by the scans,
// within so many mm; with --then a quick method comes after each, and with --effect-fwhm
// ComBat by pixels, where it is used, spreads the effects of sites over so many mm. With --learn-only methods learn and
// harmonize, and are judged by a later call that has the same --work.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as concord from 'concord-mri';
import type { Ground } from './grounds';
import { grounds } from './grounds';
import { harmonized } from './harmonized';
import { judgedMethod } from './judged';
import { readJson, writeWhole } from './kept';
import { drawGround, keepShown } from './study-picture';
import { csvTable, markdownTable } from './study-table';
import type { Budget, StudyStep } from './study-types';
import type { Way } from './way';
import { byWay, canBeUsed, labelOf, learningLabel } from './way';

const inEnvironment = process.env['CONCORD_DATA'];
const { values: given } = parseArgs({
  options: {
    methods: { type: 'string' },
    grounds: { type: 'string', default: Object.keys(grounds).join() },
    data: {
      type: 'string',
      default: inEnvironment === undefined ? undefined : join(inEnvironment, 'brains-219'),
    },
    minutes: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    'probe-steps': { type: 'string', default: '200' },
    out: { type: 'string', default: '.cache/study-methods' },
    work: { type: 'string' },
    start: { type: 'string' },
    detail: { type: 'boolean', default: false },
    guided: { type: 'string' },
    then: { type: 'string' },
    'effect-fwhm': { type: 'string' },
    'learn-only': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const out = resolve(given.out);
const work = resolve(given.work ?? join(given.out, 'work'));
const way = chosenWay();
const probeSteps = given.quick ? 5 : Number(given['probe-steps']);
const budget: Budget = {
  minutes: Number(given.minutes ?? (given.quick ? 0.01 : 45)),
  size: given.quick ? 'tiny' : 'small',
};

/** How everything of one ground was made. */
interface Setting extends Budget {
  readonly probeSteps: number;
}

async function main(): Promise<void> {
  const methods = chosenMethods();
  const names = given.grounds.split(',');
  const stray = names.find((name) => !Object.hasOwn(grounds, name));
  if (stray !== undefined)
    throw new Error(`unknown ground: ${stray} (there are ${Object.keys(grounds).join()})`);
  if (!(budget.minutes > 0)) throw new Error(`invalid --minutes: ${given.minutes}`);
  for (const name of names) requireSetting(name);
  const report = await concord.useBackend();
  console.log(concord.networks.formatBackend(report));
  const { device, threads } = report;
  const backend = `${report.backend}, ${device}${threads === undefined ? '' : `, ${threads} threads`}`;
  for (const name of names) {
    const folder = join(work, name);
    const ground = await grounds[name]({ quick: given.quick, data: given.data, folder });
    for (const seed of Array.from({ length: Number(given.seeds) }, (_, i) => i + 1)) {
      for (const method of methods) {
        if (seed > 1 && !method.quick) continue;
        await step(method, { name, ground, seed, backend });
        if (!given['learn-only']) await writeAll(name, ground);
      }
    }
  }
}

/** The methods named, or all that are for slices. */
function chosenMethods(): readonly concord.methods.Method[] {
  const all = slicedMethods();
  const named = given.methods?.split(',').filter((name) => name !== 'raw');
  const stray = named?.find((name) => !all.some((method) => method.name === name));
  if (stray !== undefined) {
    throw new Error(`unknown method: ${stray} (there are ${all.map(({ name }) => name).join()})`);
  }
  const chosen = named === undefined ? all : all.filter(({ name }) => named.includes(name));
  return chosen.filter((method) => canBeUsed(method, way));
}

/** The way in which methods are used. */
function chosenWay(): Way {
  const { start, detail, guided, then, 'effect-fwhm': effectFwhm } = given;
  if (start !== undefined && start !== 'shipped')
    throw new Error(`invalid --start: ${start} (shipped is allowed)`);
  const after = quickMethods();
  if (then !== undefined && !after.includes(then)) {
    throw new Error(`invalid --then: ${then} (there are ${after.join()})`);
  }
  return {
    ...(start === undefined ? {} : { start }),
    ...(detail ? { detail } : {}),
    ...(guided === undefined ? {} : { guided: Number(guided) }),
    ...(then === undefined ? {} : { then }),
    ...(effectFwhm === undefined ? {} : { effectFwhm: Number(effectFwhm) }),
  };
}

/** Methods that can come after others. */
function quickMethods(): readonly string[] {
  return slicedMethods().flatMap(({ name, quick }) => (quick ? [name] : []));
}

function slicedMethods(): readonly concord.methods.Method[] {
  return concord.methods.all().filter(({ harmonizers }) => harmonizers.images !== undefined);
}

/** Figures that were judged in two ways are not to be in one table; trainings can be made longer, and never shorter. */
function requireSetting(ground: string): void {
  const path = join(out, ground, 'setting.json');
  const before = readJson<Setting>(path) ?? { ...budget, probeSteps };
  const { minutes, size } = before;
  if (size !== budget.size || before.probeSteps !== probeSteps || minutes > budget.minutes) {
    throw new Error(
      `${out} has results of ${ground} of ${minutes} minutes, size ${size}, ${before.probeSteps} steps of each probe: choose another --out`,
    );
  }
  writeWhole(path, { ...budget, probeSteps });
}

async function step(
  method: concord.methods.Method,
  {
    name,
    ground,
    seed,
    backend,
  }: { readonly name: string; readonly ground: Ground; readonly seed: number; readonly backend: string },
): Promise<void> {
  const label = labelOf(method.name, way);
  const folder = stepFolder(name, label, seed);
  const path = join(folder, 'figures.json');
  const before = readJson<StudyStep>(path);
  if (before !== undefined && minutesOf(before) > 0.999 * budget.minutes) return;
  console.log(`${new Date().toISOString().slice(11, 19)} ${name}: ${label}, seed ${seed}`);
  const made = await harmonized(method, ground, {
    folder: join(work, name, `${learningLabel(method.name, way)}-${seed}`),
    seed,
    way,
    budget,
  });
  if (given['learn-only']) return;
  const judging = { seed, steps: probeSteps, folder: join(out, name) };
  const { model: kind } = method;
  const figures: StudyStep = {
    ground: name,
    about: ground.about,
    leftOut: ground.leftOut,
    method: label,
    ...way,
    seed,
    backend,
    trainings: made.trainings,
    plan: made.first.plan,
    learningSeconds: made.learningSeconds,
    parameters: kind.storage.as === 'file' ? undefined : numbersIn(kind.storage.toStored(made.first.model)),
    secondsPerSlice: made.secondsPerSlice,
    ...(await judgedMethod(label, made, { ground, judging })),
  };
  keepShown(ground, made.images, folder);
  writeWhole(path, figures);
}

/** The minutes of each training of a stored step; what is quick has as many as there are. */
function minutesOf({ plan }: StudyStep): number {
  return plan === undefined ? Infinity : plan.minutes;
}

function stepFolder(ground: string, method: string, seed: number): string {
  return join(out, ground, `${method}-${seed}`);
}

function numbersIn({ weights }: concord.methods.StoredNetwork): number {
  return [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
}

/** Writes the tables of all that is stored, and the picture of a ground. */
async function writeAll(name: string, ground: Ground): Promise<void> {
  const steps = Object.keys(grounds).flatMap(stored);
  const tables = Object.keys(grounds).flatMap((own) => {
    const some = steps.filter((one) => one.ground === own);
    return some.length === 0 ? [] : [markdownTable(own, some)];
  });
  writeFileSync(join(out, 'methods.md'), tables.join('\n'));
  writeFileSync(join(out, 'methods.csv'), csvTable(steps));
  writeWhole(join(out, 'methods.json'), steps);
  const shown = steps.filter((one) => one.ground === name && one.seed === 1);
  await drawGround(
    ground,
    Object.fromEntries(shown.map(({ method }) => [method, stepFolder(name, method, 1)])),
    join(out, `${name}.png`),
  );
}

/** What is stored of a ground, whoever made it, in the order of the methods. */
function stored(ground: string): readonly StudyStep[] {
  const folder = join(out, ground);
  const kept = existsSync(folder) ? readdirSync(folder) : [];
  const order = byWay(slicedMethods().map(({ name }) => name));
  return kept
    .flatMap((name) => readJson<StudyStep>(join(folder, name, 'figures.json')) ?? [])
    .sort((one, other) => order(one, other) || one.seed - other.seed);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
