import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import { intensityHarmonizer } from '../../../sdk/baselines/intensity-harmonizer';
import { makeVolumeCohort, takeSubjects } from '../../../sdk/data/cohort';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { compareTravelers } from '../../../sdk/evaluate/images/compare-travelers';
import { imageDistanceCorrelation } from '../../../sdk/evaluate/images/image-distance-correlation';
import { regionMeans } from '../../../sdk/evaluate/images/region-means';
import { siteDistances } from '../../../sdk/evaluate/images/site-distances';
import { siteDataRange } from '../../../sdk/evaluate/images/site-data-range';
import { siteReliability } from '../../../sdk/evaluate/images/site-reliability';
import { travelerTable } from '../../../sdk/evaluate/images/traveler-table';
import { travelingImages } from '../../support/traveling-images';

const people = ['p', 'q', 'r', 's'];
const cohort = travelingImages(
  people.flatMap((subject) => [
    { subject, site: 'A' },
    { subject, site: 'B', offset: 0.25 },
    { subject, site: 'C', gain: 1.5 },
  ]),
);

function near(actual: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);
}

describe('traveling subjects', () => {
  it('are compared with their own scans at the target', async () => {
    const { sites, mean, scans, floor } = await compareTravelers(cohort, cohort, {
      target: 'A',
      dataRange: 1,
    });
    assert.equal(floor, undefined);
    near(mean.mae, (sites[0].mae + sites[1].mae) / 2, 1e-12);
    assert.deepEqual(
      sites.map(({ site, scans: count }) => [site, count]),
      [
        ['B', 4],
        ['C', 4],
      ],
    );
    assert.equal(scans.length, 8);
    // A constant offset is all that site B does: error and PSNR are its own, and the edges are the same.
    near(sites[0].mae, 0.25);
    near(sites[0].psnr, -20 * Math.log10(0.25), 1e-5);
    near(sites[0].gradientCorrelation, 1);
    near(sites[1].gradientCorrelation, 1);
    assert.ok(sites[0].ssim < 1 && sites[0].msSsim < 1);
  });

  it('reach perfection when the truth comes back, and know the floor of a scan that is repeated', async () => {
    const noisy = travelingImages([
      { subject: 'p', site: 'A' },
      { subject: 'p', site: 'A', offset: 0.01 },
      { subject: 'p', site: 'B', offset: 0.3 },
    ]);
    const undone = travelingImages([
      { subject: 'p', site: 'A' },
      { subject: 'p', site: 'A', offset: 0.01 },
      { subject: 'p', site: 'B' },
    ]);
    const { sites, floor } = await compareTravelers(undone, noisy, { target: 'A', dataRange: 1 });
    assert.equal(sites[0].mae, 0);
    near(sites[0].ssim, 1);
    near(floor?.mae ?? NaN, 0.01, 1e-6);
  });

  it('are a table of several methods, with the floor first where there is one', async () => {
    const scans = (offset: number): ReturnType<typeof travelingImages> =>
      travelingImages([
        { subject: 'p', site: 'A' },
        { subject: 'p', site: 'A', offset: 0.01 },
        { subject: 'p', site: 'B', offset },
      ]);
    const raw = scans(0.3);
    const table = await travelerTable({ raw, perfect: scans(0), half: scans(0.15) }, raw, { target: 'A' });
    assert.deepEqual(
      table.map(({ images }) => images),
      ['A, scanned again', 'raw', 'perfect', 'half'],
    );
    // A constant offset is all that is wrong: its share of the range at A, in percent.
    const range = siteDataRange(raw, 'A');
    [0.01, 0.3, 0, 0.15].forEach((offset, row) =>
      near(table[row]['MAE, % of range'], (100 * offset) / range, 1e-4),
    );
    near(table[1]['PSNR, dB'], 20 * Math.log10(range / 0.3), 1e-4);
    near(table[1]['edges, r'], 1);
    assert.deepEqual([table[2].SSIM, table[2]['MS-SSIM']], [1, 1]);
    assert.equal((await travelerTable({ raw: cohort }, cohort, { target: 'B' })).length, 1);
  });

  it('may be volumes, of which a broken one is left out', async () => {
    const ids = ['p_A', 'p_B', 'q_A', 'q_B'];
    const sites = ['A', 'B', 'A', 'B'];
    const scans = ids.map((id, row) => ({
      id,
      subject: id[0],
      open: () => {
        if (id === 'q_B') return Promise.reject(new ConcordError('malformed-image', 'truncated: q_B.nii'));
        const data = Float32Array.from({ length: 24 ** 3 }, (_, i) => Math.sin(i) + (row === 1 ? 0.5 : 0));
        return Promise.resolve(makeVolume(data, { shape: [24, 24, 24], affine: makeAffine([2, 2, 2]) }));
      },
    }));
    const volumes = makeVolumeCohort(makeParticipants(ids, sites), scans);
    const found = await compareTravelers(volumes, volumes, { target: 'A', dataRange: 2 });
    near(found.sites[0].mae, 0.5);
    assert.equal(found.sites[0].scans, 1);
    assert.deepEqual(
      found.issues.map(({ code, where }) => [code, where.subject]),
      [['unusable-scan', 'q_B']],
    );
  });

  it('are compared only where their slices lie on the same grid', async () => {
    const one = travelingImages([
      { subject: 'p', site: 'A' },
      { subject: 'p', site: 'B' },
    ]);
    const moved = one.images.slices.map((slice, i) =>
      i < 2 ? slice : { ...slice, grid: { ...slice.grid, affine: makeAffine([1, 1, 1], [0, 0, 40]) } },
    );
    const apart = { ...one, images: { ...one.images, slices: moved } };
    await assert.rejects(
      compareTravelers(apart, apart, { target: 'A', dataRange: 1 }),
      /no traveling subject to compare with A: p_B_1 shows no place/,
    );
    // The trace of rounding that a file leaves is not another place.
    const rounded = one.images.slices.map((slice, i) =>
      i < 2 ? slice : { ...slice, grid: { ...slice.grid, affine: makeAffine([1, 1, 1], [-1e-9, 0, 0]) } },
    );
    const same = { ...one, images: { ...one.images, slices: rounded } };
    const found = await compareTravelers(same, same, { target: 'A', dataRange: 1 });
    assert.equal(found.scans.length, 1);
  });

  it('go on when an intensity is not a number, and name the scan', async () => {
    const clean = travelingImages([
      { subject: 'p', site: 'A' },
      { subject: 'p', site: 'B' },
      { subject: 'q', site: 'A' },
      { subject: 'q', site: 'B' },
    ]);
    const data = Float32Array.from(clean.images.data);
    data[2 * 26 * 24 + 13 * 24 + 12] = NaN;
    const spoilt = { ...clean, images: { ...clean.images, data } };
    const found = await compareTravelers(spoilt, spoilt, { target: 'A', dataRange: 1 });
    assert.deepEqual(
      [found.scans.map(({ scan }) => scan), found.issues.map(({ where }) => where.subject)],
      [['q_B_3'], ['p_B_1']],
    );
  });

  it('are never mixed with scans of another kind', async () => {
    const mixed = { ...cohort, suffixes: cohort.subjects.map((_, row) => (row % 2 === 0 ? 'T1w' : 'T2w')) };
    const work = [
      compareTravelers(mixed, mixed, { target: 'A', dataRange: 1 }),
      siteDistances(mixed, { target: 'A' }),
      intensityHarmonizer('z-score', { kind: 'images' }).fit(mixed),
    ];
    for (const one of work) await assert.rejects(one, /cannot mix T1w and T2w scans/);
    const t1 = takeSubjects(mixed, [0, 2, 4]);
    assert.deepEqual(t1.suffixes, ['T1w', 'T1w', 'T1w']);
    assert.equal((await siteDistances(t1, { target: 'A' })).distances.length, 2);
  });

  it('refuse what cannot be compared', async () => {
    const refuses = (work: Promise<unknown>, code: string): Promise<void> =>
      assert.rejects(work, (error) => error instanceof ConcordError && error.code === code);
    await refuses(compareTravelers(cohort, cohort, { target: 'Z', dataRange: 1 }), 'unknown-site');
    await refuses(compareTravelers(cohort, cohort, { target: 'A', dataRange: 0 }), 'invalid-option');
    const others = travelingImages([
      { subject: 'x', site: 'A' },
      { subject: 'y', site: 'B' },
    ]);
    await refuses(compareTravelers(others, others, { target: 'A', dataRange: 1 }), 'too-little-data');
  });
});

describe('regional values of traveling subjects', () => {
  it('are means over the mask or over labels', async () => {
    const ones = await regionMeans(cohort);
    assert.deepEqual(ones.features.features, ['brain']);
    near(ones.features.values[1] - ones.features.values[0], 0.25);
    const [, height, width] = cohort.images.shape;
    const labels = {
      names: ['first slice', 'nowhere'],
      of: () => Uint8Array.from({ length: 2 * height * width }, (_, i) => (i < height * width ? 1 : 0)),
    };
    const two = await regionMeans(cohort, { labels });
    const slice = cohort.images.data.subarray(0, height * width);
    near(two.features.values[0], slice.reduce((sum, value) => sum + value, 0) / slice.length);
    assert.ok(Number.isNaN(two.features.values[1]));
    const short = { names: ['x'], of: () => new Uint8Array(3) };
    await assert.rejects(
      regionMeans(cohort, { labels: short }),
      /invalid labels of p_A_0: 3 for 1248 voxels/,
    );
  });

  it('are reliable only where sites agree', async () => {
    const means = await regionMeans(cohort);
    const [raw] = siteReliability(means, cohort.subjects);
    const rows = cohort.subjects.flatMap((_, row) => (cohort.participants.sites[row] === 'C' ? [] : [row]));
    const shifted = takeSubjects(means, rows);
    const values = shifted.features.values.map((value, row) =>
      shifted.participants.sites[row] === 'B' ? value - 0.25 : value,
    );
    const undone = { ...shifted, features: { ...shifted.features, values } };
    const [fixed] = siteReliability(
      undone,
      rows.map((row) => cohort.subjects[row]),
    );
    assert.deepEqual([raw.subjects, fixed.subjects], [4, 4]);
    near(fixed.icc, 1, 1e-4);
    assert.ok(raw.icc < 0.5 && raw.cov > 0.15 && fixed.cov < 1e-5, `${raw.icc} ${raw.cov} ${fixed.cov}`);
  });
});

describe('sites compared by their intensities', () => {
  it('are as far apart as the offset between them', async () => {
    const { distances } = await siteDistances(cohort, { target: 'A' });
    assert.deepEqual(
      distances.map(({ site, tissue }) => [site, tissue]),
      [
        ['B', 'brain'],
        ['C', 'brain'],
      ],
    );
    near(distances[0].wasserstein, 0.25, 1e-5);
    assert.ok(distances[0].jensenShannon > 0.3);
    const few = await siteDistances(cohort, { target: 'A', perScan: 50 });
    near(few.distances[0].wasserstein, 0.25, 1e-5);
    await assert.rejects(siteDistances(cohort, { target: 'Z' }), /unknown target: "Z", not one of/);
  });
});

describe('distances between people', () => {
  it('correlate perfectly after a change of scale, and not after the faces are exchanged', async () => {
    const before = travelingImages(people.map((subject) => ({ subject, site: 'A' })));
    const after = {
      ...before,
      images: { ...before.images, data: before.images.data.map((value) => 3 * value + 1) },
    };
    near((await imageDistanceCorrelation(before, after)).mean, 1, 1e-9);
    const size = before.images.data.length / people.length;
    const mixed = Float32Array.from(before.images.data, (_, i) => {
      const row = Math.floor(i / size);
      return before.images.data[[1, 2, 0, 3][row] * size + (i % size)];
    });
    const exchanged = { ...before, images: { ...before.images, data: mixed } };
    assert.ok((await imageDistanceCorrelation(before, exchanged)).mean < 0.9);
    await assert.rejects(imageDistanceCorrelation(before, takeSubjects(before, [0, 1, 2])), ConcordError);
  });
});
