// Judges the shipped MURD on people it has never seen, against the truth:
// npm run study:murd [-- people [truth | representations | tissue | styles | sites | ceiling | ablations] … [--ddae FOLDER]]
// Ablations, which train tiny models, are made only when asked for by name. A DDAE to compare it with must be
// trained on the same scanners: node --import tsx scripts/ddae/train-small.ts FOLDER STEPS abcd-like
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as concord from 'concord-mri';
import type { ImageCohort, MurdModel, SimulatedSlices } from 'concord-mri';
import { againstTruth } from '../study/against-truth';
import { firstPeople, ofSite, runOf } from '../study/cohorts';
import type { Method, Methods } from '../study/intensity-baselines';
import { baselines } from '../study/intensity-baselines';
import { siteAndBiology } from '../study/site-and-biology';
import { tissueAgreement } from '../study/tissue-agreement';
import { ablations } from './ablations';
import { ceilings } from './ceiling';
import { trainingPhantoms, travelingPhantoms } from './phantoms';

const { positionals, values: given } = parseArgs({
  allowPositionals: true,
  options: { ddae: { type: 'string' } },
});
const [asked, ...parts] = positionals;
const people = Number(asked ?? 20);
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);

async function main(): Promise<void> {
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  if (parts.includes('ablations')) await ablations();
  if (wants('ceiling')) await ceilings(8);
  if (parts.length > 0 && parts.every((part) => ['ablations', 'ceiling'].includes(part))) return;
  const model = await concord.loadModel(resolve('fixtures/murd-small'), 'murd');
  const travelers = await travelingPhantoms(people);
  const all = travelers.cohort;
  const training = await trainingPhantoms();
  const raw = runOf(all, '1');
  const methods: Methods = {
    ...baselines(training),
    ...(given.ddae === undefined ? {} : await withDdae(given.ddae)),
    ...waysOf(model, training),
  };
  if (wants('truth')) {
    const few = { raw: firstPeople(raw, 8), truth: firstPeople(all, 8) };
    await againstTruth(methods, { ...few, sites: model.sites, each: ['MURD', 'DDAE', 'Nyúl'] });
  }
  if (wants('representations')) await representations(model, all);
  if (wants('tissue')) await tissue(methods, travelers, raw);
  if (wants('styles')) await styles(model, firstPeople(raw, 4));
  if (wants('sites')) {
    const { MURD, ...others } = methods;
    await siteAndBiology({ ...others, MURD }, { raw, training, target: 'Siemens' });
  }
}

/** MURD by the site's own style, and by the style of one and of twenty people's scans there. */
function waysOf(model: MurdModel, training: ImageCohort): Methods {
  const byReference =
    (count: number): Method =>
    (cohort, site) =>
      concord.murd.translate(model, cohort, { reference: firstPeople(ofSite(training, site), count) });
  return {
    MURD: (cohort, site) => concord.murd.translate(model, cohort, { site }),
    'MURD, 1 reference': byReference(1),
    'MURD, 20 references': byReference(20),
  };
}

async function withDdae(folder: string): Promise<Methods> {
  const model = await concord.loadModel(resolve(folder), 'ddae');
  return { DDAE: (cohort, target) => concord.harmonizeDdae(model, cohort, { target }) };
}

/** Whether content is the person's and style the site's. */
async function representations(model: MurdModel, all: ImageCohort): Promise<void> {
  const compared = concord.murd.compareRepresentations(await concord.murd.contentOf(model, all), all);
  for (const [kind, found] of Object.entries<concord.murd.PairAgreement | undefined>({ ...compared })) {
    if (found === undefined) continue;
    console.log(
      `content, ${kind}: r ${found.mean.toFixed(4)} (lowest ${found.lowest.toFixed(4)}, ${found.pairs} pairs)`,
    );
  }
  const scans = runOf(all, '1');
  const own = concord.murd.siteSilhouette(await concord.murd.styleOf(model, scans), scans);
  console.log(`styles by their own heads: silhouette by site ${own.toFixed(3)}`);
  for (const head of model.sites) {
    const read = concord.murd.siteSilhouette(await concord.murd.styleOf(model, scans, { head }), scans);
    console.log(`styles by the head of ${head}: silhouette by site ${read.toFixed(3)}`);
  }
}

/** Three tissues by fuzzy c-means, before and after, beside the truth. */
async function tissue(methods: Methods, travelers: SimulatedSlices, raw: ImageCohort): Promise<void> {
  const some = firstPeople(raw, 8);
  const shownOf = (dice: Readonly<Record<string, number>>): string =>
    Object.entries(dice)
      .map(([label, value]) => `${label} ${value.toFixed(3)}`)
      .join('  ');
  // Contrast decides how well three classes are found: more cannot be expected of scans harmonized to Siemens.
  const really = tissueAgreement(ofSite(some, 'Siemens'), travelers.truth);
  console.log(`really scanned there Dice with the truth: ${shownOf(really.dice)}`);
  for (const [name, method] of Object.entries(methods)) {
    const after = name === 'raw' ? some : await method(some, 'Siemens');
    const { dice, volumes } = tissueAgreement(after, travelers.truth);
    const spread = Object.entries(volumes).map(([label, value]) => `${label} ${(100 * value).toFixed(1)} %`);
    console.log(
      `${name.padEnd(20)} Dice with the truth: ${shownOf(dice)}; volumes of a person vary between sites by ` +
        spread.join('  '),
    );
  }
}

/** How much images differ by the style that is drawn for one site. */
async function styles(model: MurdModel, raw: ImageCohort): Promise<void> {
  const middle = await concord.murd.translate(model, raw, { site: 'Siemens' });
  const drawn = await Promise.all(
    [1, 2, 3].map((styleSeed) => concord.murd.translate(model, raw, { site: 'Siemens', styleSeed })),
  );
  const range = middle.images.data.reduce((a, b) => Math.max(a, b));
  const between = (a: ImageCohort, b: ImageCohort): number =>
    mean(Array.from(a.images.data, (value, i) => Math.abs(value - b.images.data[i]))) / range;
  console.log(
    `styles drawn for Siemens differ from their middle by ${drawn
      .map((one) => `${(100 * between(one, middle)).toFixed(2)} %`)
      .join(', ')} of the range, mean over all pixels`,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

void main();
