// How the guard of a stored network takes scans of every kind: npm run bench:guard -- [murd|ddae] [brains] [part] [network]
// Part: all (default), raw (brains as they are, so many, evenly from the list), phantoms, or a text that names of transforms contain. Network: how many brains
// also go through it (default 4). Seeded.
// It prints a table in Markdown: what is passed, brought to what the model learned from, and refused, and how far what is made
// of a scan lies from what is made of the scan as it was, in percent of the range of the target, mean over the brain.
import { join, resolve } from 'node:path';
import type { Scan, Volume, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { applyNyul, fitNyul } from '../../sdk/intensity/nyul';
import type { NyulModel } from '../../sdk/intensity/nyul-model';
import { imageSource } from '../../sdk/data/images/memory-source';
import { permutation, makeRandom } from '../../sdk/math/random';
import { measureScanRanges } from '../../sdk/nn/images/scan-intensity';
import { takeIn } from '../../sdk/nn/input/take-in';
import { onBlack } from '../../sdk/preprocess/on-black';
import { throughSlices } from '../../sdk/preprocess/slices/through-slices';
import { rescaled, spoilt, unforeseen, unusual } from './guard/spoil';

const shared = process.env['CONCORD_DATA'] ?? resolve('../shared/data');
const [kind = 'murd', count = '20', part = 'all', network = '4'] = process.argv.slice(2);
const target = kind === 'murd' ? 'Siemens' : 'siteA';

/** Errors of the sources and of the build are two classes. */
function isConcordError(error: unknown): error is concord.ConcordError {
  return error instanceof Error && 'problem' in error;
}

interface Outcome {
  readonly verdict: 'passed' | 'noticed' | 'refused';
  readonly why: string;
  readonly made?: Volume;
}

type Model = Awaited<ReturnType<typeof loadGuarded>>;

async function loadGuarded(): Promise<concord.MurdModel | concord.DdaeModel> {
  return kind === 'murd'
    ? concord.loadModel('fixtures/murd-small', 'murd')
    : concord.loadModel('fixtures/ddae-small', 'ddae');
}

const verdicts: ReadonlySet<string> = new Set(['brought-to-training', 'cut-brain']);

/** Brains of the draw that also go through the network; the others are judged only. */
const throughNetwork = Number(network);

/** What the guard says of a scan, without the network. */
async function judged(model: Model, volume: Volume, scan: Omit<Scan, 'open'>): Promise<Outcome> {
  const { learned } = model;
  if (learned === undefined) throw new Error('the model does not say what it learned from');
  const [height, width] = learned.shape;
  const people = concord.makeParticipants([scan.id], ['elsewhere'], []);
  const cut = { ...learned.geometry, scan: scan.id, size: [height, width] as const, channels: 1 as const };
  const step = { step: 'judge', options: {}, version: '' };
  try {
    let found: readonly concord.Issue[] = [];
    const stop = new Error('judged');
    const judging = throughSlices(onBlack(volume).filled, { ...cut, step }, async (images) => {
      const cohort = concord.makeImageCohort(people, images, { suffixes: [scan.suffix ?? ''] });
      const ranges = await measureScanRanges(imageSource(cohort));
      found = (await takeIn(learned, { cohort, ranges }, {})).issues;
      // Nothing is to be put back.
      throw stop;
    });
    await judging.catch((error: unknown) => {
      if (error !== stop) throw error;
    });
    return passedWith(found);
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { verdict: 'refused', why: error.problem };
  }
}

function passedWith(issues: readonly concord.Issue[], made?: Volume): Outcome {
  const noticed = issues.filter(({ code }) => verdicts.has(code));
  const why = noticed.map(({ message }) => message).join('; ');
  return { verdict: noticed.length > 0 ? 'noticed' : 'passed', why, ...(made === undefined ? {} : { made }) };
}

async function outcomeOf(model: Model, volume: Volume, scan: Omit<Scan, 'open'>): Promise<Outcome> {
  const people = concord.makeParticipants([scan.id], ['elsewhere'], []);
  const cohort: VolumeCohort = concord.makeVolumeCohort(people, [
    { ...scan, open: () => Promise.resolve(volume) },
  ]);
  const options = kind === 'murd' ? { site: target } : { target, unseen: 'average', steps: 5 };
  const [made] = concord.harmonizeVolumes(model as concord.AnyModel, cohort, options).scans;
  try {
    const result = await made.open();
    return passedWith(result.issues, result);
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { verdict: 'refused', why: error.problem };
  }
}

/** The mean difference in the brain, in percent of the range of what should be. */
function errorOf(made: Volume, wanted: Volume): number {
  const { mask } = wanted;
  const inside = wanted.data.filter((_, voxel) => mask?.[voxel] === 1).sort();
  const range = inside[Math.floor(0.98 * inside.length)];
  let sum = 0;
  for (let voxel = 0; voxel < wanted.data.length; voxel++) {
    if (mask?.[voxel] === 1) sum += Math.abs(wanted.data[voxel] - made.data[voxel]);
  }
  return (100 * sum) / inside.length / range;
}

interface Row {
  readonly errors: number[];
  readonly why: Map<string, number>;
  passed: number;
  noticed: number;
  refused: number;
}

const rows = new Map<string, Row>();

function note(name: string, { verdict, why, made }: Outcome, wanted?: Volume): void {
  const row: Row = rows.get(name) ?? { passed: 0, noticed: 0, refused: 0, errors: [], why: new Map() };
  rows.set(name, row);
  row[verdict]++;
  if (made !== undefined && wanted !== undefined) row.errors.push(errorOf(made, wanted));
  const short = why
    .replace(/^.*?\): /, '')
    .replace(/\(.*?\)|"[^"]*"|-?\d+(\.\d+)?(e-?\d+)?/g, '…')
    .slice(0, 90);
  if (short !== '') row.why.set(short, (row.why.get(short) ?? 0) + 1);
}

function print(): void {
  console.log(
    '| what | passed | with an issue | refused | error, % (median, worst) | said |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const [name, { passed, noticed, refused, errors, why }] of rows) {
    const sorted = [...errors].sort((a, b) => a - b);
    const error =
      sorted.length === 0
        ? ''
        : `${sorted[sorted.length >> 1].toFixed(1)}, ${sorted[sorted.length - 1].toFixed(1)}`;
    const said = [...why].sort((a, b) => b[1] - a[1]).map(([text, times]) => `${text} (${times})`);
    console.log(
      `| ${name} | ${passed} | ${noticed} | ${refused} | ${error} | ${said.slice(0, 2).join('; ')} |`,
    );
  }
}

async function brains(): Promise<VolumeCohort> {
  return concord.loadBids(join(shared, 'brains-219'), { site: { column: 'site' } });
}

/** A draw of brains, as many of each site. */
function drawn(cohort: VolumeCohort, wanted: number): readonly number[] {
  const sites = [...new Set(cohort.participants.sites)];
  return sites.flatMap((site, i) => {
    const its = Array.from(cohort.scans.keys()).filter((row) => cohort.participants.sites[row] === site);
    const share = Math.ceil((wanted - i) / sites.length);
    return Array.from(permutation(its.length, makeRandom(11 + i)))
      .slice(0, share)
      .map((k) => its[k]);
  });
}

async function ofBrains(model: Model): Promise<void> {
  const cohort = await brains();
  const all = { ...rescaled, ...spoilt, ...unusual, ...unforeseen };
  const chosen = Object.entries(all).filter(([name]) => part === 'all' || name.includes(part));
  const nyul = part === 'all' || 'Nyúl’d'.includes(part) ? await nyulOf(cohort) : undefined;
  for (const [seed, row] of drawn(cohort, Number(count)).entries()) {
    const scan = cohort.scans[row];
    const brain = await scan.open();
    const see =
      throughNetwork > 0 && seed % Math.ceil(Number(count) / throughNetwork) === 0 ? outcomeOf : judged;
    const raw = await see(model, brain, scan);
    note('as it is', raw);
    for (const [name, spoil] of chosen) note(name, await see(model, spoil(brain, seed), scan), raw.made);
    if (nyul !== undefined) note('Nyúl’d', await see(model, applyNyul(nyul, brain), scan), raw.made);
    const bare: Volume = { ...brain, mask: undefined };
    if (part === 'all') note('without a mask', await see(model, bare, scan));
  }
}

async function nyulOf(cohort: VolumeCohort): Promise<NyulModel> {
  return fitNyul(concord.takeSubjects(cohort, drawn(cohort, 12)));
}

async function everyBrain(model: Model): Promise<void> {
  const cohort = await brains();
  const step = Math.ceil(cohort.scans.length / Number(count));
  for (const scan of cohort.scans.filter((_, row) => row % step === 0)) {
    const outcome = await judged(model, await scan.open(), scan);
    note(`as it is: ${scan.id.slice(4, 6)}`, outcome);
    if (outcome.verdict !== 'passed') console.log(scan.id, outcome.verdict, outcome.why);
  }
}

async function ofPhantoms(model: Model): Promise<void> {
  const geometry = { slices: 5, size: 64, pixelSize: 3 } as const;
  const presets = ['abcd-like', 'seven-site'] as const;
  for (const scanner of presets.flatMap((preset) => concord.phantoms.scannerPreset(preset))) {
    const { cohort } = await concord.simulateSlices({
      ...geometry,
      scanners: [scanner],
      subjects: 20,
      seed: 909,
    });
    for (const row of cohort.participants.ids.keys()) {
      const one = concord.takeSubjects(cohort, [row]);
      const said = { ...one, suffixes: ['T1w'] };
      const name = `phantom ${scanner.site} ${one.suffixes[0]}${one.suffixes[0] === 'T1w' ? '' : ' that says T1w'}`;
      note(name, await imagesOutcome(model, said));
      if (one.suffixes[0] !== 'T1w')
        note(`phantom ${scanner.site} ${one.suffixes[0]}`, await imagesOutcome(model, one));
    }
  }
}

async function imagesOutcome(model: Model, cohort: concord.ImageCohort): Promise<Outcome> {
  try {
    const { issues } =
      model.kind === 'murd'
        ? await concord.murd.translate(model, cohort, { site: target })
        : await concord.harmonizeDdae(model, cohort, { target, unseen: 'average', steps: 2 });
    return passedWith(issues);
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { verdict: 'refused', why: error.problem };
  }
}

async function main(): Promise<void> {
  await concord.useBackend('wasm');
  const model = await loadGuarded();
  const started = Date.now();
  if (part === 'raw') await everyBrain(model);
  else if (part === 'phantoms') await ofPhantoms(model);
  else await ofBrains(model);
  print();
  console.error(`${((Date.now() - started) / 1000).toFixed(0)} s`);
}

void main();
