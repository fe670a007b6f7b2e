import assert from 'node:assert/strict';
import type { Affine } from '../../sdk/data/images/affine';
import { axisCodes, transformPoint } from '../../sdk/data/images/affine';
import { ConcordError } from '../../sdk/errors';
import { turning, turnVoxels, turnVoxelsBack } from '../../sdk/data/images/turning';
import { reorient } from '../../sdk/preprocess/reorient';
import { obliqueVolume } from './small-volume';

const close = (got: Affine, wanted: readonly number[]): void =>
  got.forEach((value, cell) => assert.ok(Math.abs(value - wanted[cell]) < 1e-9, `cell ${cell}: ${value}`));

describe('reorient', () => {
  it('agrees with nibabel 5.4.2, as_closest_canonical', () => {
    const result = reorient(obliqueVolume());
    assert.deepEqual(result.shape, [4, 2, 3]);
    assert.deepEqual(
      [...result.data],
      [1, 7, 13, 19, 0, 6, 12, 18, 3, 9, 15, 21, 2, 8, 14, 20, 5, 11, 17, 23, 4, 10, 16, 22],
    );
    close(
      result.affine,
      [1.99, 0.1, 0.05, -90.1, -0.12, 1.98, 0.2, 108.52, 0.04, -0.19, 2.2, -119.81, 0, 0, 0, 1],
    );
    assert.deepEqual(result.provenance.at(-1)?.options, { to: 'RAS' });
  });

  it('agrees with nibabel 5.4.2, as_reoriented to LIP', () => {
    const result = reorient(obliqueVolume(), { to: 'LIP' });
    assert.deepEqual(result.shape, [4, 3, 2]);
    assert.deepEqual(
      [...result.data],
      [22, 16, 10, 4, 20, 14, 8, 2, 18, 12, 6, 0, 23, 17, 11, 5, 21, 15, 9, 3, 19, 13, 7, 1],
    );
    close(
      result.affine,
      [-1.99, -0.05, -0.1, -83.93, 0.12, -0.2, -1.98, 110.54, -0.04, -2.2, 0.19, -115.48, 0, 0, 0, 1],
    );
  });

  it('keeps every voxel, and its mask, where it is in the world, in all 48 orientations', () => {
    const volume = obliqueVolume();
    const place = new Map(
      Array.from(volume.data, (value, at) => [
        value,
        transformPoint(volume.affine, [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)]),
      ]),
    );
    const pairs = ['RL', 'AP', 'SI'];
    const codes = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ].flatMap((order) =>
      Array.from({ length: 8 }, (_, bits) => order.map((axis, i) => pairs[axis][(bits >> i) & 1]).join('')),
    );
    assert.equal(new Set(codes).size, 48);
    for (const to of codes) {
      const result = reorient(volume, { to });
      assert.equal(axisCodes(result.affine), to);
      result.data.forEach((value, at) => {
        const [nx, ny] = result.shape;
        const there = transformPoint(result.affine, [
          at % nx,
          Math.floor(at / nx) % ny,
          Math.floor(at / nx / ny),
        ]);
        const wanted = place.get(value) ?? [NaN, NaN, NaN];
        assert.ok(there.every((mm, axis) => Math.abs(mm - wanted[axis]) < 1e-9));
        assert.equal(result.mask?.[at], value < 6 ? 1 : 0);
      });
    }
  });

  it('is undone by turnVoxelsBack', () => {
    const volume = obliqueVolume();
    const turn = turning(volume, 'SLA');
    const turned = turnVoxels(volume.data, new Float32Array(24), turn);
    assert.notDeepEqual(turned, volume.data);
    assert.deepEqual(turnVoxelsBack(turned, new Float32Array(24), turn), volume.data);
  });

  it('leaves what came in as it is, and refuses what is no orientation', () => {
    const volume = obliqueVolume();
    reorient(volume);
    assert.deepEqual(volume, obliqueVolume());
    for (const to of ['RAX', 'RA', 'RRS', 'LRS', 'ras', '']) {
      assert.throws(
        () => reorient(volume, { to }),
        (error) => error instanceof ConcordError && error.code === 'invalid-option',
      );
    }
  });
});
