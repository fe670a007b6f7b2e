import assert from 'node:assert/strict';
import { composeAffines, transformPoint } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume, sameGrid } from '../../sdk/data/images/volume';
import { ConcordError } from '../../sdk/errors';
import { reorient } from '../../sdk/preprocess/reorient';
import { gridCenter, resample } from '../../sdk/preprocess/resample';
import { obliqueVolume, volumeOf } from './small-volume';

const waves = (): Volume => volumeOf([6, 4, 8], [1, 1, 1], (i, j, k) => Math.cos(i * 1.1 + 0.4 * j * k));

/** Every fifth value of scipy 1.17.1 `zoom(waves, (2, 0.5, 0.5), order=1 | 3, mode='mirror', grid_mode=True)`. */
const zoomed = {
  linear: [
    0.8246693, -0.7298572, 0.5203727, -0.2113071, -0.05452055, 0.5684263, -0.7134707, 0.6640101, -0.1986646,
    0.456576, -0.08958697, -0.1477206, -0.01397523, 0.4003027, -0.4696174, -0.2044427, 0.1520169, 0.2043559,
    -0.2117458, 0.1122212,
  ],
  cubic: [
    0.9496832, -0.8023336, 0.6400173, -0.1757493, -0.2104044, 0.8069969, -0.8940697, 0.7642438, -0.1160412,
    0.3693471, 0.09176995, -0.3407828, 0.07518566, 0.4722655, -0.5790473, -0.2996333, 0.1999637, 0.2845758,
    -0.3171567, 0.2764105,
  ],
};

describe('resample', () => {
  for (const interpolation of ['linear', 'cubic'] as const) {
    it(`to another spacing keeps the field of view as scipy's zoom does: ${interpolation}`, () => {
      const result = resample(waves(), { spacing: [0.5, 2, 2], interpolation, antialias: false });
      assert.deepEqual(result.shape, [12, 2, 4]);
      assert.deepEqual(result.spacing, [0.5, 2, 2]);
      assert.deepEqual(gridCenter(result), gridCenter(waves()));
      zoomed[interpolation].forEach((value, n) => assert.ok(Math.abs(result.data[5 * n] - value) < 2e-6));
    });
  }

  it('onto a grid finds each intensity at its place, along exchanged and flipped axes too', () => {
    const ramp = volumeOf([9, 8, 7], [2, 2, 2], (i, j, k) => 3 * i - 5 * j + 7 * k);
    const turned = reorient(ramp, { to: 'SLP' });
    for (const interpolation of ['linear', 'nearest', 'cubic'] as const) {
      const result = resample(turned, { grid: ramp, interpolation });
      assert.ok(result.data.every((value, at) => Math.abs(value - ramp.data[at]) < 1e-4));
      assert.ok(sameGrid(result, ramp));
    }
    const shifted = makeVolume(new Float32Array(8), {
      shape: [2, 2, 2],
      affine: [0, 0, 2, 5, -2, 0, 0, 9, 0, 2, 0, 5, 0, 0, 0, 1],
    });
    const part = resample(turned, { grid: shifted });
    part.data.forEach((value, at) => {
      const [x, y, z] = transformPoint(shifted.affine, [at & 1, (at >> 1) & 1, at >> 2]);
      assert.ok(Math.abs(value - (1.5 * x - 2.5 * y + 3.5 * z)) < 1e-4);
    });
  });

  it('onto an oblique grid gives the same by the general path', () => {
    const ramp = volumeOf([12, 12, 12], [1, 1, 1], (i, j, k) => 3 * i - 5 * j + 7 * k);
    const turn = [0.8, -0.6, 0, 6, 0.6, 0.8, 0, 3, 0, 0, 1, 4, 0, 0, 0, 1];
    const grid = { shape: [5, 5, 5] as const, affine: composeAffines(ramp.affine, turn) };
    for (const interpolation of ['linear', 'cubic'] as const) {
      const result = resample(ramp, { grid, interpolation });
      result.data.forEach((value, at) => {
        const [x, y, z] = transformPoint(turn, [at % 5, Math.floor(at / 5) % 5, Math.floor(at / 25)]);
        // The mirror at the border bends a spline a little there.
        const tolerance = interpolation === 'linear' ? 1e-4 : 0.1;
        assert.ok(Math.abs(value - (3 * x - 5 * y + 7 * z)) < tolerance);
      });
    }
  });

  it('smooths along the axes that become coarser, and only there', () => {
    // A checkerboard finer than the new voxels: its mean is all that they can show.
    const checks = volumeOf([16, 4, 16], [1, 1, 1], (i, _j, k) => ((i + k) % 2) * 100);
    const middle = (volume: Volume): number[] => Array.from(volume.data).filter((_, at) => at % 4 === 2);
    const smooth = middle(resample(checks, { spacing: [4, 1, 4] }));
    assert.ok(smooth.every((value) => Math.abs(value - 50) < 1));
    const rows = volumeOf([4, 16, 4], [1, 1, 1], (_i, j) => (j % 2) * 100);
    const kept = resample(rows, { spacing: [2, 1, 2] });
    assert.ok(kept.data.every((value, at) => Math.abs(value - (Math.floor(at / 2) % 2) * 100) < 1e-3));
    const flat = resample(
      volumeOf([7, 7, 7], [1, 1, 1], () => 8),
      { spacing: 2.5 },
    );
    assert.ok(flat.data.every((value) => Math.abs(value - 8) < 1e-5));
  });

  it('takes the mask along and fills what lies outside with the background', () => {
    const volume = volumeOf([8, 8, 8], [1, 1, 1], (i, j, k) =>
      i > 1 && i < 6 && j > 1 && j < 6 && k > 1 && k < 6 ? 9 : -1,
    );
    const masked = makeVolume(volume.data, volume, {
      mask: Uint8Array.from(volume.data, (v) => (v > 0 ? 1 : 0)),
    });
    const coarse = resample(masked, { spacing: 2 });
    assert.deepEqual(coarse.shape, [4, 4, 4]);
    const inside = Array.from({ length: 64 }, (_, at) =>
      [at & 3, (at >> 2) & 3, at >> 4].every((i) => i === 1 || i === 2) ? 1 : 0,
    );
    assert.deepEqual([...(coarse.mask ?? [])], inside);
    const wide = { shape: [10, 8, 8] as const, affine: [1, 0, 0, -4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const moved = resample(masked, { grid: wide });
    assert.deepEqual([...moved.data.subarray(0, 4)], [-1, -1, -1, -1]);
    assert.equal(resample(masked, { grid: wide, fill: 5 }).data[0], 5);
    assert.equal(
      moved.mask?.reduce((sum, value) => sum + value, 0),
      64,
    );
  });

  it('records what it did and refuses what it cannot do', () => {
    const step = resample(obliqueVolume(), { spacing: 1 }).provenance.at(-1);
    assert.deepEqual(step?.options, { spacing: 1, interpolation: 'linear', antialias: true, fill: 11.5 });
    for (const options of [
      {},
      { spacing: 0 },
      { spacing: NaN },
      { spacing: 1, grid: waves() },
      { interpolation: 'sinc' as 'cubic', spacing: 1 },
    ]) {
      assert.throws(
        () => resample(waves(), options),
        (error) => error instanceof ConcordError && error.code === 'invalid-option',
      );
    }
  });

  it('refuses a spacing that makes more voxels than memory holds, and says how many', () => {
    for (const spacing of [0.001, 1e-300]) {
      assert.throws(
        () => resample(waves(), { spacing }),
        (error) =>
          error instanceof ConcordError &&
          error.code === 'invalid-option' &&
          (spacing < 0.001 || error.message.includes('would make 6000 × 4000 × 8000 voxels')),
      );
    }
  });
});
