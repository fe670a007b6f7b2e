// A DDAE or MURD on real brains: npm run study:brains -- BIDS_FOLDER [ddae | murd] [steps] [folder for pictures and run]
// Trains on the slices of a dataset, harmonizes them, and says what can be said without traveling subjects.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import * as concord from 'concord-mri';
import type { ImageCohort } from 'concord-mri';

/** A model trained on the slices, and how it harmonizes them to a target site. */
interface Learned {
  readonly model: concord.DdaeModel | concord.MurdModel;
  readonly apply: (images: ImageCohort, target: string) => Promise<ImageCohort>;
}

async function main(): Promise<void> {
  const [source, kind = 'ddae', steps = '2500', into = `.cache/${kind}-brains`] = process.argv.slice(2);
  if (source === undefined || !['ddae', 'murd'].includes(kind)) {
    throw new Error('npm run study:brains -- BIDS_FOLDER [ddae | murd] [steps] [folder]');
  }
  const folder = resolve(into);
  mkdirSync(folder, { recursive: true });
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const scans = concord.preprocess(await concord.loadBids(source), [
    concord.steps.resample({ spacing: 3 }),
    concord.steps.applyMask(),
  ]);
  const at = { count: 8, from: 0.3, to: 0.8 };
  const raw = await concord.toImages(scans, { plane: 'axial', at, size: 64, center: 'mask', fill: 0 });
  const watch: concord.TrainOptions = {
    steps: Number(steps),
    batchSize: kind === 'ddae' ? 32 : 8,
    seed: 1,
    checkpoints: concord.networks.checkpointFolder(resolve(folder, 'run')),
    onPoint: ({ step, seconds, values }) => {
      if (values['validation'] === undefined) return;
      console.log(`${step} ${seconds.toFixed(0)} s  validation ${values['validation'].toFixed(4)}`);
    },
  };
  const { model, apply } = kind === 'ddae' ? await learnDdae(raw, watch) : await learnMurd(raw, watch);
  for (const { message } of model.issues) console.log(message);
  await concord.saveModel(model, resolve(folder, 'model'), { overwrite: true });
  const heldOut = new Set(model.heldOut);
  if (model.kind === 'ddae') {
    for (const [who, rows] of [
      ['learned from', rowsWhere(raw, (id) => !heldOut.has(id))],
      ['held out', rowsWhere(raw, (id) => heldOut.has(id))],
    ] as const) {
      await identity(model, concord.takeSubjects(raw, rows), who);
    }
  }
  const target = model.sites[0];
  const method = concord.intensityHarmonizer('nyul', { kind: 'images' });
  const made: Record<string, ImageCohort> = {
    raw,
    Nyúl: await method.apply(await method.fit(raw), raw, { target }),
    [kind.toUpperCase()]: await apply(raw, target),
  };
  const few = model.sites.flatMap((site) =>
    rowsWhere(raw, (id, row) => heldOut.has(id) && raw.participants.sites[row] === site).slice(0, 2),
  );
  for (const [name, images] of Object.entries(made)) {
    await concord.writePicture(
      concord.montage(concord.takeSubjects(images, few), { windowing: 'each', contour: false, title: name }),
      resolve(folder, `${name}.png`),
      { overwrite: true },
    );
  }
  const audit = await concord.auditImages(raw, made[kind.toUpperCase()], {
    method: kind.toUpperCase(),
    target,
    baselines: ['nyul'],
    steps: 300,
  });
  console.log(concord.formatAudit(audit));
}

async function learnDdae(raw: ImageCohort, options: concord.TrainOptions): Promise<Learned> {
  const model = await concord.fitDdae(raw, { ...options, size: 'small', heldOut: 0.2 });
  return { model, apply: (images, target) => concord.harmonizeDdae(model, images, { target }) };
}

/** Starts from the model of digital brains, because real ones are few. */
async function learnMurd(raw: ImageCohort, options: concord.TrainOptions): Promise<Learned> {
  const model = await concord.fitMurd(raw, {
    ...options,
    size: 'small',
    heldOut: 0.2,
    startFrom: await concord.loadModel(resolve('fixtures/murd-small'), 'murd'),
    weights: { contentConsistency: 2, styleConsistency: 1, gradients: 5 },
    diversityUntil: 0.1,
  });
  return { model, apply: (images, site) => concord.murd.translate(model, images, { site }) };
}

/** How well images are reconstructed when nothing is changed. */
async function identity(model: concord.DdaeModel, cohort: ImageCohort, who: string): Promise<void> {
  const back = await concord.ddae.decode(model, await concord.ddae.encode(model, cohort));
  const { data } = cohort.images;
  const inside = data.reduce((count, value) => count + Number(value !== 0), 0);
  const bright = data.filter((value) => value !== 0).sort();
  const range = bright[Math.floor(0.995 * bright.length)];
  const squares = data.reduce(
    (sum, value, i) => sum + (value === 0 ? 0 : (value - back.images.data[i]) ** 2),
    0,
  );
  const psnr = 20 * Math.log10(range / Math.sqrt(squares / inside));
  console.log(
    `encoded and decoded at the own site, ${cohort.subjects.length} ${who}: PSNR ${psnr.toFixed(1)} dB`,
  );
}

function rowsWhere(cohort: ImageCohort, wanted: (id: string, row: number) => boolean): number[] {
  return cohort.participants.ids.flatMap((id, row) => (wanted(id, row) ? [row] : []));
}

void main();
