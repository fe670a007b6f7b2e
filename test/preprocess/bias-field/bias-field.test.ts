import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Progress } from '../../../sdk/data/run-options';
import { makeVolume } from '../../../sdk/data/images/volume';
import { makeRandom } from '../../../sdk/math/random';
import type { BiasFieldOptions } from '../../../sdk/preprocess/bias-field/bias-field-options';
import { biasField } from '../../../sdk/preprocess/bias-field/bias-field';
import { biasPhantom, spreadIn } from './bias-phantom';

describe('biasField', () => {
  it('finds the field that SimpleITK finds', async () => {
    const { volume } = biasPhantom();
    const options = { shrinkFactor: 1, maxIterations: [10, 10, 10], convergenceThreshold: 0 };
    const { field, levels } = await biasField(volume, options);
    // SimpleITK 2.5.7, N4BiasFieldCorrection with the same settings, mean over the mask taken off.
    const expected: [number, number, number, number][] = [
      [11, 13, 9, 0.04858],
      [5, 13, 9, -0.02617],
      [18, 13, 9, 0.00256],
      [11, 5, 9, 0.10678],
      [11, 22, 9, -0.05318],
      [11, 13, 4, 0.08648],
      [11, 13, 15, -0.0246],
      [6, 8, 6, 0.0704],
    ];
    for (const [i, j, k, value] of expected) {
      const log = Math.log(field.data[i + 24 * (j + 28 * k)]);
      assert.ok(Math.abs(log - value) < 2e-3, `at ${i}, ${j}, ${k}: ${log} against ${value}`);
    }
    assert.deepEqual(
      levels.map(({ mesh, iterations }) => [...mesh, iterations]),
      [
        [1, 1, 1, 10],
        [2, 2, 2, 10],
        [4, 4, 4, 10],
      ],
    );
  });

  it('recovers a known field and evens out a tissue', async () => {
    const { volume, truth, tissue } = biasPhantom();
    const { field, corrected } = await biasField(volume);
    const left = truth.map((value, n) => value - Math.log(field.data[n]));
    const mask = volume.mask as Uint8Array;
    assert.ok(spreadIn(left, mask).sd < 0.1 * spreadIn(truth, mask).sd);
    const clean = spreadIn(biasPhantom(0).volume.data, tissue).cv;
    assert.ok(spreadIn(volume.data, tissue).cv > 3 * clean);
    assert.ok(spreadIn(corrected.data, tissue).cv < 1.1 * clean);
  });

  it('leaves a volume without a field within one percent', async () => {
    const { volume } = biasPhantom(0);
    const { field } = await biasField(volume);
    assert.ok(spreadIn(field.data.map(Math.log), volume.mask as Uint8Array).sd < 0.01);
  });

  it('scales the field to a mean log of zero in the mask, whatever the unit of the volume', async () => {
    const { volume } = biasPhantom();
    const mask = volume.mask as Uint8Array;
    const { field } = await biasField(volume, { shrinkFactor: 1 });
    assert.ok(Math.abs(spreadIn(field.data.map(Math.log), mask).mean) < 1e-6);
    const louder = { ...volume, data: volume.data.map((value) => value * 1000) };
    const same = await biasField(louder, { shrinkFactor: 1 });
    same.field.data.forEach((value, n) => assert.ok(Math.abs(value / field.data[n] - 1) < 1e-3));
  });

  it('divides by the field everywhere, also where the mask and positive voxels are not', async () => {
    const { volume } = biasPhantom();
    const data = volume.data.map((value, n) => (n % 50 === 0 ? -5 : n % 77 === 0 ? NaN : value));
    const holed = { ...volume, data };
    const { field, corrected } = await biasField(holed);
    assert.deepEqual(
      corrected.data,
      data.map((value, n) => value / field.data[n]),
    );
    assert.ok(field.data.every((value) => value > 0.1 && value < 10));
    assert.equal(Math.sign(corrected.data[0]), -1);
  });

  it('is not led astray by a few voxels near zero in the mask', async () => {
    const { volume } = biasPhantom();
    const mask = volume.mask as Uint8Array;
    const { field } = await biasField(volume);
    const dark = { ...volume, data: volume.data.map((value, n) => (n % 200 === 0 ? 1e-6 : value)) };
    const { field: other } = await biasField(dark);
    const apart = field.data.map((value, n) => Math.log(value / other.data[n]));
    assert.ok(spreadIn(apart, mask).sd < 0.005);
  });

  it('takes the mask of the options, else of the volume, else the voxels above Otsu’s threshold', async () => {
    const { volume } = biasPhantom();
    const { mask, ...bare } = volume;
    const quick = { fittingLevels: 1, maxIterations: 2, shrinkFactor: 1 };
    const inside = (mask as Uint8Array).reduce((sum, value) => sum + value);
    const own = await biasField(volume, quick);
    assert.deepEqual([own.mask, own.samples], ['volume', inside]);
    const left = (mask as Uint8Array).map((value, n) => (n % 24 < 12 ? value : 0));
    const given = await biasField(volume, { ...quick, mask: left });
    assert.equal(given.mask, 'given');
    assert.ok(given.samples < inside);
    const otsu = await biasField(bare, quick);
    assert.equal(otsu.mask, 'otsu');
    assert.ok(otsu.samples > 1000 && otsu.samples < inside);
    const withGap = { ...bare, data: bare.data.map((value, n) => (n === 0 ? NaN : value)) };
    assert.equal((await biasField(withGap, quick)).samples, otsu.samples);
  });

  it('works on anisotropic voxels, on few slices and on volumes that are smaller than a spline', async () => {
    const random = makeRandom(3);
    for (const [shape, spacing] of [
      [
        [64, 48, 48],
        [1, 1.33, 1.33],
      ],
      [
        [40, 40, 3],
        [1, 1, 6],
      ],
      [
        [20, 20, 1],
        [1, 1, 1],
      ],
      [
        [5, 5, 5],
        [1, 1, 1],
      ],
    ] as [[number, number, number], [number, number, number]][]) {
      const data = new Float32Array(shape[0] * shape[1] * shape[2]).map(
        (_, n) => 100 * Math.exp(0.2 * Math.sin(n / shape[0])) + random.uniform(),
      );
      const volume = makeVolume(data, { shape, affine: makeAffine(spacing) });
      const { field, samples } = await biasField(volume, { mask: new Uint8Array(data.length).fill(1) });
      assert.ok(samples >= 64);
      assert.ok(field.data.every((value) => value > 0.5 && value < 2));
    }
  });

  it('leaves a volume of one value as it is', async () => {
    const data = new Float32Array(1000).fill(7);
    const volume = makeVolume(data, { shape: [10, 10, 10], affine: makeAffine([1, 1, 1]) });
    const { corrected } = await biasField(volume, { mask: new Uint8Array(1000).fill(1) });
    corrected.data.forEach((value) => assert.ok(Math.abs(value - 7) < 1e-5));
  });

  it('reports progress up to the end, and stops when it is told to', async () => {
    const { volume } = biasPhantom();
    const seen: Progress[] = [];
    await biasField(volume, { fittingLevels: 2 }, { onProgress: (progress) => seen.push(progress) });
    assert.ok(seen.length >= 2 && seen[0].done === 1 && seen[0].total === 100);
    assert.deepEqual([seen[seen.length - 1].done, seen[seen.length - 1].secondsLeft], [100, 0]);
    const stop = new AbortController();
    await assert.rejects(biasField(volume, {}, { signal: stop.signal, onProgress: () => stop.abort() }), {
      code: 'aborted',
    });
  });

  describe('refuses', () => {
    const { volume } = biasPhantom();

    it('volumes and masks that hold too little', async () => {
      const empty = makeVolume(new Float32Array(8000), {
        shape: [20, 20, 20],
        affine: makeAffine([1, 1, 1]),
      });
      await assert.rejects(biasField(empty), { code: 'too-little-data', message: /: 0 positive ones/ });
      const none = new Uint8Array(volume.data.length);
      await assert.rejects(biasField(volume, { mask: none }), { code: 'too-little-data' });
      const few = none.map((_, n) => (n > 6000 && n < 6040 ? 1 : 0));
      await assert.rejects(biasField(volume, { mask: few }), {
        code: 'too-little-data',
        message: /at least 64 are required/,
      });
      const negative = { ...volume, data: volume.data.map((value) => -value) };
      await assert.rejects(biasField(negative), { code: 'too-little-data' });
      await assert.rejects(biasField(volume, { shrinkFactor: 9 }), {
        message: /lower the option shrinkFactor/,
      });
      const nothing = { ...empty, data: empty.data.map(() => NaN) };
      await assert.rejects(biasField(nothing), { code: 'too-little-data' });
    });

    it('options outside what is allowed', async () => {
      const bad: BiasFieldOptions[] = [
        { mask: new Uint8Array(3) },
        { shrinkFactor: 0 },
        { shrinkFactor: [1, 1, 1.5] },
        { fittingLevels: 0 },
        { fittingLevels: 3, maxIterations: [10, 10] },
        { maxIterations: 0 },
        { maxIterations: [] },
        { convergenceThreshold: -1 },
        { fwhm: 0 },
        { wienerNoise: NaN },
        { histogramBins: 3 },
        { splineDistance: -5 },
        { splineDistance: 0.01 },
        { fittingLevels: 12 },
      ];
      for (const options of bad) {
        await assert.rejects(
          biasField(volume, options),
          { code: 'invalid-option' },
          JSON.stringify(options, (key, value: unknown) => (key === 'mask' ? 'mask' : value)),
        );
      }
    });
  });
});
