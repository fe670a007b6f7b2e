import assert from 'node:assert/strict';
import type { ImageCohort, VolumeCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';
import { realSlices, rescannedBrains } from '../../scripts/study/methods/brain-slices';
import { commonMask } from '../../scripts/study/methods/common-mask';
import { grounds } from '../../scripts/study/methods/grounds';
import { csvTable, markdownTable } from '../../scripts/study/methods/study-table';
import type { StudyStep } from '../../scripts/study/methods/study-types';
import { temporaryFolder } from '../support/temporary-folder';

const scanners = concord.phantoms
  .scannerPreset('seven-site')
  .filter(({ site }) => ['siteA', 'siteC', 'siteE'].includes(site));
/** Voxels of a millimeter. */
const scanAffine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

const size = { spacing: 8, size: 24, count: 2 } as const;

/** Four persons at each of three sites, brain-masked, on one coarse grid; those of the first have a diagnosis. */
async function brains(): Promise<VolumeCohort> {
  const spacing = 8;
  const shape = [24, 28, 24] as const;
  const { cohort } = concord.simulateVolumeCohort({
    scanners,
    subjects: 4,
    shape,
    spacing,
    seed: 3,
    masked: true,
  });
  const { ids, sites, persons, covariates } = cohort.participants;
  const labels = sites.map((site, row) =>
    site !== 'siteA' ? 'healthy' : row % 2 === 0 ? 'control' : 'depression',
  );
  const group = concord.categorical('group', labels);
  const participants = concord.makeParticipants(ids, sites, [...covariates, group], { persons });
  // Opened once, because each is simulated when it is.
  const volumes: concord.Volume[] = [];
  await concord.streamVolumes(cohort, (volume) => void volumes.push(volume));
  const scans = cohort.scans.map((scan, row) => ({ ...scan, open: () => Promise.resolve(volumes[row]) }));
  return concord.makeVolumeCohort(participants, scans);
}

/** The mask of each scan, as text. */
function masksOf({ images, participants }: ImageCohort): readonly string[] {
  const perScan = (images.mask?.length ?? 0) / participants.ids.length;
  return participants.ids.map((_, row) =>
    Buffer.from(images.mask?.subarray(row * perScan, (row + 1) * perScan) ?? []).toString('hex'),
  );
}

describe('the grounds of the study of methods', () => {
  let scans: VolumeCohort;
  before(async () => (scans = await brains()));
  const folder = temporaryFolder();

  it('have one mask of real brains: what is in all, holes filled, less two millimeters', async () => {
    const shape = [12, 12, 12] as const;
    const inBox = (i: number, from: number, to: number): boolean =>
      [i % 12, Math.floor(i / 12) % 12, Math.floor(i / 144)].every((at) => at >= from && at <= to);
    const voxels = Array.from({ length: 12 ** 3 }, (_, i) => i);
    const hole = 6 + 12 * 6 + 144 * 6;
    const boxes = [
      voxels.map((i) => Number(i !== hole && inBox(i, 0, 10))),
      voxels.map((i) => Number(inBox(i, 1, 11))),
    ].map((values) => concord.makeVolume(Float32Array.from(values), { shape, affine: scanAffine }));
    const cohort = concord.makeVolumeCohort(
      concord.makeParticipants(['a', 'b'], ['A', 'B']),
      boxes.map((volume, row) => {
        const id = 'ab'[row];
        return { id, subject: id, open: () => Promise.resolve(volume) };
      }),
    );
    const { data, mask } = await commonMask(cohort);
    // The boxes have 1 … 10 in common; what is at most 2 mm from its outside is taken away.
    assert.deepEqual(
      voxels.filter((i) => data[i] !== 0),
      voxels.filter((i) => inBox(i, 3, 8)),
    );
    assert.deepEqual([...data], [...(mask ?? [])]);
  });

  it('cut real scans alike, at one scale, and keep the diagnosis of those who have one', async () => {
    const slices = await realSlices(scans, size);
    assert.deepEqual(slices.images.shape, [24, 24, 24, 1]);
    assert.equal(new Set(masksOf(slices)).size, 1);
    const { data, mask } = slices.images;
    const perScan = data.length / 12;
    for (let row = 0; row < 12; row++) {
      const own = data.subarray(row * perScan, (row + 1) * perScan);
      const inside = own.filter((_, i) => mask?.[i] !== 0).sort();
      assert.equal(inside[Math.floor(0.995 * (inside.length - 1))], 1);
      assert.ok(own.every((value, i) => mask?.[i] !== 0 || value === 0));
    }
    const known = slices.participants.covariates.map(({ name }) => name);
    assert.deepEqual(known, ['age', 'sex', 'depression']);
    const diagnosis = concord.covariateNamed(slices, 'depression');
    assert.deepEqual(diagnosis.kind === 'categorical' ? [diagnosis.levels, [...diagnosis.codes]] : [], [
      ['control', 'depression'],
      [0, 1, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1],
    ]);
  });

  it('rescan the tissue of real brains: others travel than those who are learned from', async () => {
    const { training, travelers } = await rescannedBrains(scans, scanners, { ...size, every: 4 });
    const learned = new Set(training.participants.persons);
    assert.equal(learned.size, training.participants.ids.length);
    assert.ok(travelers.participants.persons.every((person) => !learned.has(person)));
    assert.equal(learned.size + new Set(travelers.participants.persons).size, 12);
    for (const person of new Set(travelers.participants.persons)) {
      const own = travelers.participants.sites.filter(
        (_, row) => travelers.participants.persons[row] === person,
      );
      assert.deepEqual(own, ['siteA', 'siteA', 'siteC', 'siteC', 'siteE', 'siteE']);
    }
    assert.deepEqual([...new Set(training.participants.sites)].sort(), ['siteA', 'siteC', 'siteE']);
    assert.equal(new Set([...masksOf(training), ...masksOf(travelers)]).size, 1);
    // The same person looks another way at another scanner, and nearly the same at the same one.
    const { data } = travelers.images;
    const perScan = data.length / travelers.participants.ids.length;
    const apart = (one: number, other: number): number =>
      Array.from({ length: perScan }, (_, i) =>
        Math.abs(data[one * perScan + i] - data[other * perScan + i]),
      ).reduce((sum, value) => sum + value, 0);
    assert.ok(apart(0, 2) > 2 * apart(0, 1));
  });

  it('hold out every real person once, each by what others have taught', async () => {
    await concord.writeBids(scans, folder.path('bids'), { pipelineName: 'brains' });
    const making = { quick: true, data: folder.path('bids'), folder: folder.path('real') };
    const ground = await grounds['real'](making);
    const { judged, parts } = ground;
    assert.equal(judged.participants.ids.length, 12);
    const held = parts.flatMap((part) => [...part.judged]);
    assert.deepEqual([...held].sort(), [...judged.participants.ids].sort());
    for (const { training, judged: own } of parts) {
      assert.ok(training.participants.ids.every((id) => !own.has(id)));
      assert.equal(training.participants.ids.length + own.size, 12);
      assert.deepEqual([...new Set(training.participants.sites)].sort(), ['siteA', 'siteC', 'siteE']);
    }
    assert.match(ground.leftOut[0], /^MAE.*nobody was scanned at two sites/);
    // As kept, though the data are gone.
    const again = await grounds['real']({ ...making, data: folder.path('gone') });
    assert.deepEqual(again.judged.images.data, judged.images.data);
    const elsewhere = { ...making, folder: folder.path('other'), data: folder.path('gone') };
    await assert.rejects(grounds['real'](elsewhere), /missing data.*--data/);
  });
});

describe('the table of the study of methods', () => {
  const row = {
    id: 'truth/mae',
    question: 'truth' as const,
    name: 'scans with the person’s own at A',
    quantity: 'mean absolute error',
    bounds: {},
    direction: 'lower' as const,
    share: true,
    drawn: true,
    floor: { label: 'of a second scan there', value: 0.02 },
    raw: { estimate: 0.2, interval: { low: 0.1, high: 0.3, estimate: 0.2, level: 0.95 } },
    values: { nyul: { estimate: 0.1, protocol: 'held-out' as const } },
    standing: {},
    inconclusive: {},
    best: [],
  };
  const step: StudyStep = {
    ground: 'real',
    about: 'Somebody.',
    leftOut: ['depression AUC: nobody here has a diagnosis'],
    method: 'nyul',
    seed: 1,
    backend: 'cpu, a processor',
    trainings: 3,
    plan: { minutes: 6, size: 'small', steps: 70, secondsPerStep: 5, batchSize: 4 },
    learningSeconds: 1050,
    secondsPerSlice: 0.5,
    comparison: {
      rows: [row],
      issues: [],
      evaluated: '2 slices',
      persons: 2,
      notes: ['a note'],
      sites: [
        { name: 'A', subjects: 1, persons: 1 },
        { name: 'B', subjects: 1, persons: 1 },
      ],
      target: 'A',
    },
    extra: [
      {
        id: 'image/sharpness',
        name: 'sharpness',
        quantity: 'a, b',
        raw: { estimate: 3 },
        value: { estimate: NaN },
      },
    ],
  };

  it('has a column only for figures that there are, and what to hold them against', () => {
    const lines = markdownTable('real', [step]).split('\n');
    assert.deepEqual(lines.slice(4, 8), [
      '| method | seed | steps | batch | learning, s | parameters | s per slice | MAE | sharpness |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| raw |  |  |  |  |  |  | 0.200 [0.100, 0.300] | 3.00 |',
      '| nyul | 1 | 3 × 70 | 4 | 1050 |  | 0.5000 | 0.100 | – |',
    ]);
    assert.match(
      lines[2],
      /^Somebody\. 2 slices of 2 persons .* 6 min of training .* for each of 3 folds, size small/,
    );
    for (const wanted of [
      '- site from the mask alone: 0.500, by chance, as all scans are compared in one mask',
      '- MAE: 0.0200 of a second scan there',
      '- a note',
      '- depression AUC: nobody here has a diagnosis',
    ]) {
      assert.ok(lines.includes(wanted), wanted);
    }
  });

  it('has every figure once in the CSV, raw scans once for all methods', () => {
    const lines = csvTable([
      step,
      { ...step, method: 'z-score', comparison: { ...step.comparison, rows: [] } },
    ]);
    assert.deepEqual(lines.trim().split('\n'), [
      'ground,method,seed,minutes,steps,figure,quantity,unit,estimate,low,high',
      'real,raw,1,,,truth/mae,mean absolute error,,0.2,0.1,0.3',
      'real,nyul,1,6,70,truth/mae,mean absolute error,,0.1,,',
      'real,raw,1,,,image/sharpness,"a, b",,3,,',
      'real,nyul,1,6,70,image/sharpness,"a, b",,NaN,,',
      'real,z-score,1,6,70,image/sharpness,"a, b",,NaN,,',
      'real,nyul,1,6,70,cost/learning,time,s,1050,,',
      'real,nyul,1,6,70,cost/slice,time,s,0.5,,',
      'real,z-score,1,6,70,cost/learning,time,s,1050,,',
      'real,z-score,1,6,70,cost/slice,time,s,0.5,,',
    ]);
  });
});
