import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../../sdk/data/cohort';
import { makeImageCohort, takeSubjects } from '../../../sdk/data/cohort';
import { categorical, continuous } from '../../../sdk/data/covariate';
import { makeImageSet } from '../../../sdk/data/image-set';
import type { Participants } from '../../../sdk/data/participants';
import type { ErrorCode } from '../../../sdk/errors';
import { ConcordError } from '../../../sdk/errors';
import { compareDistributions } from '../../../sdk/evaluate/images/compare-distributions';
import type { ImageProbeOptions } from '../../../sdk/evaluate/images/image-probe';
import { imageProbe } from '../../../sdk/evaluate/images/image-probe';
import { fitImageFeatures, imageFeatures } from '../../../sdk/evaluate/probes/image-features';
import { makeRandom, permutation } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { simulateSlices } from '../../../sdk/simulate/phantom/simulate-slices';

const short = { steps: 60, folds: 2, seeds: [1] } as const;

let cohort: ImageCohort;
let travelers: ImageCohort;

before(async function () {
  this.timeout(120_000);
  await useBackend();
  const geometry = { scanners: 'seven-site', size: 32, pixelSize: 6, slices: 2, seed: 4 } as const;
  cohort = (await simulateSlices({ ...geometry, subjects: 8 })).cohort;
  travelers = (await simulateSlices({ ...geometry, subjects: 4, traveling: true })).cohort;
});

/** The cohort with other participants, pixels or people. */
function changed(
  of: ImageCohort,
  change: Partial<Participants> & { data?: Float32Array; subjects?: readonly string[] },
): ImageCohort {
  const { data = of.images.data, subjects = of.subjects, ...participants } = change;
  const images = makeImageSet(data, of.images.shape, { slices: of.images.slices });
  return makeImageCohort({ ...of.participants, ...participants }, images, { subjects });
}

function rowsWhere(of: ImageCohort, wanted: (row: number) => boolean): ImageCohort {
  return takeSubjects(of, [...of.subjects.keys()].filter(wanted));
}

function shuffledSites(of: ImageCohort): ImageCohort {
  const { sites } = of.participants;
  const order = permutation(sites.length, makeRandom(9));
  return changed(of, { sites: Array.from(order, (at) => sites[at]) });
}

async function refuses(of: ImageCohort, options: ImageProbeOptions, code: ErrorCode): Promise<string> {
  const error: unknown = await imageProbe(of, { ...short, ...options }).then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConcordError)) throw error;
  assert.equal(error.code, code, error.message);
  return error.message;
}

describe('imageProbe', function () {
  this.timeout(120_000);

  it('finds the site in raw images, and not where sites were dealt out at random', async () => {
    const raw = await imageProbe(cohort, short);
    assert.equal(raw.score, 'balanced-accuracy');
    assert.equal(raw.chance, 1 / 7);
    assert.ok(raw.value.low > 0.5, `${raw.value.low}`);
    assert.deepEqual([raw.scans, raw.people, raw.fits, raw.scheme], [56, 56, 2, 'folds']);
    assert.match(raw.network, /CNN/);
    const shuffled = await imageProbe(shuffledSites(cohort), short);
    assert.ok(shuffled.value.low < 1 / 7 && shuffled.value.estimate < 0.3, `${shuffled.value.estimate}`);
  });

  it('holds out people, not scans: of travelers no person stands on both sides', async () => {
    // Every person is an own level: where nobody is on both sides, nobody can be named.
    const named = categorical('name', travelers.subjects);
    const participants = { covariates: [...travelers.participants.covariates, named] };
    const message = await refuses(changed(travelers, participants), { target: 'name' }, 'too-little-data');
    assert.match(message, /"P001": 1/);
    const site = await imageProbe(travelers, { ...short, heldOut: 0.5, folds: undefined });
    assert.deepEqual([site.people, site.scans, site.scheme], [2, 14, 'held-out']);
    assert.ok(site.value.estimate > 0.5, `${site.value.estimate}`);
  });

  it('gives the same bits for the same seed, others for another, and leaves nothing behind', async () => {
    const before = memory().numTensors;
    const options = { ...short, target: 'age', steps: 10 };
    const { seconds: _, ...one } = await imageProbe(cohort, options);
    const { seconds: __, ...again } = await imageProbe(cohort, options);
    const other = await imageProbe(cohort, { ...options, seeds: [2] });
    assert.deepEqual(one, again);
    assert.notDeepEqual(one.perSeed, other.perSeed);
    assert.equal(memory().numTensors, before);
  });

  it('finds a covariate that is in the images: a number, and two levels', async () => {
    // The mean intensity of the scan decides both.
    const size = cohort.images.data.length / cohort.subjects.length;
    const means = cohort.subjects.map(
      (_, row) =>
        cohort.images.data.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value, 0) /
        size,
    );
    const median = [...means].sort((a, b) => a - b)[28];
    const covariates = [
      continuous('brightness', means, 'au'),
      categorical(
        'bright',
        means.map((mean) => (mean >= median ? 'yes' : 'no')),
      ),
    ];
    const of = changed(cohort, { covariates });
    const number = await imageProbe(of, { ...short, target: 'brightness' });
    assert.equal(number.score, 'mean-absolute-error');
    assert.equal(number.unit, 'au');
    assert.ok(number.value.high < 0.7 * number.chance, `${number.value.high} against ${number.chance}`);
    assert.ok(
      (number.r2 ?? 0) > 0.5 && (number.correlation ?? 0) > 0.7,
      `${number.r2} ${number.correlation}`,
    );
    const levels = await imageProbe(of, { ...short, target: 'bright' });
    assert.equal(levels.score, 'area-under-curve');
    assert.equal(levels.chance, 0.5);
    assert.ok(levels.value.low > 0.8 && (levels.balancedAccuracy ?? 0) > 0.7, `${levels.value.low}`);
  });

  it('leaves out scans of which the covariate is missing, and says so', async () => {
    const ages = cohort.subjects.map((_, row) => (row < 3 ? NaN : 20 + row));
    const of = changed(cohort, { covariates: [continuous('age', ages)] });
    const found = await imageProbe(of, { ...short, steps: 2, target: 'age' });
    assert.equal(found.scans, 53);
    assert.deepEqual(
      found.issues.map(({ code }) => code),
      ['dropped-subject'],
    );
    assert.match(found.issues[0].message, /^3 of 56 scans are left out/);
  });

  it('judges other people by a probe that learnt from all of the cohort', async () => {
    const learnt = rowsWhere(cohort, (row) => row % 8 < 5);
    const test = rowsWhere(cohort, (row) => row % 8 >= 5);
    const found = await imageProbe(learnt, { steps: 60, seeds: [1, 2], test });
    assert.deepEqual([found.scheme, found.scans, found.fits, found.perSeed.length], ['test', 21, 2, 2]);
    assert.ok(found.value.estimate > 0.5, `${found.value.estimate}`);
    assert.match(await refuses(cohort, { folds: undefined, test }, 'invalid-option'), /both cohorts/);
    const elsewhere = changed(test, { sites: test.participants.sites.map((site) => `${site}-new`) });
    await refuses(learnt, { folds: undefined, test: elsewhere }, 'unknown-site');
  });

  it('refuses what it cannot judge', async () => {
    const { sites } = cohort.participants;
    await refuses(cohort, { target: 'weight' }, 'unknown-column');
    await refuses(
      rowsWhere(cohort, (row) => sites[row] === sites[0]),
      {},
      'too-little-data',
    );
    const lonely = changed(cohort, { sites: sites.map((site, row) => (row === 0 ? 'other' : site)) });
    assert.match(await refuses(lonely, {}, 'too-little-data'), /"other": 1/);
    const data = cohort.images.data.slice();
    data[5] = NaN;
    await refuses(changed(cohort, { data }), {}, 'invalid-voxels');
    const constant = continuous(
      'age',
      sites.map(() => 40),
    );
    await refuses(changed(cohort, { covariates: [constant] }), { target: 'age' }, 'too-little-data');
    for (const options of [{ folds: 1 }, { heldOut: 0.5 }, { steps: 0 }, { seeds: [] }, { seeds: [0.5] }]) {
      await refuses(cohort, options, 'invalid-option');
    }
    await refuses(cohort, { folds: undefined, heldOut: 1 }, 'invalid-option');
    await refuses(cohort, { signal: AbortSignal.abort() }, 'aborted');
  });
});

describe('compareDistributions', function () {
  this.timeout(120_000);

  it('sets another site further off than the floor, and names the network', async () => {
    const before = memory().numTensors;
    const features = await fitImageFeatures(cohort, { steps: 40 });
    const [here, there] = ['siteA', 'siteB'].map((site) =>
      rowsWhere(cohort, (row) => cohort.participants.sites[row] === site),
    );
    const found = await compareDistributions(there, here, { features });
    assert.equal(found.features, features.name);
    assert.match(found.features, /64 features of a CNN .* trained to tell site/);
    assert.deepEqual(
      [found.images, found.floor?.images],
      [
        [16, 16],
        [8, 8],
      ],
    );
    assert.ok(found.fid > 2 * (found.floor?.fid ?? NaN), `${found.fid} against ${found.floor?.fid}`);
    assert.ok(found.kid.estimate > 3 * found.kid.standardError);
    const { values, rows, columns } = await imageFeatures(features, here);
    assert.deepEqual([values.length, rows, columns], [16 * 64, 16, 64]);
    const alone = rowsWhere(here, (row) => row === 0);
    assert.equal((await compareDistributions(there, alone, { features })).floor, undefined);
    assert.equal(memory().numTensors, before);
  });
});
