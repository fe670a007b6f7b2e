import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolumeCohort } from '../../sdk/data/cohort';
import type { Plane } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { SlicePositions } from '../../sdk/data/images/slice-positions';
import { chooseSlices, planeAxis } from '../../sdk/data/images/slice-positions';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { beforeAfter } from '../../sdk/plot/panels/before-after';
import { montage } from '../../sdk/plot/panels/montage';
import { reorient } from '../../sdk/preprocess/reorient';
import { toImages } from '../../sdk/preprocess/to-images';
import { decoded } from './decoded';
import { throwsCode } from './throws-code';

const planes = ['axial', 'coronal', 'sagittal'] as const;
const shape = [30, 40, 50] as const;

/** A volume whose voxels are the number of their slice in a plane, with a mask off its middle or none. */
function numbered(plane: Plane, masked: boolean): Volume {
  const data = new Float32Array(30 * 40 * 50);
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const place = [at % 30, Math.floor(at / 30) % 40, Math.floor(at / 1200)];
    data[at] = place[planeAxis(plane)];
    mask[at] = Number(place.every((index, axis) => index >= [4, 9, 17][axis] && index < [22, 33, 44][axis]));
  }
  return makeVolume(data, { shape, affine: makeAffine([1, 1, 1], [-7, -11, -20]) }, masked ? { mask } : {});
}

/** The numbers of the slices in a montage, read from the grays of its panels. */
function shown(volume: Volume, plane: Plane, at: SlicePositions, count: number): number[] {
  const picture = decoded(
    montage(volume, { plane, at, window: [0, 51], contour: false, scale: 2, columns: 60 }),
  );
  const width = 2 * shape[plane === 'sagittal' ? 1 : 0];
  return Array.from({ length: count }, (_, i) => Math.round(picture.at(6 + 4 + i * (width + 6), 12)[0] / 5));
}

async function cut(volume: Volume, plane: Plane, at: SlicePositions): Promise<readonly number[]> {
  const scan = { id: 's', subject: 's', open: () => Promise.resolve(volume) };
  const { images } = await toImages(makeVolumeCohort(makeParticipants(['s'], ['A']), [scan]), { plane, at });
  return images.slices.map(({ index }) => index);
}

describe('a montage', () => {
  for (const masked of [false, true]) {
    for (const plane of planes) {
      it(`shows the ${plane} slices that toImages cuts, ${masked ? 'with' : 'without'} a mask`, async () => {
        const ways: SlicePositions[] = [
          { count: 5 },
          { count: 1 },
          { count: 3, from: 0, to: 1 },
          { every: 4 },
          { millimeters: [2.4, -5, 3.5] },
          { indices: [20, 3] },
        ];
        for (const to of ['RAS', 'LPS', 'IPR']) {
          const volume = reorient(numbered(plane, masked), { to });
          for (const at of ways) {
            const indices = await cut(volume, plane, at);
            assert.deepEqual(shown(volume, plane, at, indices.length), indices, JSON.stringify([to, at]));
          }
        }
      });
    }
  }

  it('spreads slices over the mask, from a quarter to three quarters', () => {
    // The mask fills the axial slices 17 to 43: 17 + 26 × (0.25, 0.5, 0.75) = 23.5, 30, 36.5, rounded up at a half.
    assert.deepEqual(chooseSlices(numbered('axial', true), 'axial', { at: { count: 3 } }), [24, 30, 37]);
    const turned = reorient(numbered('axial', true), { to: 'LPI' });
    assert.deepEqual(chooseSlices(turned, 'axial', { at: { count: 3 } }), [24, 30, 37]);
  });

  it('has `slices` for short, and shows fewer where there are no more', () => {
    const volume = numbered('coronal', true);
    const same = (slices: number | readonly number[], at: SlicePositions): void =>
      assert.deepEqual(
        montage(volume, { plane: 'coronal', slices }).png,
        montage(volume, { plane: 'coronal', at }).png,
      );
    same(5, { count: 5 });
    same([0, 7], { millimeters: [0, 7] });
    same(100, { indices: Array.from({ length: 12 }, (_, i) => 15 + i) });
    assert.match(beforeAfter(volume, volume).alt, /^6 slices/);
    assert.match(beforeAfter(volume, volume, { plane: 'axial', at: { count: 2 } }).alt, /^2 slices/);
    throwsCode('invalid-option', /at and slices/, () => montage(volume, { slices: 2, at: { count: 2 } }));
    throwsCode('invalid-option', /100 different ones do not fit/, () =>
      montage(volume, { at: { count: 100 } }),
    );
  });

  it('shows the whole grid where the mask is empty, so that this can be seen', () => {
    const volume = { ...numbered('axial', true), mask: new Uint8Array(30 * 40 * 50) };
    assert.deepEqual(shown(volume, 'axial', { count: 3 }, 3), [12, 25, 37]);
  });
});
