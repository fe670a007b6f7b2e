import assert from 'node:assert/strict';
import { ConcordError } from '../../../sdk/errors';
import { makeRandom } from '../../../sdk/math/random';
import type { Augmentation } from '../../../sdk/nn/train/augment';
import { augmentImages, requireAugmentation } from '../../../sdk/nn/train/augment';

const shape = [400, 5, 4, 1] as const;
const size = 20;
const random = makeRandom(5);
const images = Float32Array.from({ length: 400 * size }, () => random.uniform());

const augmented = (augment: Augmentation, seed = 3): Float32Array =>
  augmentImages(images, shape, { augment, seed });
const image = (data: Float32Array, i: number): number[] => [...data.subarray(i * size, (i + 1) * size)];
const mirror = (pixels: readonly number[]): number[] =>
  pixels.map((_, at) => pixels[4 * Math.floor(at / 4) + 3 - (at % 4)]);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('augmentImages', () => {
  it('does nothing that is not asked for, and changes nothing it was given', () => {
    const before = images.slice();
    assert.deepEqual(augmented({}), images);
    augmented({ mirror: 1, rotation: 90, noise: 1, gamma: 1 });
    assert.deepEqual(images, before);
  });

  it('gives the same for the same seed, and another for each image and seed', () => {
    assert.deepEqual(augmented({ noise: 1 }), augmented({ noise: 1 }));
    assert.notDeepEqual(augmented({ noise: 1 }), augmented({ noise: 1 }, 4));
    const noise = augmented({ noise: 1 }).map((value, at) => value - images[at]);
    assert.notDeepEqual(image(noise, 0), image(noise, 1));
  });

  it('mirrors exactly, as often as asked', () => {
    const result = augmented({ mirror: 0.25 });
    let mirrored = 0;
    for (let i = 0; i < 400; i++) {
      const same = image(images, i);
      const now = image(result, i);
      if (now[0] !== same[0]) mirrored++;
      assert.deepEqual(now, now[0] === same[0] ? same : mirror(same));
    }
    // 100 are expected with a standard deviation of 8.7.
    assert.ok(mirrored > 65 && mirrored < 135, `${mirrored}`);
  });

  it('draws each kind of change alike whatever the others are', () => {
    const one = augmented({ mirror: 0.5 });
    const both = augmented({ mirror: 0.5, gain: 0.3 });
    for (let i = 0; i < 400; i++) {
      const factor = both[i * size] / one[i * size];
      assert.ok(factor > 1 / 1.3 - 1e-6 && factor < 1.3 + 1e-6);
      assert.ok(Math.abs(both[i * size + 7] / one[i * size + 7] - factor) < 1e-5);
    }
  });

  it('moves whole pixels when asked: every value was there before', () => {
    const result = augmented({ shift: 1.5, wholePixels: true });
    const moves = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const before = image(images, i);
      const now = image(result, i);
      assert.ok(now.every((value) => before.includes(value)));
      // Where the pixel of the second row and column came from tells the move.
      moves.add(before.indexOf(now[5]));
    }
    assert.deepEqual(
      [...moves].sort((a, b) => a - b),
      [0, 1, 2, 4, 5, 6, 8, 9, 10],
    );
  });

  it('adds noise of the standard deviation asked for, and changes gains evenly', () => {
    const noise = [...augmented({ noise: 0.2 })].map((value, at) => value - images[at]);
    const sd = Math.sqrt(mean(noise.map((value) => value ** 2)));
    // 8000 draws: the standard error of the mean is 0.0022, of the deviation 0.0016.
    assert.ok(Math.abs(mean(noise)) < 0.009, `${mean(noise)}`);
    assert.ok(Math.abs(sd - 0.2) < 0.0065, `${sd}`);
    const gains = augmented({ gain: 0.5 });
    const logs = Array.from({ length: 400 }, (_, i) => Math.log(gains[i * size] / images[i * size]));
    // Uniform between ± log 1.5: the standard error of the mean is 0.012.
    assert.ok(Math.abs(mean(logs)) < 0.05, `${mean(logs)}`);
    assert.ok(Math.max(...logs) > 0.39 && Math.min(...logs) < -0.39);
  });

  it('bends contrast between the lowest and the highest intensity, which stay', () => {
    const result = augmented({ gamma: 1 });
    for (let i = 0; i < 400; i++) {
      const before = image(images, i);
      const now = image(result, i);
      const low = Math.min(...before);
      const high = Math.max(...before);
      assert.ok(Math.abs(Math.min(...now) - low) < 1e-6 && Math.abs(Math.max(...now) - high) < 1e-6);
      const power = (at: number): number =>
        Math.log((now[at] - low) / (high - low)) / Math.log((before[at] - low) / (high - low));
      const inside = before.flatMap((value, at) => (value > low + 0.1 && value < high - 0.1 ? [at] : []));
      for (const at of inside) assert.ok(Math.abs(power(at) - power(inside[0])) < 1e-3);
      assert.ok(power(inside[0]) > 0.499 && power(inside[0]) < 2.001);
    }
    const flat = augmentImages(new Float32Array(size).fill(3), [1, 5, 4, 1], {
      augment: { gamma: 1 },
      seed: 1,
    });
    assert.deepEqual(
      [...flat],
      Array.from({ length: size }, () => 3),
    );
  });

  it('refuses what makes no sense', () => {
    for (const augment of [
      { mirror: 1.5 },
      { shift: -1 },
      { noise: NaN },
      { rotation: 360 },
      { gain: Infinity },
    ]) {
      assert.throws(
        () => requireAugmentation(augment),
        (error) => error instanceof ConcordError && error.code === 'invalid-option',
      );
    }
    requireAugmentation({ mirror: 0.5, shift: 3, rotation: 10, zoom: 0.1, gain: 0.1, gamma: 0.2, noise: 1 });
    requireAugmentation(undefined);
  });
});
