import assert from 'node:assert/strict';
import type { Triple } from '../../../sdk/data/images/affine';
import { close, dilate, erode, fillHoles, largestComponent, open } from '../../../sdk/math/images/morphology';

const shape: Triple = [11, 9, 8];
const hash = Int32Array.from({ length: 11 * 9 * 8 }, (_, i) => (i * 7919) % 1009);
const below = (limit: number): Uint8Array => Uint8Array.from(hash, (value) => (value < limit ? 1 : 0));
const above = (limit: number): Uint8Array => Uint8Array.from(hash, (value) => (value > limit ? 1 : 0));

/** How many voxels are in, and the sum of their indices. */
function signature(mask: Uint8Array): [number, number] {
  return [mask.reduce((sum, v) => sum + v, 0), mask.reduce((sum, v, i) => sum + v * i, 0)];
}

describe('morphology', () => {
  // scipy 1.17.1, ndimage.binary_*, with an ellipsoid as structure; erosion with border_value=1.
  it('dilates as scipy does', () => {
    assert.deepEqual(signature(dilate(below(20), shape, [2, 1.5, 3])), [323, 126977]);
  });
  it('erodes as scipy does', () => {
    assert.deepEqual(signature(erode(above(60), shape, [2, 1, 1])), [496, 197840]);
  });
  it('opens as scipy does', () => {
    assert.deepEqual(signature(open(above(200), shape, [1, 1, 1])), [543, 212815]);
  });
  it('closes as scipy does, plane by plane where a radius is 0', () => {
    assert.deepEqual(signature(close(below(150), shape, [2, 2, 0])), [658, 266855]);
  });

  it('opens to less and closes to more, twice the same as once', () => {
    const mask = above(400);
    const ball: Triple = [1, 1, 1];
    const opened = open(mask, shape, ball);
    const closed = close(mask, shape, ball);
    mask.forEach((inside, i) => assert.ok(opened[i] <= inside && inside <= closed[i]));
    assert.deepEqual(open(opened, shape, ball), opened);
    assert.deepEqual(close(closed, shape, ball), closed);
  });

  it('grows nothing from nothing and shrinks everything to everything', () => {
    assert.deepEqual(dilate(new Uint8Array(hash.length), shape, [2, 2, 2]), new Uint8Array(hash.length));
    const full = new Uint8Array(hash.length).fill(1);
    assert.deepEqual(erode(full, shape, [2, 2, 2]), full);
  });
});

describe('fillHoles', () => {
  const side: Triple = [7, 7, 7];
  const box = (from: number, to: number): Uint8Array =>
    Uint8Array.from({ length: 343 }, (_, i) =>
      [i % 7, Math.floor(i / 7) % 7, Math.floor(i / 49)].every((at) => at >= from && at <= to) ? 1 : 0,
    );
  const shell = box(1, 5).map((inside, i) => inside - box(2, 4)[i]);

  it('fills a closed shell', () => {
    assert.deepEqual(fillHoles(shell, side), box(1, 5));
  });
  it('leaves open what has a way out through a face', () => {
    const pierced = shell.slice();
    pierced[1 + 7 * (3 + 7 * 3)] = 0;
    assert.deepEqual(fillHoles(pierced, side), pierced);
  });
  it('does not take a way out through an edge only', () => {
    const nicked = shell.slice();
    nicked[1 + 7 * (1 + 7 * 3)] = 0;
    assert.equal(signature(fillHoles(nicked, side))[0], 124);
  });
});

describe('largestComponent', () => {
  it('keeps the largest 6-connected part', () => {
    // scipy 1.17.1: ndimage.label finds 16 components, the two largest of 16 voxels each; the first is kept.
    assert.deepEqual(signature(largestComponent(below(250), shape)), [16, 5632]);
  });
  it('leaves an empty mask empty', () => {
    assert.deepEqual(largestComponent(new Uint8Array(8), [2, 2, 2]), new Uint8Array(8));
  });
});
