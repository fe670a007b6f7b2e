import assert from 'node:assert/strict';
import type { Triple } from '../../../sdk/data/images/affine';
import { distanceTransform, squaredDistances } from '../../../sdk/math/images/distance-transform';

describe('distanceTransform', () => {
  const shape: Triple = [11, 9, 8];
  const mask = Uint8Array.from({ length: 792 }, (_, i) => ((i * 7919) % 1009 < 8 ? 1 : 0));

  it('agrees with scipy on a grid of unlike spacings', () => {
    // scipy 1.17.1: ndimage.distance_transform_edt(mask == 0, sampling=(1, 1.3, 2)).
    const distances = distanceTransform(mask, shape, [1, 1.3, 2]);
    const expected = new Map([
      [0, 0],
      [100, 2.236068],
      [345, 2.385372],
      [500, 4.123106],
      [791, 7.632169],
    ]);
    for (const [place, value] of expected) assert.ok(Math.abs(distances[place] - value) < 1e-5);
    assert.ok(Math.abs(distances.reduce((sum, value) => sum + value, 0) - 3496.4776) < 1e-2);
  });

  it('equals the smallest of all distances', () => {
    const distances = squaredDistances(mask, shape, [1, 1, 1]);
    const place = (i: number): number[] => [i % 11, Math.floor(i / 11) % 9, Math.floor(i / 99)];
    const set = [...mask.keys()].filter((i) => mask[i] !== 0).map(place);
    distances.forEach((found, i) => {
      const [x, y, z] = place(i);
      const nearest = Math.min(...set.map(([a, b, c]) => (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2));
      assert.equal(found, nearest);
    });
  });

  it('is infinite for an empty mask, and across an axis of infinite spacing', () => {
    assert.ok(distanceTransform(new Uint8Array(8), [2, 2, 2], [1, 1, 1]).every((d) => d === Infinity));
    const corner = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(
      [...distanceTransform(corner, [2, 2, 2], [1, Infinity, 2])],
      [0, 1, Infinity, Infinity, 2, Math.fround(Math.sqrt(5)), Infinity, Infinity],
    );
  });
});
