import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { readVolume } from '../../../sdk/io/volumes/read-volume';
import { writeMask, writeVolume } from '../../../sdk/io/volumes/write-volume';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';
import { nibabelFiles, nibabelImage, writeNibabelImage } from './nibabel-files';

describe('writeVolume', () => {
  const folder = temporaryFolder();
  const random = makeRandom(5);
  const image = (values: readonly number[], mask?: Uint8Array): Volume =>
    makeVolume(
      Float32Array.from(values),
      { shape: [values.length, 1, 1], affine: makeAffine([1, 1, 1]) },
      mask === undefined ? {} : { mask },
    );
  const noisy = image(Array.from({ length: 500 }, () => 1000 * random.normal() + 3000));

  it('gives back what was read, whatever the orientation', async () => {
    const forms = nibabelFiles.images.filter(({ name }) => /form|f4|mgh$/.test(name));
    assert.ok(forms.length >= 10);
    for (const [i, { name }] of forms.entries()) {
      const volume = await readVolume(writeNibabelImage(folder, nibabelImage(name)));
      const path = folder.path(`again${i}.nii${i % 2 === 0 ? '.gz' : ''}`);
      await writeVolume(volume, path);
      const again = await readVolume(path);
      assert.deepEqual(again.data, volume.data, name);
      assert.deepEqual(again.affine, volume.affine.map(Math.fround), name);
      const { sformCode, qformCode, qform, datatype } = again.header ?? {};
      const code = volume.header?.sformCode || volume.header?.qformCode || 2;
      assert.deepEqual([sformCode, datatype], [code, 'float32']);
      // The affine of sform-and-qform.nii shears.
      assert.equal(qformCode, name === 'sform-and-qform.nii' ? 0 : code);
      qform?.forEach((value, cell) =>
        assert.ok(Math.abs(value - volume.affine[cell]) < 3e-6, `${name} ${cell}`),
      );
    }
  });

  it('writes the qform of every one of the 48 orientations', async () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      for (let signs = 0; signs < 8; signs++) {
        const affine = makeAffine([0, 0, 0], [3, 4, 5]).map((value) => value);
        order.forEach(
          (world, axis) => (affine[4 * world + axis] = (signs >> axis) & 1 ? -(axis + 1) : axis + 1),
        );
        const volume = makeVolume(Float32Array.of(1, 2), { shape: [2, 1, 1], affine });
        await writeVolume(volume, folder.path('turned.nii'), { overwrite: true });
        const { header } = await readVolume(folder.path('turned.nii'));
        header?.qform?.forEach((value, cell) =>
          assert.ok(Math.abs(value - affine[cell]) < 1e-6, `${order.join('')} ${signs}`),
        );
        assert.equal(header?.qformCode, 2);
      }
    }
  });

  it('keeps integers exactly, in every datatype', async () => {
    for (const datatype of ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float64'] as const) {
      const path = folder.path(`${datatype}.nii.gz`);
      await writeVolume(image([0, 1, 2, 100, 127]), path, { datatype, scaling: 'auto' });
      const again = await readVolume(path);
      assert.deepEqual([...again.data], [0, 1, 2, 100, 127]);
      assert.deepEqual([again.header?.datatype, again.header?.slope], [datatype, 1]);
    }
  });

  it('scales to integers within half a slope', async () => {
    const offset = image(Array.from(noisy.data, (value) => value + 1e5));
    for (const volume of [noisy, offset]) {
      for (const datatype of ['uint8', 'int8', 'uint16', 'int16'] as const) {
        const path = folder.path('scaled.nii.gz');
        await writeVolume(volume, path, { datatype, scaling: 'auto', overwrite: true });
        const again = await readVolume(path);
        const slope = again.header?.slope ?? 0;
        const range = Math.max(...volume.data) - Math.min(...volume.data);
        assert.ok(slope < (1.02 * range) / 2 ** (datatype.endsWith('8') ? 8 : 16), `${datatype} ${slope}`);
        const worst = volume.data.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - again.data[i])),
          0,
        );
        // The values themselves are stored in 24 bits.
        assert.ok(worst <= slope / 2 + 2 ** -24 * 1.1e5, `${datatype}: ${worst} of ${slope}`);
        assert.ok(worst > slope / 4);
      }
    }
    const flat = image([0.5, 0.5]);
    await writeVolume(flat, folder.path('flat.nii'), { datatype: 'uint8', scaling: 'auto' });
  });

  it('never clips', async () => {
    const path = folder.path('clipped.nii');
    const cases = [
      [[0, 256], 'uint8', 'outside 0 to 255'],
      [[0, -1], 'uint16', 'outside 0 to 65535'],
      [[0, 0.5], 'int16', '0.5 cannot be stored as int16: it is not an integer'],
      [[0, NaN], 'int32', 'NaN'],
    ] as const;
    for (const [values, datatype, says] of cases) {
      await rejectsWith(writeVolume(image(values), path, { datatype }), {
        code: 'invalid-option',
        says: [says, 'clipped.nii', 'scaling: "auto"'],
      });
    }
    await rejectsWith(writeVolume(image([0, Infinity]), path, { datatype: 'int16', scaling: 'auto' }), {
      code: 'invalid-voxels',
      says: ['Infinity'],
    });
    assert.equal(existsSync(path), false);
  });

  it('refuses what it does not write, and leaves nothing behind', async () => {
    await rejectsWith(writeVolume(noisy, folder.path('x.mgz')), {
      code: 'unsupported-format',
      says: ['.nii.gz'],
    });
    await rejectsWith(writeVolume(noisy, folder.path('x.nii'), { datatype: 'int64' as 'int32' }), {
      code: 'invalid-option',
      says: ['int64'],
    });
    await writeVolume(noisy, folder.path('there.nii'));
    await rejectsWith(writeVolume(noisy, folder.path('there.nii')), {
      code: 'file-exists',
      says: ['overwrite'],
    });
    await rejectsWith(writeVolume(noisy, folder.path('no/folder.nii')), {
      code: 'unwritable-file',
      says: ['folder does not exist'],
    });
    assert.deepEqual(
      readdirSync(dirname(folder.path('x'))).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('writes the same bytes for the same volume', async () => {
    for (const name of ['one.nii.gz', 'two.nii.gz']) await writeVolume(noisy, folder.path(name));
    const [one, two] = ['one', 'two'].map((name) => readFileSync(folder.path(`${name}.nii.gz`)));
    assert.deepEqual(one, two);
    // RFC 1952: bytes 4 to 7 are the time of making.
    assert.deepEqual([...one.subarray(4, 8)], [0, 0, 0, 0]);
  });

  it('writes NIfTI-2 where an axis is too long for NIfTI-1', async () => {
    const long = image(Array.from({ length: 40_000 }, (_, i) => i % 100));
    await writeVolume(long, folder.path('long.nii.gz'));
    const again = await readVolume(folder.path('long.nii.gz'));
    assert.equal(again.header?.format, 'nifti2');
    assert.deepEqual([again.shape, again.data], [long.shape, long.data]);
    again.header.qform?.forEach((value, cell) => assert.equal(value, long.affine[cell]));
  });

  it('writes the mask, and nothing when there is none', async () => {
    await writeMask(image([1, 2, 3], Uint8Array.of(0, 1, 255)), folder.path('mask.nii.gz'));
    const mask = await readVolume(folder.path('mask.nii.gz'));
    assert.deepEqual([[...mask.data], mask.header?.datatype], [[0, 1, 1], 'uint8']);
    await rejectsWith(writeMask(noisy, folder.path('none.nii.gz')), {
      code: 'missing-value',
      says: ['requires a brain mask'],
    });
  });
});
