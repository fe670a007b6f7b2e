import assert from 'node:assert/strict';
import type { Affine, Triple } from '../../../sdk/data/images/affine';
import { composeAffines, makeAffine } from '../../../sdk/data/images/affine';
import type { Plane } from '../../../sdk/data/images/image-set';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { chooseSlices, slicePosition } from '../../../sdk/data/images/slice-positions';
import { imagePanel, volumePanel } from '../../../sdk/plot/panels/panel';
import { throwsCode } from '../throws-code';

/** The same object stored along other axes: index (i, j, k) of the new grid is `flips` and `order` of the old one. */
function restored(volume: Volume, order: readonly number[], flips: readonly boolean[]): Volume {
  const shape = order.map((axis) => volume.shape[axis]) as unknown as Triple;
  const matrix = new Array<number>(16).fill(0);
  matrix[15] = 1;
  order.forEach((axis, own) => {
    matrix[4 * axis + own] = flips[own] ? -1 : 1;
    matrix[4 * axis + 3] = flips[own] ? shape[own] - 1 : 0;
  });
  const toOld: Affine = matrix;
  const data = new Float32Array(volume.data.length);
  let at = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++) {
        const place = [0, 0, 0];
        [i, j, k].forEach((index, own) => {
          place[order[own]] = flips[own] ? shape[own] - 1 - index : index;
        });
        data[at++] = volume.data[place[0] + volume.shape[0] * (place[1] + volume.shape[1] * place[2])];
      }
    }
  }
  return makeVolume(data, { shape, affine: composeAffines(volume.affine, toOld) });
}

const shape: Triple = [4, 5, 6];
const counting = makeVolume(
  Float32Array.from({ length: 120 }, (_, i) => i),
  { shape, affine: makeAffine([2, 3, 4], [-10, -20, -30]) },
);

describe('panels', () => {
  it('stand in the neurological convention: one bright voxel at the left front top', () => {
    const data = new Float32Array(120);
    data[0 + 4 * (4 + 5 * 5)] = 1;
    const volume = makeVolume(data, { shape, affine: makeAffine([1, 1, 1]) });
    const bright = (plane: Plane, index: number): [number, number] => {
      const { values, width } = volumePanel(volume, plane, index);
      const at = values.indexOf(1);
      return [at % width, Math.floor(at / width)];
    };
    assert.deepEqual(bright('axial', 5), [0, 0]);
    assert.deepEqual(bright('coronal', 4), [0, 0]);
    assert.deepEqual(bright('sagittal', 0), [0, 0]);
    assert.equal(volumePanel(volume, 'axial', 0).edges, 'LRAP');
    assert.equal(volumePanel(volume, 'coronal', 0).edges, 'LRSI');
    assert.equal(volumePanel(volume, 'sagittal', 0).edges, 'APSI');
  });

  it('are the same however the voxels are stored', () => {
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      for (const order of [
        [0, 1, 2],
        [2, 0, 1],
        [1, 2, 0],
      ]) {
        const other = restored(counting, order, [true, false, true]);
        assert.deepEqual(chooseSlices(other, plane), chooseSlices(counting, plane));
        assert.deepEqual(volumePanel(other, plane, 2), volumePanel(counting, plane, 2));
      }
    }
  });

  it('say where they lie and how large their pixels are', () => {
    assert.equal(slicePosition(counting, 'sagittal', 1), -8);
    assert.equal(slicePosition(counting, 'coronal', 0), -20);
    assert.equal(slicePosition(counting, 'axial', 5), -10);
    assert.deepEqual(volumePanel(counting, 'coronal', 0).pixel, [2, 4]);
    assert.deepEqual(volumePanel(counting, 'sagittal', 0).pixel, [3, 4]);
  });

  it('of an image set are its images as they stand, the middle channel of three', () => {
    const slice = {
      scan: 's',
      plane: 'sagittal',
      index: 1,
      position: -8,
      offset: [0, 0],
      grid: counting,
    } as const;
    const data = Float32Array.from({ length: 2 * 3 * 3 }, (_, i) => i);
    const mask = Uint8Array.from([1, 0, 0, 0, 0, 1]);
    const panel = imagePanel(makeImageSet(data, [1, 2, 3, 3], { slices: [slice], mask }), 0);
    assert.deepEqual([...panel.values], [1, 4, 7, 10, 13, 16]);
    assert.deepEqual([...(panel.mask ?? [])], [...mask]);
    assert.deepEqual([panel.width, panel.height, panel.pixel, panel.position], [3, 2, [3, 4], -8]);
  });
});

describe('chooseSlices', () => {
  it('takes the nearest slice to a position, and none outside', () => {
    const at = { millimeters: [-30, -13, -9] };
    assert.deepEqual(chooseSlices(counting, 'axial', { at }), [0, 4, 5]);
    throwsCode('invalid-option', /position: 20 mm \(axial slices reach from -30\.0 to -10\.0 mm\)/, () =>
      chooseSlices(counting, 'axial', { at: { millimeters: [20] } }),
    );
  });
});
