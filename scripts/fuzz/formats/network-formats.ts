import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { combatModelToStored } from '../../../sdk/combat/combat-model-json';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import type { JsonObject } from '../../../sdk/data/json';
import type { Tree, WeightArray } from '../../../sdk/data/networks/weights';
import type { DdaeArchitecture } from '../../../sdk/ddae/ddae-model';
import { initDdae, layOut } from '../../../sdk/ddae/network/ddae-network';
import { knownLength } from '../../../sdk/ddae/samples/known-variables';
import { writeModelFile } from '../../../sdk/io/models/model-file';
import { checkpointFolder } from '../../../sdk/io/networks/checkpoint-folder';
import { writeNetworkFolder } from '../../../sdk/io/networks/network-folder';
import { makeRandom } from '../../../sdk/math/random';
import { loadAnyModel } from '../../../sdk/methods/save-model';
import type { MurdArchitecture } from '../../../sdk/murd/murd-model';
import { initMurd } from '../../../sdk/murd/network/murd-network';
import { initAutoencoder } from '../../../sdk/nn/autoencoder/autoencoder-network';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { train } from '../../../sdk/nn/train/train';
import { flattenTree } from '../../../sdk/nn/weight-trees';
import { smallCohort } from '../../../test/support/small-cohort';
import { linePlan } from '../../../test/nn/train/training-problem';
import type { FuzzedFormat, FuzzSeed } from '../fuzzed-format';
import { filesOf } from './one-file';
import { sealAgain } from './seal-again';

type Described = JsonObject & { readonly kind: string };

/** What a network that is shipped says of itself, with so short a history that it is quickly read. */
function shipped(name: 'murd-small' | 'ddae-small'): Described {
  const path = resolve(__dirname, '../../../fixtures', name, 'model.json');
  const { format, formatVersion, concord, sha256, weights, ...model } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Record<string, JsonObject>;
  if ([format, formatVersion, concord, sha256, weights].includes(undefined as never))
    throw new Error('no network');
  const training = {
    ...model['training'],
    history: (model['training']['history'] as JsonObject[]).slice(0, 3),
  };
  return { ...model, training } as unknown as Described;
}

/** Networks of the kinds that are stored, as small as they can be. */
function networks(): readonly (readonly [Described, Tree<WeightArray>])[] {
  const murd = shipped('murd-small');
  const ddae = shipped('ddae-small');
  const small = {
    width: 2,
    halvings: 1,
    contentBlocks: 1,
    generatorBlocks: 1,
    styleWidth: 2,
    styleBlocks: 2,
    styleSize: 2,
    latentSize: 2,
    latentWidth: 4,
    latentLayers: 1,
    criticWidths: [2, 4],
    imageShape: [16, 16, 1],
  };
  const ofMurd = { ...(murd['architecture'] as object), ...small } as unknown as MurdArchitecture;
  const ofDdae = {
    ...(ddae['architecture'] as object),
    sampleShape: [16, 16, 1],
    width: 8,
    multipliers: [1, 2],
    unknownSize: 4,
    knownSize: 4,
    heads: 2,
    groups: 2,
  } as unknown as DdaeArchitecture;
  const ofAutoencoder = { imageShape: [16, 16, 1] as const, width: 4, levels: 2, codeChannels: 2 };
  const { geometry, learned, training, heldOut, provenance, issues } = murd;
  const autoencoder = {
    kind: 'autoencoder',
    architecture: ofAutoencoder,
    intensity: { center: 100, spread: 40 },
    suffix: 'T1w',
    geometry,
    learned,
    training,
    heldOut,
    provenance,
    issues,
  };
  const domains = (murd['domains'] as unknown[]).length;
  return [
    [{ ...murd, architecture: ofMurd }, initMurd(1, ofMurd, domains)],
    [
      { ...ddae, architecture: ofDdae },
      initDdae(1, layOut(ofDdae), knownLength(ddae['sites'] as unknown as string[], [])),
    ],
    [autoencoder, initAutoencoder(makeRandom(1), ofAutoencoder)],
  ];
}

async function networkSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const seeds: FuzzSeed[] = [];
  for (const [model, weights] of networks()) {
    const path = join(folder, model.kind);
    await writeNetworkFolder(path, { model, weights: flattenTree(weights) });
    seeds.push(...filesOf(path, ['model.json', 'model.json', 'model.json', 'weights.safetensors']));
  }
  return seeds;
}

/** A model of ComBat whose arrays are in a file beside it, as those of wide tables are. */
async function containerSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const model = await fitCombat(smallCohort({ sizes: { A: 6, B: 5 }, features: 3 }), { preserve: ['age'] });
  const { description, arrays } = combatModelToStored(model, 0);
  await writeModelFile(join(folder, 'model.json'), {
    description: JSON.parse(JSON.stringify(description)) as JsonObject,
    arrays,
  });
  const [one] = filesOf(folder, ['model.json'], 'model.json');
  const beside = Object.keys(one.files).find((name) => name.endsWith('.safetensors')) ?? '';
  return [one, one, { ...one, altered: beside }];
}

/** Checkpoints of a short training, of which the newest is altered, or the only one. */
async function checkpointSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  await useBackend('cpu');
  const seeds: FuzzSeed[] = [];
  for (const keep of [1, 2]) {
    const path = join(folder, String(keep));
    mkdirSync(path, { recursive: true });
    await train(linePlan(), { ...run, checkpoints: checkpointFolder(path, { keep }) });
    const names = ['state.json', 'state.json', 'state.json', 'weights.safetensors'];
    seeds.push(
      ...filesOf(
        path,
        names.map((name) => `step-00000004/${name}`),
      ),
    );
  }
  return seeds;
}

const run = { steps: 4, seed: 5, batchSize: 4, logEvery: 2, validateEvery: 2, checkpointEvery: 2 };

/** Continues the training where it was stopped, as a run does that was killed. */
async function continued(path: string): Promise<readonly number[]> {
  await useBackend('cpu');
  const { name, latest } = checkpointFolder(path);
  // Nothing is kept: only what is read is tried.
  const checkpoints = { name, latest, save: () => Promise.resolve() };
  const { record } = await train(linePlan(), { ...run, steps: 6, checkpoints });
  return [record.steps, record.seconds, ...record.history.map(({ step }) => step)];
}

/** What networks and their trainings are stored as. */
export const networkFormats: readonly FuzzedFormat[] = [
  {
    name: 'network',
    kind: 'json',
    seeds: networkSeeds,
    read: loadAnyModel,
    nonsense: () => undefined,
    reseal: sealAgain,
  },
  {
    name: 'model-container',
    kind: 'json',
    seeds: containerSeeds,
    read: loadAnyModel,
    nonsense: () => undefined,
    reseal: sealAgain,
  },
  {
    name: 'checkpoint',
    kind: 'json',
    seeds: checkpointSeeds,
    read: continued,
    reseal: sealAgain,
    nonsense: ([steps, ...others]: readonly number[]) =>
      steps === 6 && others.every(Number.isFinite) ? undefined : `after ${steps} steps: ${others.join(' ')}`,
  },
];
