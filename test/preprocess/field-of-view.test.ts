import assert from 'node:assert/strict';
import { transformPoint } from '../../sdk/data/images/affine';
import { ConcordError } from '../../sdk/errors';
import { robustFieldOfView } from '../../sdk/preprocess/field-of-view';
import { reorient } from '../../sdk/preprocess/reorient';
import { volumeOf } from './small-volume';

/** A head of 160 mm, its top at 260 mm, on a neck down to 0 mm, in air up to 296 mm, with noise. */
const head = volumeOf([30, 30, 75], [8, 8, 4], (i, j, k) => {
  const x = 8 * i - 116;
  const y = 8 * j - 116;
  const z = 4 * k - 180;
  const inHead = (x / 75) ** 2 + (y / 90) ** 2 + (z / 80) ** 2 < 1;
  const inNeck = z < 0 && Math.hypot(x, y) < 50;
  return (inHead || inNeck ? 500 : 0) + ((i * 7 + j * 13 + k * 5) % 11);
});

describe('robustFieldOfView', () => {
  for (const to of ['RAS', 'LPI', 'SRP', 'AIL']) {
    it(`keeps so many mm below the top of the head: ${to}`, () => {
      const volume = reorient(head, { to });
      const result = reorient(robustFieldOfView(volume, { height: 120, above: 8 }));
      assert.deepEqual([result.shape[0], result.shape[1]], [30, 30]);
      const bottom = transformPoint(result.affine, [0, 0, 0])[2];
      const top = transformPoint(result.affine, [0, 0, result.shape[2] - 1])[2];
      assert.ok(top >= 256 && top <= 268, `top ${top}`);
      assert.ok(Math.abs(top - bottom - 124) < 1e-9, `bottom ${bottom}`);
      const k = Math.round(bottom / 4);
      assert.equal(result.data[450], head.data[450 + 900 * k]);
    });
  }

  it('leaves a volume that does not reach further as it is', () => {
    const result = robustFieldOfView(head, { height: 500, above: 100 });
    assert.deepEqual(result.shape, head.shape);
    assert.deepEqual(result.data, head.data);
  });

  it('refuses a volume without a head, and lengths that are none', () => {
    const refuses = (code: string) => (error: unknown) =>
      error instanceof ConcordError && error.code === code;
    const empty = volumeOf([9, 9, 9], [1, 1, 1], () => 0);
    assert.throws(() => robustFieldOfView(empty), refuses('failed-step'));
    assert.throws(() => robustFieldOfView(head, { height: 0 }), refuses('invalid-option'));
    assert.throws(() => robustFieldOfView(head, { above: -1 }), refuses('invalid-option'));
  });
});
