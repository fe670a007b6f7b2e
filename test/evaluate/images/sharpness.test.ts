import assert from 'node:assert/strict';
import { metrics } from '../../../sdk/index';

const shape = [10, 12] as const;

/** A picture without chance, and an ellipse in it. */
const image = pixels((x, y) => Math.sin(0.7 * x) + 0.5 * Math.cos(0.9 * y) + 0.1 * ((7 * x + 13 * y) % 5));
const mask = pixels((x, y) => Number((x - 4.5) ** 2 / 20 + (y - 5.5) ** 2 / 26 < 1));

function pixels(value: (x: number, y: number) => number): number[] {
  const [width, height] = shape;
  return Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

function near(found: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(found - wanted) < tolerance, `${found} is not ${wanted}`);
}

describe('sharpness', () => {
  it('is what NumPy 2.4.6 makes of numpy.gradient, and of the same differences within a mask', () => {
    near(metrics.sharpness({ image, shape }), 0.5116093417351338, 1e-12);
    near(metrics.sharpness({ image, shape, mask }), 0.4661715693574072, 1e-12);
  });

  it('is blind to brightness and contrast, falls with blur and rises with noise', () => {
    const before = metrics.sharpness({ image, shape, mask });
    near(metrics.sharpness({ image: image.map((value) => 400 * value - 7), shape, mask }), before, 1e-10);
    const [width] = shape;
    const blurred = image.map((value, i) =>
      [i - 1, i + 1, i - width, i + width].reduce((sum, at) => sum + (image[at] ?? value) / 5, value / 5),
    );
    assert.ok(metrics.sharpness({ image: blurred, shape, mask }) < before);
    const noisy = image.map((value, i) => value + (i % 2 === 0 ? 0.3 : -0.3));
    assert.ok(metrics.sharpness({ image: noisy, shape, mask }) > before);
  });

  it('is not there in a flat image, and refuses what is no image', () => {
    assert.ok(Number.isNaN(metrics.sharpness({ image: image.map(() => 3), shape, mask })));
    assert.throws(() => metrics.sharpness({ image, shape: [10, 11] }), { code: 'different-grids' });
    assert.throws(() => metrics.sharpness({ image, shape, mask: mask.map(() => 0) }), {
      code: 'invalid-option',
    });
    assert.throws(() => metrics.sharpness({ image: [NaN, ...image.slice(1)], shape }), {
      code: 'invalid-voxels',
    });
  });
});
