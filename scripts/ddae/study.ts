// Judges the shipped DDAE on people it has never seen, against the truth:
// npm run study:ddae [-- people [truth | reconstruction | trade-off | sites] …]
import { resolve } from 'node:path';
import * as concord from 'concord-mri';
import type { DdaeModel, ImageCohort, TravelerComparison } from 'concord-mri';
import { trainingPhantoms, travelingPhantoms } from './phantoms';

type Method = (cohort: ImageCohort, target: string) => Promise<ImageCohort>;

const [asked, ...parts] = process.argv.slice(2);
const people = Number(asked ?? 24);
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);

async function main(): Promise<void> {
  console.log(concord.formatBackend(await concord.useBackend()));
  const model = await concord.loadModel(resolve('fixtures/ddae-small'), 'ddae');
  const { cohort: all } = await travelingPhantoms(people);
  const training = await trainingPhantoms();
  const raw = runOf(all, '1');
  const methods = methodsOf(model, training);
  const few = (count: number): { raw: ImageCohort; truth: ImageCohort } => {
    return { raw: firstPeople(raw, count), truth: firstPeople(all, count) };
  };
  if (wants('truth')) await againstTruth(methods, { ...few(8), sites: model.sites });
  if (wants('reconstruction')) await reconstruction(model, few(4).raw);
  if (wants('trade-off')) await tradeOff(model, few(4));
  if (wants('sites')) await siteAndBiology(methods, raw, training);
}

function methodsOf(model: DdaeModel, training: ImageCohort): Readonly<Record<string, Method>> {
  const intensity =
    (name: 'z-score' | 'histogram-matching' | 'nyul'): Method =>
    async (cohort, target) => {
      const method = concord.intensityHarmonizer(name, { kind: 'images', target });
      return method.apply(await method.fit(training), cohort);
    };
  return {
    raw: (cohort) => Promise.resolve(cohort),
    'z-score': intensity('z-score'),
    'histogram matching': intensity('histogram-matching'),
    Nyúl: intensity('nyul'),
    DDAE: (cohort, target) => concord.harmonizeDdae(model, cohort, { target }),
  };
}

/** Every site in turn as the target: the mean over targets of the agreement with the person's own scan there. */
async function againstTruth(
  methods: Readonly<Record<string, Method>>,
  { raw, truth, sites }: { raw: ImageCohort; truth: ImageCohort; sites: readonly string[] },
): Promise<void> {
  for (const [name, method] of Object.entries(methods)) {
    const found: TravelerComparison[] = [];
    for (const target of sites) {
      const after = await method(raw, target);
      const dataRange = brightAt(truth, target);
      found.push(await concord.compareTravelers(after, truth, { target, dataRange }));
      if (name === 'DDAE' || name === 'Nyúl')
        row(`  ${name} to ${target}`, [found[found.length - 1]], 'mean');
    }
    row(name, found, 'mean');
    if (name === 'raw') row('test–retest floor', found, 'floor');
  }
}

function row(name: string, found: readonly TravelerComparison[], which: 'mean' | 'floor'): void {
  const mean = (of: (comparison: TravelerComparison) => number | undefined): number =>
    found.reduce((sum, comparison) => sum + (of(comparison) ?? NaN), 0) / found.length;
  const figures = {
    'MAE %': mean((c) => (100 * (c[which]?.mae ?? NaN)) / c.dataRange),
    'PSNR dB': mean((c) => c[which]?.psnr),
    SSIM: mean((c) => c[which]?.ssim),
    'MS-SSIM': mean((c) => c[which]?.msSsim),
    'gradient r': mean((c) => c[which]?.gradientCorrelation),
  };
  const shown = Object.entries(figures).map(([label, value]) => `${label} ${value.toFixed(3)}`);
  console.log(`${name.padEnd(24)} ${shown.join('  ')}`);
}

/** How near an image comes back to itself, with its noise and without, by steps. */
async function reconstruction(model: DdaeModel, raw: ImageCohort): Promise<void> {
  for (const steps of [5, 10, 20, 50]) {
    const started = performance.now();
    const codes = await concord.encode(model, raw, { steps });
    const own = await concord.decode(model, codes, { steps });
    const seconds = (performance.now() - started) / 1000 / raw.images.shape[0];
    const alone = await concord.decode(model, codes, { steps, keep: 0 });
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
    let [squares, count, top] = [0, 0, 0];
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

/** What the share of noise that is kept, and how far it is traced back, do. */
async function tradeOff(
  model: DdaeModel,
  { raw, truth }: { raw: ImageCohort; truth: ImageCohort },
): Promise<void> {
  const target = 'siteA';
  const dataRange = brightAt(truth, target);
  const tries = [
    ...[1, 0.99, 0.95, 0.9, 0.5, 0].map((keep) => ({ keep })),
    ...[750, 500, 250].map((until) => ({ until })),
    ...[5, 10, 50].map((steps) => ({ steps })),
  ];
  for (const options of tries) {
    const after = await concord.harmonizeDdae(model, raw, { target, ...options });
    row(
      `  ${JSON.stringify(options)}`,
      [await concord.compareTravelers(after, truth, { target, dataRange })],
      'mean',
    );
  }
}

async function siteAndBiology(
  methods: Readonly<Record<string, Method>>,
  raw: ImageCohort,
  training: ImageCohort,
): Promise<void> {
  const features = await concord.fitImageFeatures(training);
  console.log(`FID and KID: ${features.name}`);
  const target = 'siteA';
  const real = ofSite(training, target);
  const half = (part: 0 | 1): ImageCohort =>
    concord.takeSubjects(
      real,
      [...real.participants.ids.keys()].filter((at) => at % 2 === part),
    );
  const floor = await concord.compareImageSets(half(0), half(1), { features });
  console.log(`real–real floor: FID ${floor.frechet.toFixed(3)} KID ${floor.kernel.toFixed(4)}`);
  for (const [name, method] of Object.entries(methods)) {
    const after = await method(raw, target);
    const figures: string[] = [];
    for (const variable of ['site', 'age', 'sex']) {
      const probe = await concord.imageProbe(after, {
        target: variable,
        steps: variable === 'site' ? 400 : 1000,
        seeds: [1],
      });
      const { estimate, low, high } = probe.value;
      figures.push(
        `${variable} ${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] (chance ${probe.chance.toFixed(3)})`,
      );
    }
    const distances = await concord.imageDistanceCorrelation(raw, after);
    const sets = await concord.compareImageSets(elsewhere(after, target), real, { features });
    figures.push(
      `distance r ${JSON.stringify(distances.mean ?? distances)}`,
      `FID ${sets.frechet.toFixed(3)} KID ${sets.kernel.toFixed(4)}`,
    );
    console.log(`${name.padEnd(20)} ${figures.join('  ')}`);
  }
}

function rowsWhere(cohort: ImageCohort, wanted: (row: number) => boolean): ImageCohort {
  return concord.takeSubjects(cohort, [...cohort.participants.ids.keys()].filter(wanted));
}

function ofSite(cohort: ImageCohort, site: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.sites[at] === site);
}

function elsewhere(cohort: ImageCohort, site: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.sites[at] !== site);
}

function runOf(cohort: ImageCohort, run: string): ImageCohort {
  return rowsWhere(cohort, (at) => cohort.participants.ids[at].includes(`_run-${run}`));
}

function firstPeople(cohort: ImageCohort, count: number): ImageCohort {
  const some = new Set([...new Set(cohort.subjects)].slice(0, count));
  return rowsWhere(cohort, (at) => some.has(cohort.subjects[at]));
}

/** The data range that errors are measured on: the 99.5th percentile of the brain at the target. */
function brightAt(cohort: ImageCohort, site: string): number {
  const values = ofSite(cohort, site)
    .images.data.filter((value) => value !== 0)
    .sort();
  return values[Math.floor(0.995 * values.length)];
}

void main();
