import assert from 'node:assert/strict';
import type { IntensityMap } from '../../sdk/intensity/intensity-map';
import { applyIntensityMap, mapIntensity, thenLinear } from '../../sdk/intensity/intensity-map';

describe('IntensityMap', () => {
  const knots = { kind: 'piecewise-linear', from: [10, 20, 40], to: [0, 5, 6] } as const;
  const extend: IntensityMap = { ...knots, beyond: 'extend' };
  const hold: IntensityMap = { ...knots, beyond: 'hold' };
  it('goes through its knots, in proportion between them, and beyond them as it says', () => {
    const places = [0, 10, 15, 20, 30, 40, 60];
    assert.deepEqual(
      places.map((x) => mapIntensity(x, extend)),
      [-5, 0, 2.5, 5, 5.5, 6, 7],
    );
    assert.deepEqual(
      places.map((x) => mapIntensity(x, hold)),
      [0, 0, 2.5, 5, 5.5, 6, 6],
    );
    assert.deepEqual([...applyIntensityMap(Float32Array.from(places), hold)], [0, 0, 2.5, 5, 5.5, 6, 6]);
  });
  it('can be followed by a line, and leaves what it is given as it was', () => {
    const linear: IntensityMap = { kind: 'linear', scale: 2, offset: 1 };
    const given = Float32Array.of(3);
    assert.deepEqual([...applyIntensityMap(given, linear)], [7]);
    assert.deepEqual([...given], [3]);
    assert.equal(mapIntensity(3, thenLinear(linear, 10, -1)), 69);
    assert.equal(mapIntensity(15, thenLinear(extend, 10, -1)), 24);
  });
});
