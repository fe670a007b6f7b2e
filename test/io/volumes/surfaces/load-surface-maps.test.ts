import assert from 'node:assert/strict';
import { categorical } from '../../../../sdk/data/people/covariate';
import { loadSurfaceMaps } from '../../../../sdk/io/volumes/surfaces/load-surface-maps';
import { readSurfaceMap } from '../../../../sdk/io/volumes/surfaces/read-surface-map';
import { curvBytes as curv, giftiArray, giftiFile } from '../../../support/surface-bytes';
import { temporaryFolder } from '../../../support/temporary-folder';
import { rejectsWith } from '../../rejects-with';
import { nibabelFiles, unpack } from '../nibabel-files';

describe('surface maps', () => {
  const folder = temporaryFolder();

  describe('are read as nibabel 5.4.2 wrote them', () => {
    for (const { name, file, values } of nibabelFiles.surfaces) {
      it(name, async () => {
        const map = await readSurfaceMap(folder.write(name, unpack(file)));
        // nibabel writes text with six digits.
        const tolerance = name.startsWith('ascii') ? 1e-6 : 0;
        assert.equal(map.length, values.length);
        values.forEach((value, i) => assert.ok(Math.abs(map[i] - value) <= tolerance, `${map[i]} ${value}`));
      });
    }
  });

  it('are read in the old curvature format, in hundredths', async () => {
    const bytes = Buffer.alloc(6 + 2 * 3);
    bytes.writeUIntBE(3, 0, 3);
    [250, -12, 0].forEach((value, i) => bytes.writeInt16BE(value, 6 + 2 * i));
    assert.deepEqual(
      [...(await readSurfaceMap(folder.write('lh.old', bytes)))].map((v) => v.toFixed(2)),
      ['2.50', '-0.12', '0.00'],
    );
  });

  it('become a table with a column per vertex', async () => {
    const files = [
      [1, 2, 3],
      [4, NaN, 6],
    ].map((values, i) => folder.write(`lh.area${i}`, curv(values)));
    const sex = categorical('sex', ['F', 'M']);
    const cohort = await loadSurfaceMaps(
      files.map((file, i) => ({ id: `s${i}`, site: `site${i}`, file })),
      { covariates: [sex] },
    );
    assert.deepEqual(cohort.features.features, ['vertex0', 'vertex1', 'vertex2']);
    assert.deepEqual([...cohort.features.values], [1, 2, 3, 4, NaN, 6]);
    assert.deepEqual(cohort.participants, {
      ids: ['s0', 's1'],
      persons: ['s0', 's1'],
      sites: ['site0', 'site1'],
      covariates: [sex],
    });
    assert.deepEqual(
      cohort.issues.map(({ code }) => code),
      ['missing-cells'],
    );
    assert.deepEqual(cohort.provenance[0].options, {
      subjects: 2,
      vertices: [3],
      covariates: [{ name: 'sex', kind: 'categorical', levels: ['F', 'M'] }],
    });
  });

  it('join both hemispheres', async () => {
    const left = folder.write('lh.sulc', curv([1, 2]));
    const right = folder.write('rh.sulc', curv([3, 4, 5]));
    const entries = [{ id: 'a', site: 'A', left, right }];
    const { features } = await loadSurfaceMaps(entries);
    assert.deepEqual(features.features, ['lh.0', 'lh.1', 'rh.0', 'rh.1', 'rh.2']);
    assert.deepEqual([...features.values], [1, 2, 3, 4, 5]);
    const named = await loadSurfaceMaps(entries, { prefix: 'sulc.' });
    assert.equal(named.features.features[2], 'sulc.rh.0');
  });

  it('say so where their metadata name the other hemisphere than they are given as', async () => {
    const note = '<MD><Name>AnatomicalStructurePrimary</Name><Value>CortexLeft</Value></MD>';
    const text = giftiFile(giftiArray({ values: [1, 2] })).replace(
      '<MetaData/>',
      `<MetaData>${note}</MetaData>`,
    );
    const file = folder.write('one.shape.gii', text);
    const { issues } = await loadSurfaceMaps([{ id: 'a', site: 'A', left: file, right: file }]);
    assert.deepEqual(
      issues.map(({ code, message }) => `${code}: ${message}`),
      [
        'mixed-maps: one.shape.gii, given as right, names the other hemisphere in its metadata (AnatomicalStructurePrimary)',
      ],
    );
    assert.deepEqual((await loadSurfaceMaps([{ id: 'a', site: 'A', file }])).issues, []);
  });

  it('are left out with an issue naming both files when they are of another surface than most', async () => {
    const entries = [2, 3, 3].map((count, i) => {
      const file = folder.write(`lh.map${i}`, curv(Array.from({ length: count }, (_, k) => k)));
      return { id: `s${i}`, site: 'A', file };
    });
    const broken = {
      id: 'broken',
      site: 'A',
      file: folder.write('lh.broken', curv([1, 2, 3]).subarray(0, 20)),
    };
    const cohort = await loadSurfaceMaps([...entries, broken]);
    assert.deepEqual(cohort.participants.ids, ['s1', 's2']);
    assert.deepEqual(
      cohort.issues.map(({ code, where }) => [code, where.subject]),
      [
        ['unusable-scan', 'broken'],
        ['unusable-scan', 's0'],
      ],
    );
    assert.match(cohort.issues[1].message, /lh\.map0 has 2 vertices and .*lh\.map1 3 /);
    await rejectsWith(loadSurfaceMaps(entries, { strict: true }), {
      code: 'different-grids',
      says: ['lh.map0', 'lh.map1'],
    });
    await rejectsWith(loadSurfaceMaps([broken]), { code: 'too-little-data', says: ['lh.broken'] });
  });

  it('that are damaged are refused, naming file and cause', async () => {
    const [gzipped] = nibabelFiles.surfaces.filter(({ name }) => name === 'b64gz.shape.gii');
    const text = unpack(gzipped.file).toString();
    const [ascii] = nibabelFiles.surfaces.filter(({ name }) => name === 'ascii.shape.gii');
    const words = unpack(ascii.file).toString();
    const cases: readonly (readonly [string, string | Buffer, string])[] = [
      ['cut.gii', text.slice(0, -40), 'ends before'],
      ['other.gii', '<html></html>', 'no element GIFTI'],
      ['empty.gii', text.replace(/<DataArray[^]*<\/DataArray>/, ''), 'geometry only'],
      ['data.gii', text.replace(/<Data>.{8}/, '<Data>AAAAAAAA'), 'cannot be unpacked'],
      ['count.gii', text.replace('Dim0="5"', 'Dim0="6"'), 'not a map of 6 vertices'],
      ['matrix.gii', text.replace('Dimensionality="1"', 'Dimensionality="2" Dim1="3"'), '5 × 3'],
      ['words.gii', words.replace('4.125', 'four'), '"four000" is not a number'],
      ['fewer.gii', words.replace(/4\.125\d*/, ''), '4 values'],
      ['lh.long', Buffer.concat([curv([1, 2]), Buffer.alloc(3)]), 'not a map of 2 vertices'],
      ['lh.tiny', Buffer.alloc(4), '4 bytes'],
    ];
    for (const [name, bytes, says] of cases) {
      const path = folder.write(name, bytes);
      await rejectsWith(readSurfaceMap(path), {
        code: 'malformed-image',
        says: [name, says],
        where: { file: path },
      });
    }
    await rejectsWith(readSurfaceMap(folder.write('lh.vector', curv([1, 2, 3], 3))), {
      code: 'unsupported-format',
      says: ['3 values per vertex'],
    });
    await rejectsWith(readSurfaceMap(folder.write('apart.gii', text.replace('GZipBase64', 'ExternalFile'))), {
      code: 'unsupported-format',
      says: ['ExternalFileBinary'],
    });
    await rejectsWith(readSurfaceMap(folder.write('lh.infinite', curv([1, Infinity]))), {
      code: 'invalid-voxels',
      says: ['vertex 1', 'Infinity'],
    });
    await rejectsWith(readSurfaceMap(folder.path('lh.absent')), {
      code: 'unreadable-file',
      says: ['lh.absent'],
    });
  });
});
