// Judges the models that ship and know the three vendors' scanners on persons whom they have never seen, against the truth:
// npm run study:shipped [-- PERSONS [NAME=FOLDER …]]
// Folders are those of models to be judged before they ship: cvae=.cache/cvae-small/model
import { parseArgs } from 'node:util';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { geometry, travelingPhantoms } from '../murd/phantoms';
import { againstTruth } from '../study/against-truth';
import { runOf } from '../study/cohorts';
import { baselines } from '../study/intensity-baselines';
import type { Method } from '../study/intensity-baselines';

/** The networks that know these scanners, by their own functions. */
const applied: Readonly<Record<string, (folder?: string) => Promise<Method>>> = {
  murd: async (folder) => {
    const model = await modelOf('murd', folder);
    return (cohort, site) => concord.murd.translate(model, cohort, { site });
  },
  cvae: async (folder) => {
    const model = await modelOf('cvae', folder);
    return (cohort, site) => concord.baselines.applyCvae(model, cohort, { site });
  },
  cyclegan: async (folder) => {
    const model = await modelOf('cyclegan', folder);
    return (cohort, site) => concord.baselines.applyCyclegan(model, cohort, { site });
  },
  'style-gan': async (folder) => {
    const model = await modelOf('style-gan', folder);
    return (cohort, site) => concord.baselines.applyStargan(model, cohort, { site });
  },
};

function modelOf<Kind extends 'murd' | 'cvae' | 'cyclegan' | 'style-gan'>(
  kind: Kind,
  folder?: string,
): Promise<concord.ModelOf<Kind>> {
  return folder === undefined ? concord.loadShippedModel(kind) : concord.loadModel(folder, kind);
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [persons = '8', ...given] = positionals;
  const folders = new Map(given.map((one) => one.split('=') as [string, string]));
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const { cohort: truth } = await travelingPhantoms(Number(persons));
  const raw: ImageCohort = runOf(truth, '1');
  const networks: [string, Method][] = [];
  for (const [name, load] of Object.entries(applied)) networks.push([name, await load(folders.get(name))]);
  // Curves of intensities need no more persons than these.
  const { cohort: others } = await concord.simulateSlices({ ...geometry, subjects: 40, seed: 301 });
  const methods = { ...baselines(others), ...Object.fromEntries(networks) };
  const { sites } = truth.participants;
  await againstTruth(methods, { raw, truth, sites: [...new Set(sites)], each: Object.keys(methods) });
}

void main();
