import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { continuous } from '../../../sdk/data/people/covariate';
import { streamVolumes } from '../../../sdk/math/images/stream-volumes';
import type { VolumeEntry } from '../../../sdk/io/volumes/load-volumes';
import { loadVolumes } from '../../../sdk/io/volumes/load-volumes';
import { scanFile } from '../../../sdk/io/volumes/scan-file';
import { readMask } from '../../../sdk/io/volumes/read-mask';
import { readVolume } from '../../../sdk/io/volumes/read-volume';
import { countingVoxels, niftiBytes } from '../../support/nifti-bytes';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

describe('loading scans', () => {
  const folder = temporaryFolder();
  const zeros = new Uint8Array(24);
  const half = new Uint8Array(Int16Array.from({ length: 12 }, (_, i) => (i < 5 ? 0 : 3)).buffer);

  before(() => {
    mkdirSync(folder.path('scans'));
    for (const name of ['one', 'two', 'three']) folder.write(`scans/${name}.nii`, niftiBytes());
    folder.write('scans/mask.nii', niftiBytes({ voxels: half }));
    folder.write('scans/empty-mask.nii', niftiBytes({ voxels: zeros }));
    folder.write('scans/zero.nii', niftiBytes({ voxels: zeros }));
    folder.write('scans/magic.nii', niftiBytes({ magic: 'xyz\0' }));
    folder.write('scans/small.nii', niftiBytes({ dim: [3, 1, 3, 2], voxels: countingVoxels(6) }));
    folder.write('scans/moved.nii', niftiBytes({ sform: [2, 0, 0, 5, 0, 2, 0, 0, 0, 0, 2, 0] }));
  });
  const scan = (id: string, file = id, more: Partial<VolumeEntry> = {}): VolumeEntry => ({
    id,
    site: id === 'two' ? 'B' : 'A',
    file: folder.path(`scans/${file}.nii`),
    ...more,
  });

  it('makes a cohort of entries that opens one scan at a time', async () => {
    const age = continuous('age', [20, 30, 40], 'years');
    const entries = [
      scan('one', 'one', { subject: 'P', session: '1', suffix: 'T1w' }),
      scan('two'),
      scan('three'),
    ];
    const cohort = await loadVolumes(entries, { covariates: [age] });
    assert.deepEqual(cohort.participants.ids, ['one', 'two', 'three']);
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'A']);
    assert.deepEqual(cohort.participants.covariates, [age]);
    const [first, second] = cohort.scans;
    assert.deepEqual([first.subject, first.session, first.suffix], ['P', '1', 'T1w']);
    assert.deepEqual(
      [second.subject, second.session, second.file],
      ['two', undefined, folder.path('scans/two.nii')],
    );
    const seen: number[] = [];
    const { rows, issues } = await streamVolumes(cohort, (volume) => {
      seen.push(volume.data[11]);
    });
    assert.deepEqual([seen, rows, issues], [[12, 12, 12], [0, 1, 2], []]);
    assert.deepEqual(
      cohort.provenance.map(({ step, options }) => [step, options]),
      [
        [
          'loadVolumes',
          {
            scans: 3,
            check: 'header',
            frame: 0,
            nonFinite: 'error',
            covariates: [{ name: 'age', kind: 'continuous', unit: 'years' }],
          },
        ],
      ],
    );
  });

  it('leaves out, with an issue each, what the headers show to be unusable', async () => {
    const entries = [
      scan('one'),
      scan('two', 'absent'),
      scan('three', 'magic'),
      scan('four', 'one', { mask: folder.path('scans/small.nii') }),
      scan('five', 'zero'),
    ];
    const covariates = [continuous('age', [20, 30, 40, 50, 60])];
    const cohort = await loadVolumes(entries, { covariates });
    // A volume of zeros has a good header: it is found when it is opened.
    assert.deepEqual(cohort.participants.ids, ['one', 'five']);
    assert.deepEqual(cohort.participants.covariates, [continuous('age', [20, 60])]);
    assert.deepEqual(
      cohort.issues.map(({ code, where }) => [code, where.subject]),
      [
        ['unusable-scan', 'two'],
        ['unusable-scan', 'three'],
        ['unusable-scan', 'four'],
      ],
    );
    assert.match(cohort.issues[0].message, /^two: cannot read .*absent\.nii: there is no such file$/);
    assert.match(cohort.issues[2].message, /small\.nii .*1 × 3 × 2 voxels for an image of 2 × 3 × 2/);
    const opened = await streamVolumes(cohort, () => undefined);
    assert.deepEqual(opened.rows, [0]);
    assert.match(opened.issues[0].message, /^five: invalid voxels: all 12 voxels/);
    await rejectsWith(loadVolumes(entries, { covariates, strict: true }), {
      code: 'unreadable-file',
      says: ['absent.nii'],
    });
  });

  it('checks nothing, or everything, when asked', async () => {
    const entries = [scan('one'), scan('two', 'absent'), scan('three', 'zero')];
    const unchecked = await loadVolumes(entries, { check: 'none' });
    assert.deepEqual([unchecked.scans.length, unchecked.issues], [3, []]);
    const progress: number[] = [];
    const full = await loadVolumes(entries, { check: 'full', onProgress: ({ done }) => progress.push(done) });
    assert.deepEqual([full.participants.ids, full.issues.length, progress], [['one'], 2, [1, 2, 3]]);
    await rejectsWith(loadVolumes(entries.slice(1), { check: 'full' }), {
      code: 'too-little-data',
      says: ['no usable scan', 'absent.nii'],
    });
    await rejectsWith(loadVolumes([]), { code: 'too-little-data', says: ['no scans'] });
    await rejectsWith(loadVolumes(entries, { check: 'some' as 'full' }), {
      code: 'invalid-option',
      says: ['some'],
    });
    const signal = AbortSignal.abort();
    await rejectsWith(loadVolumes(entries, { signal }), { code: 'aborted', says: [] });
  });

  it('reads a table, its files relative to it', async () => {
    const table = folder.write(
      'scans.csv',
      'id,subject,site,file,mask,age\n' +
        'a1,a,A,scans/one.nii,scans/mask.nii,31\n' +
        'a2,a,B,scans/two.nii,,31\n' +
        'b1,b,A,,,50\n' +
        'c1,c,B,scans/magic.nii,,40\n',
    );
    const cohort = await loadVolumes(table, { covariates: [{ name: 'age', unit: 'years' }] });
    assert.deepEqual(cohort.participants.ids, ['a1', 'a2']);
    assert.deepEqual(cohort.participants.covariates, [continuous('age', [31, 31], 'years')]);
    assert.deepEqual(
      cohort.scans.map(({ subject }) => subject),
      ['a', 'a'],
    );
    assert.deepEqual(
      cohort.issues.map(({ code, where }) => [code, where.subject ?? where.file]),
      [
        ['inferred-covariate', 'scans.csv'],
        ['unusable-scan', 'b1'],
        ['unusable-scan', 'c1'],
      ],
    );
    const first = await cohort.scans[0].open();
    const second = await cohort.scans[1].open();
    assert.deepEqual(first.mask, Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1));
    assert.equal(second.mask, undefined);
    assert.deepEqual(
      first.provenance.map(({ step, options }) => [step, options]),
      [
        ['readVolume', { file: 'one.nii', frame: 0, nonFinite: 'error' }],
        ['readMask', { file: 'mask.nii' }],
      ],
    );
  });

  it('doubts what a table says of sites and covariates, and takes what is said to be the same', async () => {
    const rows = Array.from({ length: 8 }, (_, at) => {
      const age = [31, 35, 999, 28, 39, 52, 47, 44][at];
      return `s${at},${['Oslo', 'OSLO ', 'Ulm', 'Oslo'][at % 4]},scans/one.nii,${age}\n`;
    });
    const table = folder.write('doubts.csv', `id,site,file,age\n${rows.join('')}`);
    const plain = await loadVolumes(table, { covariates: ['age'], check: 'none' });
    const codes = plain.issues.map(({ code }) => code);
    assert.deepEqual(codes, ['near-equal-labels', 'inferred-covariate', 'doubtful-value']);
    const same = await loadVolumes(table, { covariates: ['age'], check: 'none', sameSite: 'fold' });
    assert.deepEqual([...new Set(same.participants.sites)], ['Oslo', 'Ulm']);
  });

  it('says what is wrong with a table or a call', async () => {
    const table = folder.write('bad.csv', 'participant_id,site,path\na,A,scans/one.nii\n');
    await rejectsWith(loadVolumes(table), { code: 'unknown-column', says: ['"file"', 'bad.csv'] });
    const noSite = folder.write('no-site.csv', 'id,site,file\na,,scans/one.nii\n');
    await rejectsWith(loadVolumes(noSite), { code: 'missing-value', says: ['missing site', 'row 2'] });
    await rejectsWith(loadVolumes([scan('one'), scan('one')]), { code: 'duplicate-id', says: ['"one"'] });
    await rejectsWith(loadVolumes([scan('one')], { covariates: ['age'] as never }), {
      code: 'invalid-option',
      says: ['"age"', 'made with continuous'],
    });
  });

  it('opens a scan anew at every call', async () => {
    const open = scanFile(folder.path('scans/one.nii'), { mask: folder.path('scans/mask.nii') });
    const one = await open();
    const other = await open();
    assert.deepEqual(one, other);
    assert.notEqual(one.data, other.data);
    await rejectsWith(open({ signal: AbortSignal.abort() }), { code: 'aborted', says: [] });
  });

  it('reads masks that lie on the image, and no others', async () => {
    const volume = await readVolume(folder.path('scans/one.nii'));
    const mask = await readMask(folder.path('scans/mask.nii'), volume);
    assert.deepEqual([...mask], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    await rejectsWith(readMask(folder.path('scans/small.nii'), volume), {
      code: 'different-grids',
      says: ['1 × 3 × 2', '2 × 3 × 2'],
    });
    await rejectsWith(readMask(folder.path('scans/moved.nii'), volume), {
      code: 'different-grids',
      says: ['affines differ'],
    });
    await rejectsWith(readMask(folder.path('scans/empty-mask.nii'), volume), {
      code: 'invalid-voxels',
      says: ['empty mask'],
    });
  });
});
