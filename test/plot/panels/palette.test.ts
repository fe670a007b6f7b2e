import assert from 'node:assert/strict';
import { categoryStyle, methodStyle, neutral } from '../../../sdk/plot/panels/palette';

type Triple = readonly [number, number, number];

/** Machado, Oliveira & Fernandes 2009, full severity, on linear RGB. */
const sights: Readonly<Record<string, readonly Triple[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIELAB (D65) of a color as it is seen. */
function seen(color: string, sight: readonly Triple[]): Triple {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [r, g, b] = sight.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, share, i) => sum + share * linear[i], 0),
      ),
    ),
  );
  const root = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('colors of methods', () => {
  const ten = Array.from({ length: 10 }, (_, at) => methodStyle(at).color);

  it('are ten that stay apart to every reader, and none that of raw data', () => {
    assert.ok(!ten.includes(neutral));
    assert.deepEqual(
      ten.slice(0, 6),
      [0, 1, 2, 3, 4, 5].map((at) => categoryStyle(at).color),
    );
    for (const [sight, matrix] of Object.entries(sights)) {
      for (const [i, one] of ten.entries()) {
        for (const other of ten.slice(0, i)) {
          const [a, b] = [seen(one, matrix), seen(other, matrix)];
          const apart = Math.hypot(...a.map((value, axis) => value - b[axis]));
          // A difference of 2.3 is just noticeable.
          assert.ok(apart > 15, `${one} and ${other} with ${sight}: ${apart.toFixed(1)}`);
        }
      }
    }
  });

  it('come again with another shape', () => {
    const looks = Array.from({ length: 40 }, (_, at) => Object.values(methodStyle(at)).join(' '));
    assert.equal(new Set(looks).size, 40);
  });
});
