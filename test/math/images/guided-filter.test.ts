import assert from 'node:assert/strict';
import { guidedFilter } from '../../../sdk/math/images/guided-filter';
import { noise as drawn } from '../../support/noise';

describe('the guided filter', () => {
  const shape = [17, 13];
  const [width] = shape;
  const sigma = [1.2, 0.8];
  const pixels = Array.from({ length: width * shape[1] }, (_, pixel) => pixel);
  const place = (pixel: number): [x: number, y: number] => [pixel % width, Math.floor(pixel / width)];
  // A mask with a hole, further from the edges than the neighborhood reaches, where the filter would mirror.
  const inside = Uint8Array.from(pixels, (pixel) => {
    const [x, y] = place(pixel);
    return Number(x >= 4 && x < 13 && y >= 3 && y < 10 && !(x === 8 && y === 6));
  });
  const guide = Float64Array.from(pixels, (pixel) => drawn(1, pixel));
  const image = guide.map((value, pixel) => Math.sin(3 * value) + 0.3 * drawn(2, pixel));

  it('is the mean of the lines around each pixel that least squares give, one by one', () => {
    const [noise, slope] = [0.1, 0.4];
    const found = guidedFilter({ image, guide, inside, shape }, { sigma, noise, slope });
    const around = (from: number): readonly (readonly [pixel: number, weight: number])[] =>
      pixels.flatMap((pixel) => {
        const [dx, dy] = place(pixel).map((at, axis) => at - place(from)[axis]);
        if (inside[pixel] === 0 || Math.abs(dx) > 4 || Math.abs(dy) > 3) return [];
        return [[pixel, Math.exp(-0.5 * ((dx / sigma[0]) ** 2 + (dy / sigma[1]) ** 2))] as const];
      });
    const mean = (from: number, of: (pixel: number) => number): number => {
      const weights = around(from);
      const sum = weights.reduce((total, [pixel, weight]) => total + weight * of(pixel), 0);
      return sum / weights.reduce((total, [, weight]) => total + weight, 0);
    };
    const lines = pixels.map((from) => {
      if (inside[from] === 0) return { a: 0, b: 0 };
      const [x, y] = [guide, image].map((values) => mean(from, (pixel) => values[pixel]));
      // What the least squares of a·x + b − y with noise²·(a − slope)² beside them have as their solution.
      const xx = mean(from, (pixel) => (guide[pixel] - x) ** 2);
      const xy = mean(from, (pixel) => (guide[pixel] - x) * (image[pixel] - y));
      const a = slope + (xy - slope * xx) / (xx + noise ** 2);
      return { a, b: y - a * x };
    });
    for (const pixel of pixels) {
      const expected = mean(pixel, (at) => lines[at].a * guide[pixel] + lines[at].b);
      const wanted = inside[pixel] === 0 ? 0 : expected;
      assert.ok(Math.abs(found[pixel] - wanted) < 1e-12, `${pixel}: ${found[pixel]} ${wanted}`);
    }
  });

  it('leaves an image alone that is the guide in another contrast, upside down too', () => {
    for (const slope of [0.7, -2]) {
      const same = guide.map((value) => slope * value + 3);
      const found = guidedFilter({ image: same, guide, inside, shape }, { sigma, noise: 0.5, slope });
      for (const pixel of pixels)
        if (inside[pixel] === 1) assert.ok(Math.abs(found[pixel] - same[pixel]) < 1e-12);
    }
  });

  it('gives a flat guide the mean around', () => {
    const flat = new Float64Array(pixels.length).fill(0.25);
    const still = new Float64Array(pixels.length).fill(2);
    const found = guidedFilter({ image: still, guide: flat, inside, shape }, { sigma, noise: 0.1, slope: 5 });
    for (const pixel of pixels) assert.ok(Math.abs(found[pixel] - (inside[pixel] === 1 ? 2 : 0)) < 1e-12);
  });
});
