import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';
import { makeRandom, permutation } from '../../sdk/math/random';

/** Slices of two scanners whose contrast differs, on one scale, 32 × 32. */
async function phantoms(): Promise<ImageCohort> {
  const scanners = concord.phantoms
    .scannerPreset('seven-site')
    .filter(({ site }) => 'siteA siteE'.includes(site));
  const { cohort } = await concord.simulateSlices({
    scanners,
    subjects: 16,
    slices: 2,
    size: 32,
    pixelSize: 6,
  });
  const method = concord.intensityHarmonizer('z-score', { kind: 'images' });
  return method.apply(await method.fit(cohort), cohort);
}

describe('probes of images', () => {
  const options = { folds: 2, seeds: [1], steps: 60 };
  let cohort: ImageCohort;
  before(async () => {
    await concord.useBackend();
    cohort = await phantoms();
  });

  it('finds the site where it is, and not where the names are dealt at random', async function () {
    const tensors = memory().numTensors;
    const found = await concord.metrics.imageProbe(cohort, options);
    assert.equal(memory().numTensors, tensors);
    assert.equal(found.score, 'area-under-curve');
    assert.ok(found.value.estimate > 0.9, `${found.value.estimate}`);
    assert.ok(found.value.low <= found.value.estimate && found.value.estimate <= found.value.high);
    const short = { ...options, steps: 4 };
    assert.deepEqual(
      await concord.metrics.imageProbe(cohort, short),
      await concord.metrics.imageProbe(cohort, short),
    );
    const order = permutation(cohort.participants.ids.length, makeRandom(2));
    const sites = Array.from(order, (row) => cohort.participants.sites[row]);
    const dealt = { ...cohort, participants: { ...cohort.participants, sites } };
    const chance = await concord.metrics.imageProbe(dealt, options);
    assert.ok(
      Math.abs(chance.value.estimate - 0.5) < 0.35 && chance.value.estimate < found.value.estimate - 0.1,
    );
  });

  it('asks for numbers too, beside what always saying the mean scores', async function () {
    const age = await concord.metrics.imageProbe(cohort, { ...options, target: 'age', steps: 20 });
    assert.equal(age.score, 'mean-absolute-error');
    assert.ok(age.chance > 5 && Number.isFinite(age.correlation));
  });

  it('refuses what cannot be probed', async () => {
    const alone = concord.takeSubjects(cohort, [0, 1]);
    await assert.rejects(concord.metrics.imageProbe(alone), { code: 'too-little-data' });
    await assert.rejects(concord.metrics.imageProbe(cohort, { target: 'height' }), {
      code: 'unknown-column',
    });
    await assert.rejects(concord.metrics.imageProbe(cohort, { folds: 1 }), { code: 'invalid-option' });
    await assert.rejects(concord.metrics.imageProbe(cohort, { folds: 20 }), { code: 'too-little-data' });
  });

  it('measures how far sets of images are apart, naming the features', async function () {
    const features = await concord.metrics.fitImageFeatures(cohort, { steps: 60 });
    const of = (site: string): ImageCohort =>
      concord.takeSubjects(
        cohort,
        [...cohort.participants.ids.keys()].filter((row) => cohort.participants.sites[row] === site),
      );
    const apart = await concord.metrics.compareImageSets(of('siteA'), of('siteE'), { features });
    const same = await concord.metrics.compareImageSets(of('siteA'), of('siteA'), { features });
    assert.ok(same.frechet < 1e-6 && apart.frechet > 0.1);
    assert.ok(apart.kernel > same.kernel && apart.features.includes('trained to identify site'));
  });
});

describe('distances between sets of points', () => {
  const points = (rows: readonly (readonly number[])[]): concord.metrics.FeaturePoints => ({
    values: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0].length,
  });

  it('the Fréchet distance of diagonal normals is Σ (Δμ² + (s₁ − s₂)²) (closed form of Dowson & Landau 1982)', () => {
    // Four points at ±a, ±b have mean 0, variances 2a²/3 and 2b²/3 and no covariance.
    const cross = (a: number, b: number, x: number, y: number): readonly (readonly number[])[] => [
      [x + a, y],
      [x - a, y],
      [x, y + b],
      [x, y - b],
    ];
    const sd = (a: number): number => Math.sqrt((2 * a * a) / 3);
    const found = concord.metrics.frechetDistance(points(cross(1, 2, 0, 0)), points(cross(3, 0.5, 1, -2)));
    const wanted = 1 + 4 + (sd(1) - sd(3)) ** 2 + (sd(2) - sd(0.5)) ** 2;
    assert.ok(Math.abs(found - wanted) < 1e-9, `${found} ${wanted}`);
  });

  it('the kernel distance is the mean over pairs, counted by hand', () => {
    const k = (x: number, y: number): number => (x * y + 1) ** 3;
    const found = concord.metrics.kernelDistance(points([[1], [2], [-1]]), points([[0.5], [3]]));
    const within = (2 * (k(1, 2) + k(1, -1) + k(2, -1))) / 6 + k(0.5, 3);
    const between =
      [1, 2, -1].flatMap((x) => [0.5, 3].map((y) => k(x, y))).reduce((sum, value) => sum + value, 0) / 6;
    assert.ok(Math.abs(found - (within - 2 * between)) < 1e-9);
  });

  it('refuses sets that cannot be compared', () => {
    assert.throws(() => concord.metrics.frechetDistance(points([[1]]), points([[1], [2]])), {
      code: 'too-little-data',
    });
    assert.throws(
      () =>
        concord.metrics.kernelDistance(
          points([[1], [2]]),
          points([
            [1, 2],
            [2, 3],
          ]),
        ),
      {
        code: 'invalid-option',
      },
    );
  });
});
