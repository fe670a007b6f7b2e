import assert from 'node:assert/strict';
import { imageRanges } from '../../../sdk/data/cohort';
import { makePhantom } from '../../../sdk/simulate/phantom/phantom';
import { simulateSlices } from '../../../sdk/simulate/phantom/simulate-slices';

const small = { slices: 2, size: 48, pixelSize: 4 } as const;

describe('simulateSlices', () => {
  it('makes five slices of 128 × 128 of everyone at every site', async () => {
    const started = performance.now();
    const { cohort } = await simulateSlices({ subjects: 3, traveling: true });
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `      ${((seconds / 3) * 100).toFixed(0)} s for 7 sites × 100 traveling subjects × 5 slices`,
    );
    assert.deepEqual(cohort.images.shape, [105, 128, 128, 1]);
    assert.equal(imageRanges(cohort).length, 21);
    assert.equal(new Set(cohort.subjects).size, 3);
    assert.ok(cohort.images.data.every((value) => Number.isFinite(value) && value >= 0));
  });

  it('shows the same anatomy at every site when it travels', async () => {
    const { cohort } = await simulateSlices({ ...small, subjects: 1, traveling: true });
    const area = 48 * 48;
    const mask = cohort.images.mask ?? new Uint8Array();
    for (let scan = 1; scan < 7; scan++) {
      assert.deepEqual(mask.slice(2 * scan * area, 2 * (scan + 1) * area), mask.slice(0, 2 * area));
    }
  });

  it('makes the same bits from the same seed, whoever else is in the cohort', async () => {
    const one = await simulateSlices({ ...small, seed: 4, subjects: 1, traveling: true });
    const two = await simulateSlices({ ...small, seed: 4, subjects: 2, traveling: true });
    const first = one.cohort.images.data;
    assert.deepEqual(two.cohort.images.data.slice(0, first.length), first);
    const other = await simulateSlices({ ...small, seed: 5, subjects: 1, traveling: true });
    assert.notDeepEqual(other.cohort.images.data, first);
  });

  it('cuts the same people as the volumes are made of, front up and left on the left', async () => {
    const { truth } = await simulateSlices({ subjects: 1, slices: 1, size: 64, pixelSize: 3 });
    const [person] = truth.people;
    const { age, sex, ...traits } = person.traits;
    const phantom = await makePhantom({
      seed: person.seed,
      age,
      sex,
      traits,
      spacing: 3,
      shape: [64, 64, 1],
    });
    const [slice] = truth.tissues(person);
    const white = phantom.tissues.fractions.whiteMatter ?? new Float32Array();
    const cut = slice.fractions.whiteMatter ?? new Float32Array();
    for (let row = 0; row < 64; row++) {
      assert.deepEqual(cut.slice(64 * row, 64 * (row + 1)), white.slice(64 * (63 - row), 64 * (64 - row)));
    }
  });

  it('cuts along each plane and says where', async () => {
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      const { cohort } = await simulateSlices({ ...small, plane, subjects: 1, traveling: true });
      const [first, second] = cohort.images.slices;
      assert.equal(first.plane, plane);
      const axis = { sagittal: 0, coronal: 1, axial: 2 }[plane];
      assert.equal(second.position - first.position, first.grid.affine[5 * axis]);
      assert.equal(first.position, first.grid.affine[4 * axis + 3]);
      assert.equal(first.grid.shape[axis], 2);
      // Brain in the middle, none in the corner.
      const mask = cohort.images.mask ?? new Uint8Array();
      assert.equal(mask[0], 0);
      assert.ok(mask.reduce((sum, value) => sum + value, 0) > 0.05 * mask.length);
    }
  });

  it('makes the images without noise as well', async () => {
    const { cohort, truth } = await simulateSlices({ ...small, subjects: 1, traveling: true });
    const still = await truth.noiseFree();
    assert.deepEqual(still.images.shape, cohort.images.shape);
    assert.notDeepEqual(still.images.data, cohort.images.data);
    assert.deepEqual((await truth.noiseFree()).images.data, still.images.data);
  });

  it('refuses what cannot be and stops when cancelled', async () => {
    await assert.rejects(simulateSlices({ slices: 0 }), { code: 'invalid-option' });
    await assert.rejects(simulateSlices({ size: 1 }), { code: 'invalid-option' });
    await assert.rejects(simulateSlices({ ...small, signal: AbortSignal.abort() }), { code: 'aborted' });
  });
});
