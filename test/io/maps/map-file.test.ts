import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readMapFile, writeMapLike } from '../../../sdk/io/maps/map-file';
import { writeParquet } from '../../../sdk/io/parquet/write-parquet';
import { mghBytes } from '../../maps/map-study';
import { curvBytes, giftiArray, giftiFile, npyBytes } from '../../support/surface-bytes';
import { temporaryFolder } from '../../support/temporary-folder';

describe('maps in files', () => {
  const folder = temporaryFolder();
  const before = [2.5, NaN, 0, -1.25];
  const after = [0.1, NaN, 0, 3.000001];
  const rounded = after.map(Math.fround);

  /** Writes other values like a file, and reads them. */
  async function changed(
    name: string,
    bytes: Uint8Array | string,
  ): Promise<{ readonly values: number[]; readonly bytes: Buffer }> {
    const like = folder.write(name, bytes);
    assert.deepEqual(Array.from(await readMapFile(like)), before);
    const path = folder.path(`new-${name}`);
    await writeMapLike(Float64Array.from(after), path, { like });
    return { values: Array.from(await readMapFile(path)), bytes: readFileSync(path) };
  }

  it('are refused as text, labels and datasets of SUMI, with what makes a map of them', async () => {
    for (const [name, bytes, expected] of [
      [
        'left_30mm.txt',
        '2.5\n2.25\n0\n',
        /is text, .*numpy\.save\('left_30mm\.npy', numpy\.loadtxt\('left_30mm\.txt', /,
      ],
      ['lh.thickness.asc', '000 -1.5 2.5 3.5 2.25\n', /is text, /],
      ['lh.1D.dset', '# <matrix>\n2.5\n', /is text, /],
      [
        'lh.niml.dset',
        '<AFNI_dataset\n ni_form="ni_group" >\n',
        /dataset of SUMI \(ConvertDset .*-prefix lh makes/,
      ],
      ['lh.aparc.annot', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]), /holds labels/],
      [
        'lh.sig.w',
        Buffer.from([0, 0, 0, 0, 1, 0, 0, 7, 64, 32, 0, 0]),
        /is a paint file of FreeSurfer, .*--sval lh\.sig\.w --sfmt w --tval lh\.sig\.mgh/,
      ],
      ['lh.cortex.label', '#!ascii label  , from subject fsaverage\n1\n0 1 2 3 0\n', /holds labels/],
    ] as const) {
      await assert.rejects(readMapFile(folder.write(name, bytes)), {
        code: 'unsupported-format',
        message: expected,
      });
    }
  });

  it('are written as MGH with what was before and after their values', async () => {
    const bytes = mghBytes(before, Buffer.from('TR and command lines'));
    bytes.write('geometry', 30);
    const plain = await changed('map.mgh', bytes);
    assert.deepEqual(plain.values, rounded);
    assert.equal(plain.bytes.toString('latin1', 30, 38), 'geometry');
    assert.equal(plain.bytes.toString('latin1', 284 + 16), 'TR and command lines');
    const packed = await changed('map.mgz', gzipSync(bytes));
    assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  });

  it('are written as MGH floats where they were integers', async () => {
    const bytes = Buffer.alloc(284 + 8);
    [1, 4, 1, 1, 1, 4].forEach((word, at) => bytes.writeInt32BE(word, 4 * at));
    const like = folder.write('short.mgh', bytes);
    const path = folder.path('new-short.mgh');
    await writeMapLike(Float32Array.from(after), path, { like });
    assert.deepEqual(Array.from(await readMapFile(path)), rounded);
  });

  it('are written as GIFTI in the encoding that they had, all else letter by letter', async () => {
    for (const encoding of ['ASCII', 'Base64Binary', 'GZipBase64Binary'] as const) {
      const geometry = giftiArray({ intent: 'POINTSET', values: [1, 2, 3] });
      const values = giftiArray({ values: before, encoding });
      const text = giftiFile(geometry, values).replace(
        '<MetaData/><LabelTable/>',
        '<!-- é <Data> --><MetaData/><LabelTable/>',
      );
      const found = await changed(`${encoding}.gii`, text);
      assert.deepEqual(found.values, rounded);
      const shape = (gifti: string): string =>
        gifti.replaceAll(/<Data>[^<]*<\/Data>(?=<\/DataArray><\/GIFTI>)/g, '<Data/>');
      assert.equal(shape(found.bytes.toString()), shape(text));
    }
  });

  it('are written in the format of FreeSurfer, its old form as its new one', async () => {
    assert.deepEqual((await changed('lh.thickness', curvBytes(before))).values, rounded);
    const old = Buffer.alloc(6 + 8);
    old.writeUIntBE(4, 0, 3);
    old.writeUIntBE(9, 3, 3);
    const like = folder.write('lh.old', old);
    const path = folder.path('lh.new');
    await writeMapLike(Float32Array.from(after), path, { like });
    assert.deepEqual(Array.from(await readMapFile(path)), rounded);
  });

  it('are written in the format of NumPy with the type, byte order and shape that they had', async () => {
    for (const type of ['<f4', '>f4', '<f8'] as const) {
      const bytes = npyBytes(before, type, '(1, 4)');
      const found = await changed(`${type.slice(1)}${type.codePointAt(0)}.npy`, bytes);
      assert.deepEqual(found.values, type === '<f8' ? after : rounded);
      assert.deepEqual(found.bytes, npyBytes(after, type, '(1, 4)'));
    }
  });

  it('are written as Parquet', async () => {
    const like = folder.path('map.parquet');
    await writeParquet(like, [{ name: 'thickness', kind: 'number', at: (row) => before[row] }], 4);
    assert.deepEqual(Array.from(await readMapFile(like)), before);
    const path = folder.path('new.parquet');
    await writeMapLike(Float64Array.from(after), path, { like });
    assert.deepEqual(Array.from(await readMapFile(path)), after);
  });

  it('are refused where they hold more than one value per vertex, or none of this kind', async () => {
    const refused = async (name: string, bytes: Uint8Array | string, message: RegExp): Promise<void> => {
      await assert.rejects(readMapFile(folder.write(name, bytes)), { message });
    };
    await refused(
      'two.gii',
      giftiFile(giftiArray({ values: before }), giftiArray({ values: before })),
      /holds 2 maps/,
    );
    const nodes = giftiArray({ intent: 'NODE_INDEX', values: [0, 1, 2, 9], type: 'INT32' });
    await refused('sparse.gii', giftiFile(giftiArray({ values: before }), nodes), /lists the vertices/);
    await refused('table.npy', npyBytes(before, '<f4', '(2, 2)'), /has the shape 2 × 2/);
    await refused('short.npy', npyBytes(before, '<f8').subarray(0, 150), /it has 150 bytes and needs 160/);
    const whole = npyBytes(before, '<f8');
    whole.write("'<i8'", whole.indexOf("'<f8'"));
    await refused('whole.npy', whole, /holds no 32- or 64-bit floats/);
    const infinite = npyBytes([1, Infinity, 2, 3], '<f4');
    await refused('infinite.npy', infinite, /vertex 1 of .* is Infinity/);
    const two = folder.path('two.parquet');
    const column = { kind: 'number', at: () => 1 } as const;
    await writeParquet(
      two,
      [
        { name: 'a', ...column },
        { name: 'b', ...column },
      ],
      3,
    );
    await assert.rejects(readMapFile(two), { message: /has 2 columns/ });
  });

  it('leave nothing where they cannot be written', async () => {
    const like = folder.write('good.mgh', mghBytes(before));
    writeFileSync(folder.path('there.mgh'), 'mine');
    await assert.rejects(writeMapLike(Float32Array.from(after), folder.path('there.mgh'), { like }), {
      code: 'file-exists',
    });
    assert.equal(readFileSync(folder.path('there.mgh'), 'utf8'), 'mine');
  });
});
