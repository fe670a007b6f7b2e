import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { AffineRegistration } from '../../../sdk/data/images/affine-registration';
import type { ImageCohort, VolumeCohort } from '../../../sdk/data/cohort';
import { provenanceStep } from '../../../sdk/data/provenance';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { loadRegistration, saveRegistration } from '../../../sdk/io/files/registration-file';
import { loadImages } from '../../../sdk/io/images/load-images';
import { saveImages } from '../../../sdk/io/images/save-images';
import { readDoubles, readSafetensors, writeSafetensors } from '../../../sdk/io/networks/safetensors-file';
import { loadAnyModel, saveModel } from '../../../sdk/methods/save-model';
import { niftiBytes } from '../../../test/support/nifti-bytes';
import { smallCohort } from '../../../test/support/small-cohort';
import { travelingImages } from '../../../test/support/traveling-images';
import type { FuzzedFormat, FuzzSeed } from '../fuzzed-format';
import { filesOf, oneFile } from './one-file';

const affine = makeAffine([1, 1, 2]);
const registration: AffineRegistration = {
  kind: 'affine-registration',
  transform: 'rigid',
  matrix: makeAffine([1, 1, 1], [3, -2, 1]),
  movingGrid: { shape: [8, 9, 7], affine },
  fixedGrid: { shape: [9, 9, 9], affine },
  spaces: { moving: 1, fixed: 4 },
  metric: { name: 'normalized mutual information', before: 1.1, after: 1.3 },
  provenance: [provenanceStep('registerAffine', { transform: 'rigid' }, 1)],
};

async function imageSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const images = travelingImages([
    { subject: 'p', site: 'A' },
    { subject: 'q', site: 'B', offset: 1 },
  ]);
  await saveImages(images, join(folder, 'images'));
  return filesOf(join(folder, 'images'), [
    'images.json',
    'images.json',
    'images.json',
    'images.npy',
    'mask.npy',
  ]);
}

/** Models as they were written before they had a seal, so that alterations come to be looked at. */
async function modelSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'model.json');
  await saveModel(await fitCombat(smallCohort({ sizes: { A: 6, B: 5 }, features: 3 })), path);
  const { format, formatVersion, concord, sha256, ...contents } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Record<string, unknown>;
  if ([format, formatVersion, concord, sha256].includes(undefined)) throw new Error('a model without a seal');
  return [
    oneFile('model.json', readFileSync(path)),
    ...[1, 2, 3].map(() => oneFile('old.json', JSON.stringify(contents))),
  ];
}

async function safetensorsSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const table = new Map([
    ['a.kernel', { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => i / 7) }],
    ['b', { shape: [], data: Float32Array.of(2) }],
  ]);
  await writeSafetensors(join(folder, 'single.safetensors'), table, { made: 'for a test' });
  const doubles = new Map([['means', { shape: [5], data: Float64Array.of(1, 2, 3, 4, 5) }]]);
  await writeSafetensors(join(folder, 'doubles.safetensors'), doubles);
  const torch = resolve(__dirname, '../../../fixtures/nn/torch-weights.safetensors');
  return [
    ...['single.safetensors', 'doubles.safetensors'].map((name) =>
      oneFile(name, readFileSync(join(folder, name))),
    ),
    oneFile('torch.safetensors', readFileSync(torch)),
  ];
}

function bidsSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  const root = join(folder, 'bids');
  const write = (name: string, contents: string | Uint8Array): void => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), contents);
  };
  write(
    'dataset_description.json',
    JSON.stringify({ Name: 'made for a test', BIDSVersion: '1.9.0', License: 'CC0' }),
  );
  write('participants.tsv', 'participant_id\tsite\tage\tsex\nsub-01\tA\t30\tF\nsub-02\tB\t41\tM\n');
  write(
    'participants.json',
    JSON.stringify({ age: { Units: 'years' }, sex: { Levels: { F: 'female', M: 'male' } } }),
  );
  write('T1w.json', JSON.stringify({ Manufacturer: 'Siemens', MagneticFieldStrength: 3 }));
  for (const subject of ['sub-01', 'sub-02']) {
    write(`${subject}/anat/${subject}_T1w.nii`, niftiBytes());
    write(
      `${subject}/anat/${subject}_T1w.json`,
      JSON.stringify({ Manufacturer: 'Siemens', ManufacturersModelName: 'Prisma', DeviceSerialNumber: '42' }),
    );
  }
  return Promise.resolve(
    filesOf(root, [
      'dataset_description.json',
      'participants.json',
      'T1w.json',
      'sub-01/anat/sub-01_T1w.json',
    ]),
  );
}

function notImages({ images, participants }: ImageCohort): string | undefined {
  const { data, shape, slices } = images;
  if (data.length !== shape.reduce((product, size) => product * size, 1)) return `${data.length} pixels`;
  if (slices.length !== shape[0]) return `${slices.length} slices`;
  const known = new Set(participants.ids);
  const odd = slices.find(
    ({ scan, position, index }) => !known.has(scan) || !Number.isFinite(position) || !Number.isInteger(index),
  );
  return odd === undefined ? undefined : `the slice ${JSON.stringify(odd)}`;
}

function notARegistration({ matrix, movingGrid, fixedGrid, metric }: AffineRegistration): string | undefined {
  const numbers = [
    ...matrix,
    ...movingGrid.shape,
    ...movingGrid.affine,
    ...fixedGrid.shape,
    ...fixedGrid.affine,
  ];
  if (numbers.length !== 54 || !numbers.every(Number.isFinite)) return `the numbers ${numbers.join(' ')}`;
  return Number.isFinite(metric.after) ? undefined : 'the metric';
}

function notADataset({ scans, participants }: VolumeCohort): string | undefined {
  if (scans.length !== participants.ids.length) return `${scans.length} scans`;
  return participants.sites.every((site) => typeof site === 'string' && site !== '')
    ? undefined
    : 'a site without a name';
}

/** Records, models and weights. */
export const recordFormats: readonly FuzzedFormat[] = [
  {
    name: 'registration',
    kind: 'json',
    seeds: async (folder) => {
      mkdirSync(folder, { recursive: true });
      await saveRegistration(registration, join(folder, 'registration.json'));
      return [oneFile('registration.json', readFileSync(join(folder, 'registration.json')))];
    },
    read: loadRegistration,
    nonsense: notARegistration,
  },
  { name: 'images', kind: 'json', seeds: imageSeeds, read: loadImages, nonsense: notImages },
  { name: 'model', kind: 'json', seeds: modelSeeds, read: loadAnyModel, nonsense: () => undefined },
  {
    name: 'safetensors',
    kind: 'bytes',
    seeds: safetensorsSeeds,
    read: (path) => (path.includes('doubles') ? readDoubles(path) : readSafetensors(path)),
    nonsense: ({ table }: Awaited<ReturnType<typeof readSafetensors>>) =>
      [...table.values()].every(
        ({ shape, data }) => data.length === shape.reduce((all, size) => all * size, 1),
      )
        ? undefined
        : 'an array of another size than its shape',
  },
  { name: 'bids', kind: 'json', seeds: bidsSeeds, read: (path) => loadBids(path), nonsense: notADataset },
];
