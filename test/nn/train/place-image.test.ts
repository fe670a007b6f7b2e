import assert from 'node:assert/strict';
import type { Placement } from '../../../sdk/nn/train/place-image';
import { isInPlace, placeImage } from '../../../sdk/nn/train/place-image';

const nowhere: Placement = { mirrored: false, down: 0, right: 0, angle: 0, zoom: 1 };
const rows = [
  [0, 5, 10, 4, 9, 3],
  [7, 4, 1, 9, 6, 3],
  [6, 6, 6, 6, 6, 6],
  [8, 0, 3, 6, 9, 1],
  [2, 8, 3, 9, 4, 10],
];

function placed(image: readonly (readonly number[])[], placement: Partial<Placement>): number[][] {
  const height = image.length;
  const width = image[0].length;
  const result = new Float32Array(height * width);
  placeImage(Float32Array.from(image.flat()), result, {
    shape: [height, width, 1],
    placement: { ...nowhere, ...placement },
  });
  return image.map((_, row) => [...result.subarray(row * width, (row + 1) * width)]);
}

describe('placeImage', () => {
  it('mirrors columns exactly, also fractions that round', () => {
    const thirds = rows.map((row) => row.map((value) => Math.fround(value / 3)));
    assert.deepEqual(
      placed(thirds, { mirrored: true }),
      thirds.map((row) => row.toReversed()),
    );
    assert.deepEqual(placed(thirds, {}), thirds);
  });

  it('moves by whole pixels exactly, and repeats the edge', () => {
    const moved = placed(rows, { down: 1, right: -2 });
    assert.deepEqual(moved[0], [10, 4, 9, 3, 3, 3]);
    assert.deepEqual(moved[1], moved[0]);
    assert.deepEqual(moved[4], [3, 6, 9, 1, 1, 1]);
    assert.deepEqual(placed(rows, { right: 0.25 })[0].slice(0, 3), [0, 3.75, 8.75]);
  });

  it('turns counter-clockwise: a quarter of a square is numpy.rot90', () => {
    // numpy 2.4.6: numpy.rot90 of the left five columns.
    const turned = placed(
      rows.map((row) => row.slice(0, 5)),
      { angle: Math.PI / 2 },
    );
    const expected = [
      [9, 6, 6, 9, 4],
      [4, 9, 6, 6, 9],
      [10, 1, 6, 3, 3],
      [5, 4, 6, 0, 8],
      [0, 7, 6, 8, 2],
    ];
    turned.forEach((row, r) => row.forEach((value, c) => assert.ok(Math.abs(value - expected[r][c]) < 1e-5)));
  });

  it('agrees with scipy.ndimage.affine_transform', () => {
    // scipy 1.17.1, order=1, mode='nearest': 20° counter-clockwise and 1.2 times as large about the center, then 0.7
    // pixels down and 0.4 to the left.
    const expected = [
      [8.125416, 7.551037, 4.956188, 8.474175, 4.144705, 3.0],
      [6.439026, 6.676341, 6.923398, 6.970539, 4.880897, 4.485952],
      [4.046142, 2.110082, 5.982488, 6.521204, 5.996278, 4.673871],
      [5.523632, 5.712394, 5.588924, 6.175833, 8.101883, 3.799166],
      [5.211352, 2.339709, 3.183403, 6.189785, 6.767266, 6.308267],
    ];
    const result = placed(rows, { angle: (20 * Math.PI) / 180, zoom: 1.2, down: 0.7, right: -0.4 });
    result.forEach((row, r) =>
      row.forEach((value, c) => assert.ok(Math.abs(value - expected[r][c]) < 2e-6, `${r}, ${c}: ${value}`)),
    );
  });

  it('moves all channels together, and copes with a single row', () => {
    const image = Float32Array.from([1, 10, 2, 20, 3, 30]);
    const result = new Float32Array(6);
    placeImage(image, result, { shape: [1, 3, 2], placement: { ...nowhere, mirrored: true, angle: 0.3 } });
    for (let pixel = 0; pixel < 3; pixel++) {
      assert.ok(Math.abs(result[2 * pixel + 1] - 10 * result[2 * pixel]) < 1e-5);
    }
    assert.ok(isInPlace(nowhere));
    assert.ok(!isInPlace({ ...nowhere, down: 0.5 }));
  });
});
