import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { loadSurfaceMaps } from '../../../../sdk/io/volumes/surfaces/load-surface-maps';
import { readSurfaceMap } from '../../../../sdk/io/volumes/surfaces/read-surface-map';
import { niftiBytes } from '../../../support/nifti-bytes';
import { curvBytes, giftiArray, giftiFile } from '../../../support/surface-bytes';
import { temporaryFolder } from '../../../support/temporary-folder';
import { rejectsWith } from '../../rejects-with';
import { nibabelImage, unpack } from '../nibabel-files';

describe('GIFTI maps', () => {
  const folder = temporaryFolder();
  const read = (name: string, bytes: string | Uint8Array): Promise<number[]> =>
    readSurfaceMap(folder.write(name, bytes)).then((map) => [...map]);
  const refuses = async (
    name: string,
    bytes: string | Uint8Array,
    says: string,
    code: 'malformed-image' | 'unsupported-format' | 'unreadable-file' = 'malformed-image',
  ): Promise<void> => {
    const path = folder.write(name, bytes);
    await rejectsWith(readSurfaceMap(path), { code, says: [name, says], where: { file: path } });
  };
  const thickness = giftiArray({ values: [1.5, 2.5, 3.5] });

  it('are read whatever else XML allows', async () => {
    const plain = giftiFile(thickness);
    const files = {
      'after.gii': `${plain}<!-- after the root --><?and more?>\n`,
      'mark.gii': `\ufeff${plain}`,
      'greater.gii': plain.replace('<MetaData/>', '<MetaData note="a > b" />'),
      'single.gii': plain.replaceAll('"', "'"),
      'comment.gii': plain.replace('<MetaData/>', '<!-- <DataArray Intent="NIFTI_INTENT_SHAPE"> -->'),
      'cdata.gii': plain.replace('<MetaData/>', '<MetaData><![CDATA[</GIFTI><DataArray>]]></MetaData>'),
      'entities.gii': plain.replace(/<Data>(.)/, (_, letter: string) => `<Data>&#${letter.charCodeAt(0)};`),
      'in-cdata.gii': plain.replace(/<Data>(.*)<\/Data>/, '<Data><![CDATA[$1]]></Data>'),
      'lines.gii': plain.replace(/<Data>(....)/, '<Data>\n   $1\n'),
      'spaces.gii': plain.replace('Dim0="3"', 'Dim0 = " 3 "').replace('</Data>', '</Data >'),
      'upper.GII': plain,
    };
    for (const [name, text] of Object.entries(files))
      assert.deepEqual(await read(name, text), [1.5, 2.5, 3.5], name);
    const note = 'Zürich';
    const noted = plain.replace('<MetaData/>', `<MetaData><!-- ${note} --></MetaData>`);
    const latin = noted.replace('UTF-8', 'ISO-8859-1');
    assert.deepEqual(await read('latin.gii', Buffer.from(latin, 'latin1')), [1.5, 2.5, 3.5]);
    const wide = Buffer.from(`\ufeff${noted.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    assert.deepEqual(await read('wide.gii', wide), [1.5, 2.5, 3.5]);
  });

  it('are read packed with gzip, and are known by what they hold', async () => {
    assert.deepEqual(await read('lh.thickness.gii.gz', gzipSync(giftiFile(thickness))), [1.5, 2.5, 3.5]);
    assert.deepEqual(await read('packed.gii', gzipSync(giftiFile(thickness))), [1.5, 2.5, 3.5]);
    assert.deepEqual(await read('lh.thickness', giftiFile(thickness)), [1.5, 2.5, 3.5]);
    assert.deepEqual(await read('lh.area.gz', gzipSync(curvBytes([1, 2]))), [1, 2]);
  });

  it('are read as text however numbers are written', async () => {
    const data = '1e-05 2.5E+1\n-.5 +3. 1D2 NaN\t-nan(ind)';
    const array = giftiArray({ values: [1, 2, 3, 4, 5, 6, 7], encoding: 'ASCII', data });
    assert.deepEqual(await read('text.gii', giftiFile(array)), [
      Math.fround(1e-5),
      25,
      -0.5,
      3,
      100,
      NaN,
      NaN,
    ]);
    const hexadecimal = giftiArray({ values: [1], encoding: 'ASCII', data: '0x10' });
    await refuses('hexadecimal.gii', giftiFile(hexadecimal), '"0x10" is not a number');
  });

  it('with a list of vertices have values there, and none elsewhere', async () => {
    const map = (
      nodes: readonly number[],
      values: readonly number[],
      encoding: 'ASCII' | 'GZipBase64Binary',
    ): string =>
      giftiFile(
        giftiArray({ values, encoding }),
        giftiArray({ intent: 'NODE_INDEX', type: 'INT32', values: nodes, encoding }),
      );
    const a = map([5, 0, 7, 2], [1, 2, 3, 4], 'GZipBase64Binary');
    const b = map([1, 3, 4, 9], [5, 6, 7, 8], 'ASCII');
    assert.deepEqual(await read('a.gii', a), [2, NaN, 4, NaN, NaN, 1, NaN, 3]);
    assert.deepEqual(await read('b.gii', b), [NaN, 5, NaN, 6, 7, NaN, NaN, NaN, NaN, 8]);
    const file = (id: string, text: string): { id: string; site: string; file: string } => ({
      id,
      site: 'A',
      file: folder.write(`${id}.gii`, text),
    });
    const sparse = await loadSurfaceMaps([file('s1', a), file('s2', b)]);
    assert.equal(sparse.features.features.length, 10);
    assert.deepEqual([...sparse.features.values.subarray(0, 10)], [2, NaN, 4, NaN, NaN, 1, NaN, 3, NaN, NaN]);
    // A whole map says how many vertices there are.
    const whole = file('s3', giftiFile(giftiArray({ values: [1, 2, 3, 4, 5, 6, 7, 8, 9] })));
    const mixed = await loadSurfaceMaps([file('s1', a), file('s2', b), whole]);
    assert.deepEqual(mixed.participants.ids, ['s1', 's3']);
    assert.match(mixed.issues[0].message, /s2\.gii has 10 vertices and .*s3\.gii 9 /);
  });

  it('whose list of vertices is no such list are refused', async () => {
    const map = (nodes: readonly number[], more = ''): string =>
      giftiFile(thickness, giftiArray({ intent: 'NODE_INDEX', type: 'INT32', values: nodes }), more);
    await refuses('twice.gii', map([1, 2, 1]), 'vertex 1 twice');
    await refuses('short.gii', map([1, 2]), 'lists 2 vertices for 3 values');
    await refuses('negative.gii', map([1, 2, -1]), 'vertex -1');
    await refuses('far.gii', map([1, 2, 2 ** 30]), 'vertex 1073741824');
    const again = giftiArray({ intent: 'NODE_INDEX', type: 'INT32', values: [1, 2, 3] });
    await refuses('again.gii', map([1, 2, 3], again), 'more than once');
  });

  it('of which a file holds several: the first is taken, and that is said', async () => {
    const file = folder.write('two.gii', giftiFile(thickness, giftiArray({ values: [7, 8, 9] })));
    const { features, issues } = await loadSurfaceMaps([{ id: 'a', site: 'A', file }]);
    assert.deepEqual([...features.values], [1.5, 2.5, 3.5]);
    assert.deepEqual(
      issues.map(({ code, message }) => [code, message]),
      [['first-map', 'two.gii holds 2 maps, of which the first was read']],
    );
  });

  it('that claim what they do not hold are refused before room is made for it', async () => {
    const says = (attributes: Readonly<Record<string, string>>): string =>
      giftiFile(giftiArray({ values: [1, 2, 3], attributes }));
    await refuses('fraction.gii', says({ Dim0: '2.5' }), '2.5 (one value per vertex');
    await refuses('power.gii', says({ Dim0: '3e0' }), '3e0');
    await refuses('axes.gii', says({ Dimensionality: '1.5' }), '1.5');
    await refuses('huge.gii', says({ Dim0: '4000000000' }), 'at most 16,777,216 vertices');
    await refuses('endian.gii', says({ Endian: 'Middle' }), 'byte order is Middle');
    await refuses('label.gii', says({ Intent: 'NIFTI_INTENT_LABEL' }), 'labels', 'unsupported-format');
    await refuses(
      'colors.gii',
      says({ DataType: 'NIFTI_TYPE_RGB24' }),
      'NIFTI_TYPE_RGB24',
      'unsupported-format',
    );
    const wild = giftiFile(giftiArray({ values: [1, 2, 3], data: '!!!!AACAPwAAAEAA' }));
    await refuses('wild.gii', wild, 'not base64');
  });

  it('that unpack to more than they claim are refused', async () => {
    const values = Array.from({ length: 100_000 }, () => 0);
    const attributes = { Dim0: '3' };
    const packed = giftiArray({ values, encoding: 'GZipBase64Binary', attributes });
    await refuses('bomb.gii', giftiFile(packed), 'unpack to more than the 12 bytes');
    const text = giftiArray({ values, encoding: 'ASCII', attributes });
    await refuses('text.gii', giftiFile(text), 'more text than 3 values');
    const blanks = gzipSync(giftiFile(`<!-- ${' '.repeat(1000)} -->${' '.repeat(70 << 20)}`), { level: 1 });
    await refuses('blanks.gii.gz', blanks, 'unpacks to more than 67108864');
  });

  it('whose XML is broken are refused, naming the line', async () => {
    const text = giftiFile(thickness);
    await refuses('unclosed.gii', text.replace('</DataArray>', ''), 'line 3');
    await refuses('second.gii', `${text}<more/>`, 'not well-formed');
    await refuses('cut.gii', text.slice(0, -12), 'ends before');
    await refuses('plain.gii', 'thickness 1 2 3', 'outside of root');
    await refuses('entity.gii', text.replace('<MetaData/>', '<MetaData>&lol;</MetaData>'), 'not well-formed');
    await refuses('bytes.gii', Buffer.from([0x3c, 0xff, 0xfe]), 'UTF-8', 'unreadable-file');
    await refuses('words.gii', text.replace('UTF-8', 'EBCDIC'), 'EBCDIC', 'unsupported-format');
  });

  it('in volume formats are named for what they are', async () => {
    await refuses('lh.nii', niftiBytes(), 'is a NIfTI image', 'unsupported-format');
    await refuses('lh.thickness.nii.gz', gzipSync(niftiBytes()), 'is a NIfTI image', 'unsupported-format');
    await refuses('a.dscalar.nii', niftiBytes(), 'is a CIFTI file', 'unsupported-format');
    const volume = unpack(nibabelImage('free-surfer-f4.mgh').files['free-surfer-f4.mgh']);
    await refuses('brain.mgz', gzipSync(volume), 'is a volume of', 'unsupported-format');
  });
});
