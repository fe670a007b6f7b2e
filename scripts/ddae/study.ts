// Judges the shipped DDAE on people it has never seen, against the truth:
// npm run study:ddae [-- people [truth | reconstruction | trade-off | codes | sites] …]
import { resolve } from 'node:path';
import * as concord from 'concord-mri';
import type { DdaeModel, ImageCohort } from 'concord-mri';
import type { Travelers } from '../study/against-truth';
import { againstTruth, printAgreement } from '../study/against-truth';
import { firstPeople, runOf } from '../study/cohorts';
import type { Methods } from '../study/intensity-baselines';
import { baselines } from '../study/intensity-baselines';
import { siteAndBiology } from '../study/site-and-biology';
import { geometry, trainingPhantoms, travelingPhantoms } from './phantoms';

const [asked, ...parts] = process.argv.slice(2);
const people = Number(asked ?? 24);
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);

async function main(): Promise<void> {
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const model = await concord.loadModel(resolve('fixtures/ddae-small'), 'ddae');
  if (wants('codes')) await codesSay(model);
  if (parts.join() === 'codes') return;
  const { cohort: all } = await travelingPhantoms(people);
  const training = await trainingPhantoms();
  const raw = runOf(all, '1');
  const methods: Methods = {
    ...baselines(training),
    DDAE: (cohort, target) => concord.harmonizeDdae(model, cohort, { target }),
  };
  const few = (count: number): Travelers => {
    return { raw: firstPeople(raw, count), truth: firstPeople(all, count) };
  };
  if (wants('truth')) await againstTruth(methods, { ...few(8), sites: model.sites, each: ['DDAE', 'Nyúl'] });
  if (wants('reconstruction')) await reconstruction(model, few(4).raw);
  if (wants('trade-off')) await tradeOff(model, few(4));
  if (wants('sites')) await siteAndBiology(methods, { raw, training, target: 'siteA' });
}

/** How well images are reconstructed, from their codes and noise and from codes alone, by number of steps. */
async function reconstruction(model: DdaeModel, raw: ImageCohort): Promise<void> {
  for (const steps of [5, 10, 20, 50]) {
    const started = performance.now();
    const codes = await concord.ddae.encode(model, raw, { steps });
    const own = await concord.ddae.decode(model, codes, { steps });
    const seconds = (performance.now() - started) / 1000 / raw.images.shape[0];
    const alone = await concord.ddae.decode(model, codes, { steps, keep: 0 });
    console.log(
      `${steps}+${steps} steps: PSNR with x_T ${selfPsnr(own, raw).toFixed(2)} dB, from codes alone ` +
        `${selfPsnr(alone, raw).toFixed(2)} dB; ${seconds.toFixed(3)} s a slice`,
    );
  }
}

/** PSNR in the brain against the image itself, each scan on the range of its brightest pixel. */
function selfPsnr(after: ImageCohort, before: ImageCohort): number {
  const size = before.images.data.length / before.participants.ids.length;
  const psnr = before.participants.ids.map((_, scan) => {
    let squares = 0;
    let count = 0;
    let top = 0;
    for (let i = scan * size; i < (scan + 1) * size; i++) {
      if (before.images.mask?.[i] === 0) continue;
      squares += (after.images.data[i] - before.images.data[i]) ** 2;
      count++;
      top = Math.max(top, before.images.data[i]);
    }
    return 10 * Math.log10((top * top * count) / squares);
  });
  return psnr.reduce((sum, value) => sum + value, 0) / psnr.length;
}

/** What can be read in z_υ of people it has never seen: the site, and the biology. */
async function codesSay(model: DdaeModel): Promise<void> {
  const { cohort } = await concord.simulateSlices({ ...geometry, subjects: 60, seed: 303 });
  const codes = await concord.ddae.encode(model, cohort, { stochastic: false });
  const size = model.architecture.unknownSize;
  const perScan = codes.unknown.length / size / cohort.participants.ids.length;
  for (let slice = 0; slice < perScan; slice++) {
    const values = cohort.participants.ids.flatMap((_, row) => {
      const from = (row * perScan + slice) * size;
      return Array.from(codes.unknown.subarray(from, from + size));
    });
    await readIn(`z_υ of slice ${slice + 1}`, cohort, values);
  }
  await readIn('z_υ of all slices', cohort, Array.from(codes.unknown));
}

async function readIn(name: string, { participants }: ImageCohort, values: readonly number[]): Promise<void> {
  const width = values.length / participants.ids.length;
  const names = Array.from({ length: width }, (_, i) => `z${i}`);
  const table = concord.makeFeatureCohort(
    participants,
    concord.makeFeatureMatrix(Float64Array.from(values), participants.ids, names),
  );
  const { probes, regressions, classifications } = await concord.evaluateTable(table, table, { seeds: 1 });
  for (const { probe, protocol, overSubjects, chance } of probes) {
    if (protocol !== 'raw') continue;
    console.log(`${name}: site by ${probe} SVM ${interval(overSubjects)} (chance ${chance.toFixed(3)})`);
  }
  for (const { covariate, scheme, protocol, mae, baselineMae, r2 } of regressions) {
    if (protocol !== 'raw') continue;
    console.log(
      `${name}: ${covariate}, ${scheme}: MAE ${interval(mae)} (chance ${baselineMae.toFixed(2)}), R² ${r2.toFixed(3)}`,
    );
  }
  for (const { covariate, scheme, protocol, auc } of classifications) {
    if (protocol === 'raw')
      console.log(`${name}: ${covariate}, ${scheme}: AUC ${interval(auc)} (chance 0.5)`);
  }
}

function interval({ estimate, low, high }: concord.Interval): string {
  return `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

/** What becomes of the result with less of the noise kept, or with the noise traced back less far. */
async function tradeOff(model: DdaeModel, { raw, truth }: Travelers): Promise<void> {
  const target = 'siteA';
  const dataRange = concord.metrics.siteDataRange(truth, target);
  const tries = [
    ...[1, 0.99, 0.95, 0.9, 0.5, 0].map((keep) => ({ keep })),
    ...[750, 500, 250].map((until) => ({ until })),
    ...[5, 10, 50].map((steps) => ({ steps })),
  ];
  for (const options of tries) {
    const after = await concord.harmonizeDdae(model, raw, { target, ...options });
    printAgreement(
      `  ${JSON.stringify(options)}`,
      [await concord.compareTravelers(after, truth, { target, dataRange })],
      'mean',
    );
  }
}

void main();
