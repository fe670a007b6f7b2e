import assert from 'node:assert/strict';
import type { Plane } from '../../sdk/data/images/image-set';
import { axisCodes } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { robustFieldOfView } from '../../sdk/preprocess/field-of-view';
import { fromSlices } from '../../sdk/preprocess/slices/from-slices';
import { toSlices } from '../../sdk/preprocess/slices/to-slices';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

/**
 * Nine pixels of the middle slice of each plane, at quarters of its height and width, from nibabel 5.4.2 and
 * numpy 2.4.6: `as_closest_canonical`, then `rot90` of [:, :, n // 2] and [:, n // 2, :], and `fliplr(rot90)` of
 * [n // 2, :, :].
 */
const references: readonly {
  readonly file: string;
  readonly orientation: string;
  readonly pixels: Readonly<Record<Plane, readonly number[]>>;
}[] = [
  {
    file: 'heads/IXI096-HH-1391_T1_2mm.nii.gz',
    orientation: 'PSR',
    pixels: {
      axial: [53, 201, 11, 545, 439, 339, 424, 487, 450],
      coronal: [312, 175, 312, 556, 455, 408, 424, 328, 439],
      sagittal: [296, 312, 143, 90, 731, 349, 371, 545, 386],
    },
  },
  {
    file: 'heads/sub-01_T1w.nii.gz',
    orientation: 'LAS',
    pixels: {
      axial: [58, 9, 32, 51, 74, 66, 27, 23, 49],
      coronal: [24, 36, 12, 57, 70, 64, 39, 15, 63],
      sagittal: [24, 37, 13, 4, 68, 23, 0, 6, 35],
    },
  },
];

for (const { file, orientation, pixels } of references) {
  describe(`slices of ${file}`, () => {
    let head: Volume;
    before(async function () {
      const path = sharedData(file);
      if (path === undefined) skipWithout(this, 'real data');
      head = await readVolume(path);
    });

    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      it(`stand as nibabel and numpy put them: ${plane}`, () => {
        assert.equal(axisCodes(head.affine), orientation);
        const all = toSlices(head, { plane });
        const middle = Math.floor(all.shape[0] / 2);
        const { data, shape } = toSlices(head, { plane, at: { indices: [middle] } });
        const [, height, width] = shape;
        const found = [1, 2, 3].flatMap((r) =>
          [1, 2, 3].map((q) => data[Math.floor((height * r) / 4) * width + Math.floor((width * q) / 4)]),
        );
        assert.deepEqual(found.map(Math.round), pixels[plane]);
        assert.deepEqual(fromSlices(all, head).data, head.data);
      });
    }

    it('keep the top of the head and lose the neck', () => {
      const cut = toSlices(robustFieldOfView(head, { height: 150 }), { plane: 'coronal', at: { count: 1 } });
      const [, height] = cut.shape;
      const spacing = head.spacing[axisCodes(head.affine).indexOf('S')];
      assert.ok(Math.abs(height * spacing - 160) < 2 * spacing, `${height * spacing} mm`);
    });
  });
}
