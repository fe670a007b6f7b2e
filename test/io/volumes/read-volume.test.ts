import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readVolume, readVolumeHeader } from '../../../sdk/io/volumes/read-volume';
import { niftiBytes } from '../../support/nifti-bytes';
import { sharedData } from '../../support/shared-data';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';
import { nibabelFiles, nibabelImage, writeNibabelImage } from './nibabel-files';
import { skipWithout } from '../../support/skipping';

describe('readVolume', () => {
  const folder = temporaryFolder();

  describe('reads what nibabel 5.4.2 wrote as nibabel reads it', () => {
    for (const image of nibabelFiles.images) {
      it(image.name, async () => {
        const path = writeNibabelImage(folder, image);
        for (const [frame, values] of image.frames.entries()) {
          const volume = await readVolume(path, { frame });
          assert.deepEqual([...volume.data], values.map(Math.fround), `frame ${frame}`);
          assert.deepEqual(volume.shape, image.shape);
          volume.affine.forEach((value, cell) =>
            assert.ok(Math.abs(value - image.affine[cell]) < 2e-6, `affine ${cell}: ${value}`),
          );
          assert.equal(volume.header?.frames, image.frames.length);
          assert.equal(volume.header.frame, frame);
        }
      });
    }
  });

  it('keeps what the header says', async () => {
    const { header } = await readVolume(writeNibabelImage(folder, nibabelImage('scaled-u1-big.nii')));
    assert.equal(header?.format, 'nifti1');
    assert.equal(header.datatype, 'uint8');
    assert.equal(header.slope, Math.fround(0.1));
    assert.equal(header.intercept, 100);
    const both = await readVolume(writeNibabelImage(folder, nibabelImage('sform-and-qform.nii')));
    const { qform, sformCode, qformCode } = both.header ?? {};
    assert.deepEqual([sformCode, qformCode], [4, 1]);
    const oblique = nibabelImage('qform-only.nii').affine;
    qform?.forEach((value, cell) => assert.ok(Math.abs(value - oblique[cell]) < 2e-6));
    assert.equal(qform?.length, 16);
    const plain = await readVolume(folder.write('text.nii', niftiBytes()));
    assert.equal(plain.header?.description, 'made for a test');
    assert.deepEqual(
      plain.provenance.map(({ step, options }) => [step, options]),
      [['readVolume', { file: 'text.nii', frame: 0, nonFinite: 'error' }]],
    );
    assert.deepEqual(plain.issues, []);
  });

  it('reads packed files, packed pairs, and a packed file without .gz in its name', async () => {
    const image = nibabelImage('series-i2.nii');
    const bytes = Buffer.from(packedBytes(image.files['series-i2.nii']));
    for (const name of ['packed.nii.gz', 'packed.nii']) {
      const volume = await readVolume(folder.write(name, bytes), { frame: 1 });
      assert.deepEqual([...volume.data], image.frames[1]);
    }
    const pair = nibabelImage('pair.hdr');
    folder.write('both.hdr.gz', packedBytes(pair.files['pair.hdr']));
    const voxels = folder.write('both.img.gz', packedBytes(pair.files['pair.img']));
    assert.deepEqual([...(await readVolume(voxels)).data], pair.frames[0]);
    const mgh = nibabelImage('free-surfer-i4.mgh');
    const packed = folder.write('packed.mgz', packedBytes(mgh.files['free-surfer-i4.mgh']));
    assert.deepEqual([...(await readVolume(packed)).data], mgh.frames[0].map(Math.fround));
  });

  it('reads a large packed series in pieces, frame by frame', async () => {
    const n = 60;
    const frames = 5;
    const voxels = Int16Array.from({ length: n ** 3 * frames }, (_, i) => (i * 7919) % 30011);
    const file = niftiBytes({ dim: [4, n, n, n, frames], voxels: new Uint8Array(voxels.buffer) });
    const path = folder.write('long.nii.gz', gzipSync(file, { level: 1 }));
    for (const frame of [0, 3, frames - 1]) {
      const volume = await readVolume(path, { frame });
      assert.deepEqual(volume.data, Float32Array.from(voxels.subarray(frame * n ** 3, (frame + 1) * n ** 3)));
    }
    await rejectsWith(readVolume(path, { frame: frames }), {
      code: 'invalid-option',
      says: ['long.nii.gz', 'frames 0 to 4'],
    });
    await rejectsWith(readVolume(path, { frame: 0.5 }), { code: 'invalid-option', says: ['0.5'] });
  });

  it('passes over bytes after the last voxel, and takes no scaling for a slope of 0', async () => {
    const bytes = Buffer.concat([niftiBytes({ slope: 0, intercept: 7 }), Buffer.alloc(100)]);
    const volume = await readVolume(folder.write('trailing.nii', bytes));
    assert.deepEqual([...volume.data], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert.deepEqual([volume.header?.slope, volume.header?.intercept], [1, 0]);
  });

  it('reads two axes as one slice, and lengths in micrometers as millimeters', async () => {
    const flat = await readVolume(folder.write('flat.nii', niftiBytes({ dim: [2, 4, 3, 99] })));
    assert.deepEqual(flat.shape, [4, 3, 1]);
    const small = await readVolume(folder.write('small.nii', niftiBytes({ units: 3 })));
    assert.deepEqual(
      small.spacing.map((size) => size.toPrecision(6)),
      ['0.00200000', '0.00200000', '0.00200000'],
    );
  });

  it('says when digits are lost, and only then', async () => {
    const voxels = (values: readonly number[]): Uint8Array =>
      new Uint8Array(Float64Array.from(values).buffer);
    const exact = niftiBytes({ dim: [1, 3], datatype: 64, voxels: voxels([0.5, 2 ** 24, -3]) });
    assert.deepEqual((await readVolume(folder.write('exact.nii', exact))).issues, []);
    const lost = niftiBytes({ dim: [1, 3], datatype: 64, voxels: voxels([0.1, 2 ** 24 + 1, -3]) });
    const { issues } = await readVolume(folder.write('lost.nii', lost));
    assert.deepEqual(
      issues.map(({ code, severity }) => [code, severity]),
      [['lost-precision', 'info']],
    );
    assert.match(issues[0].message, /^lost\.nii: 2 of 3 stored values of type float64/);
    // 2^53 + 1 has no 64-bit float either.
    const long = new Uint8Array(BigInt64Array.from([2n ** 53n + 1n, -(2n ** 40n), 5n]).buffer);
    const integers = await readVolume(
      folder.write('long.nii', niftiBytes({ dim: [1, 3], datatype: 1024, voxels: long })),
    );
    assert.deepEqual([...integers.data], [2 ** 53, -(2 ** 40), 5]);
    assert.match(integers.issues[0].message, /1 of 3/);
  });

  it('sets NaN and infinite voxels to 0 when asked', async () => {
    const voxels = new Uint8Array(Float32Array.from([NaN, 1, -Infinity, 2]).buffer);
    const path = folder.write('holes.nii', niftiBytes({ dim: [1, 4], datatype: 16, voxels }));
    await rejectsWith(readVolume(path), {
      code: 'invalid-voxels',
      says: ['holes.nii', '2 of 4', 'nonFinite: "zero"'],
    });
    const { data, issues } = await readVolume(path, { nonFinite: 'zero' });
    assert.deepEqual([...data], [0, 1, 0, 2]);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['replaced-voxels'],
    );
    assert.match(issues[0].message, /2 of 4/);
    await rejectsWith(readVolume(path, { nonFinite: 'drop' as 'zero' }), {
      code: 'invalid-option',
      says: ['drop'],
    });
  });

  describe('the shared brains', () => {
    let files: readonly string[] = [];
    before(function () {
      const root = sharedData('brains');
      if (root === undefined) {
        skipWithout(this, 'real data');
      }
      files = readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.nii.gz'))
        .map((name) => join(root, name));
    });

    it('all load, on the grid of MNI152 at 2 mm', async () => {
      assert.equal(files.length, 45);
      for (const file of files) {
        const volume = await readVolume(file);
        const { shape, affine } = await readVolumeHeader(file);
        assert.deepEqual([volume.shape, volume.affine], [shape, affine]);
        assert.deepEqual(volume.shape, [91, 109, 91]);
        assert.deepEqual(volume.affine.slice(0, 12), [2, 0, 0, -90, 0, 2, 0, -126, 0, 0, 2, -72]);
        assert.equal(volume.header?.sformCode, 4);
        assert.deepEqual(volume.issues, []);
      }
    });

    it('have the sums that nibabel and numpy find', async () => {
      // nibabel 5.4.2: np.asanyarray(nib.load(file).dataobj).sum(dtype='int64')
      const sums = { 'sub-HH034': 273_091_681, 'sub-NSK52': 228_921_336, 'sub-UCLA01': 10_887_277 };
      for (const [subject, sum] of Object.entries(sums)) {
        const file = files.find((path) => path.includes(`${subject}_`)) ?? '';
        const { data } = await readVolume(file);
        assert.equal(
          data.reduce((total, value) => total + value, 0),
          sum,
          subject,
        );
      }
    });
  });

  function packedBytes(packed: string): Buffer {
    return Buffer.from(packed, 'base64');
  }

  it('takes a fourth axis of size 0 as one volume', async () => {
    for (const dim of [
      [4, 2, 3, 2, 0],
      [5, 2, 3, 2, 0, 0],
      [7, 2, 3, 2, 1, 1, 0, 0],
    ]) {
      const volume = await readVolume(folder.write('flat.nii', niftiBytes({ dim })));
      assert.deepEqual([volume.shape, volume.header?.frames, volume.data[11]], [[2, 3, 2], 1, 12]);
    }
  });
});
