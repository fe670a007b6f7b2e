import assert from 'node:assert/strict';
import { makeVolume } from '../../../sdk/data/images/volume';
import type { VolumeCohort } from '../../../sdk/data/cohort';
import type { ConcordError } from '../../../sdk/errors';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import type { LoadBidsOptions } from '../../../sdk/io/bids/load-bids-options';
import { writeBids } from '../../../sdk/io/bids/written/write-bids';
import { rejectsWith } from '../rejects-with';
import { niftiBytes, countingVoxels } from '../../support/nifti-bytes';
import { temporaryFolder } from '../../support/temporary-folder';
import type { FileContent } from './tiny-dataset';
import { derivativeDescription, rawDescription, tinyMask, tinyVolume, writeFiles } from './tiny-dataset';

const said = ({ issues }: VolumeCohort, code: string): readonly string[] =>
  issues.filter((issue) => issue.code === code).map(({ message }) => message);

/** Datasets as people have them, each of which was once refused, misread, or changed in silence. */
describe('loadBids takes', () => {
  const folder = temporaryFolder();
  let count = 0;
  const dataset = (files: Readonly<Record<string, FileContent>>): Promise<string> =>
    writeFiles(folder.path(`dataset${count++}`), { 'dataset_description.json': rawDescription, ...files });
  const scan = (subject: string, rest = 'T1w'): Readonly<Record<string, FileContent>> => ({
    [`sub-${subject}/anat/sub-${subject}_${rest}.nii.gz`]: tinyVolume(),
  });

  it('a dataset that says nothing of sites, which is written with none', async () => {
    const people = [
      ['participant_id', 'age'],
      ['sub-01', '31'],
      ['sub-02', '44'],
    ];
    const root = await dataset({ 'participants.tsv': people, ...scan('01'), ...scan('02') });
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.sites, ['n/a', 'n/a']);
    assert.match(said(cohort, 'missing-site')[0], /does not say where its scans were made/);
    const named = await loadBids(root, { site: { name: 'Kiel' } });
    assert.deepEqual(named.participants.sites, ['Kiel', 'Kiel']);
    assert.deepEqual(said(named, 'missing-site'), []);
    const { root: written } = await writeBids(cohort, folder.path('without-sites'));
    await rejectsWith(loadBids(written, { missingSite: 'drop' }), { code: 'missing-value', says: ['site'] });
  });

  it('ids that lost their zeros, and those only', async () => {
    const table = (...ids: readonly string[]): FileContent => [
      ['participant_id', 'site'],
      ...ids.map((id, row) => [id, `site${row}`]),
    ];
    const files = { ...scan('00951456'), ...scan('00951457') };
    const cohort = await loadBids(
      await dataset({ ...files, 'participants.tsv': table('951456', 'sub-951457') }),
    );
    assert.deepEqual(cohort.participants.sites, ['site0', 'site1']);
    assert.match(said(cohort, 'joined-loosely')[0], /2 of the folders.*"sub-00951456" with "951456"/);
    // Two folders that differ in zeros only, and one row: it belongs to the one that is written like it.
    const alike = await loadBids(
      await dataset({ ...scan('1'), ...scan('01'), 'participants.tsv': table('sub-1') }),
    );
    assert.deepEqual(alike.participants.sites, ['n/a', 'site0'], 'sub-01, sub-1');
    assert.deepEqual(said(alike, 'joined-loosely'), []);
    const unlike = await dataset({ ...files, 'participants.tsv': table('A1', 'A2') });
    await assert.rejects(loadBids(unlike, { missingSite: 'drop' }), (error: ConcordError) => {
      assert.equal(error.code, 'missing-value');
      assert.deepEqual(
        error.issues.map(({ code }) => code),
        ['unmatched-subject', 'unmatched-subject'],
      );
      assert.match(error.message, /noticed before: in participants.tsv, but without a scan.*"sub-A1"/);
      return true;
    });
  });

  it('sessions that are written otherwise in their table, and says which are not there', async () => {
    const sessions = (...rows: readonly (readonly string[])[]): FileContent => [
      ['session_id', 'site'],
      ...rows,
    ];
    const files = {
      'participants.tsv': [
        ['participant_id', 'site'],
        ['sub-01', 'A'],
      ],
      'sub-01/ses-01/anat/sub-01_ses-01_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-02/anat/sub-01_ses-02_T1w.nii.gz': tinyVolume(),
    };
    const table = 'sub-01/sub-01_sessions.tsv';
    const joined = await loadBids(
      await dataset({ ...files, [table]: sessions(['ses-1', 'X'], ['ses-2', 'Y']) }),
    );
    assert.deepEqual(joined.participants.sites, ['X', 'Y']);
    assert.match(said(joined, 'joined-loosely')[0], /"ses-01" with "ses-1"/);
    const other = await loadBids(
      await dataset({ ...files, [table]: sessions(['ses-baseline', 'X'], ['ses-02', 'Y']) }),
    );
    assert.deepEqual(other.participants.sites, ['A', 'Y']);
    const [message] = said(other, 'unmatched-session');
    assert.match(
      message,
      /no row for "ses-01" \(it has "ses-baseline", "ses-02"\).*comes from participants.tsv/,
    );
  });

  it('quotes in tables as they are', async () => {
    const notes = [`height 5'2"`, '"left" handed', '"unclosed', 'close"'];
    const people = notes.map((note, row) => [`sub-0${row}`, 'A', note]);
    const root = await dataset({
      'participants.tsv': [['participant_id', 'site', 'note'], ...people],
      ...Object.fromEntries(notes.flatMap((_, row) => Object.entries(scan(`0${row}`)))),
    });
    const { participants } = await loadBids(root);
    const [note] = participants.covariates;
    assert.deepEqual(note.kind === 'categorical' && [...note.codes].map((code) => note.levels[code]), notes);
  });

  it('magnitudes, and phases only where they are asked for', async () => {
    const root = await dataset({
      ...scan('01', 'part-mag_T1w'),
      ...scan('01', 'part-phase_T1w'),
      ...scan('02', 'part-real_T1w'),
      ...scan('03'),
    });
    const files = async (options: LoadBidsOptions): Promise<readonly string[]> =>
      (await loadBids(root, options)).scans.map(({ file = '' }) => file.slice(file.lastIndexOf('/') + 1));
    assert.deepEqual(await files({}), ['sub-01_part-mag_T1w.nii.gz', 'sub-03_T1w.nii.gz']);
    assert.match(
      said(await loadBids(root), 'skipped-scan')[0],
      /2 of 4 images left out.*part-phase.*part-real/,
    );
    assert.deepEqual(await files({ entities: { part: 'phase' } }), ['sub-01_part-phase_T1w.nii.gz']);
    await rejectsWith(loadBids(root, { subjects: ['02'] }), {
      code: 'invalid-dataset',
      says: ['no magnitudes', 'entities.part: "real"'],
    });
  });

  it('one of several echoes without asking, but says so', async () => {
    const root = await dataset({ ...scan('01', 'echo-1_T1w'), ...scan('01', 'echo-2_T1w') });
    assert.match(said(await loadBids(root), 'several-images')[0], /differ in "echo" \("1", "2"\)/);
    const first = await loadBids(root, { entities: { echo: '01' } });
    assert.equal(first.scans.length, 1);
    assert.deepEqual(said(first, 'several-images'), []);
  });

  it('the first frame of a series, and says so', async () => {
    const root = await dataset({});
    folder.write('series.nii', niftiBytes({ dim: [4, 2, 3, 2, 2], voxels: countingVoxels(24) }));
    await writeFiles(root, { 'sub-01/anat/sub-01_T1w.json': {} });
    const { copyFileSync } = await import('node:fs');
    copyFileSync(folder.path('series.nii'), `${root}/sub-01/anat/sub-01_T1w.nii`);
    const cohort = await loadBids(root);
    assert.match(said(cohort, 'several-frames')[0], /sub-01_T1w.nii has 2 frames/);
    const opened = await cohort.scans[0].open();
    assert.deepEqual([opened.data[0], opened.issues], [1, []], 'said once');
    const second = await loadBids(root, { frame: 1 });
    assert.deepEqual(said(second, 'several-frames'), []);
    assert.equal((await second.scans[0].open()).data[0], 13);
    const unchecked = await loadBids(root, { check: 'none' });
    const { issues } = await unchecked.scans[0].open();
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['several-frames'],
    );
  });

  it('a mask that fits, and none that does not', async () => {
    const root = await dataset({
      'dataset_description.json': derivativeDescription,
      'sub-01/anat/sub-01_desc-preproc_T1w.nii.gz': tinyVolume(),
      'sub-01/anat/sub-01_desc-preproc_T2w.nii.gz': tinyVolume(1, [5, 3, 3]),
      'sub-01/anat/sub-01_desc-brain_mask.nii.gz': tinyMask(),
    });
    for (const check of ['header', 'full', 'none'] as const) {
      const fits = await loadBids(root, { check });
      assert.deepEqual((await fits.scans[0].open()).mask, Uint8Array.from(tinyMask().data));
      const other = await loadBids(root, { check, suffix: 'T2w' });
      const { mask, issues } = await other.scans[0].open();
      assert.equal(mask, undefined);
      const [message] = [...other.issues, ...issues]
        .filter(({ code }) => code === 'unfit-mask')
        .map(({ message: text }) => text);
      assert.match(message, /sub-01_desc-brain_mask.nii.gz beside it is not used/);
    }
    await writeFiles(root, {
      'sub-01/anat/sub-01_desc-preproc_T2w.json': {
        BrainMask: 'bids::sub-01/anat/sub-01_desc-brain_mask.nii.gz',
      },
    });
    await rejectsWith(loadBids(root, { suffix: 'T2w' }), {
      code: 'too-little-data',
      says: ['different grids'],
    });
  });

  it('suffixes in any letters, which are written as the standard has them', async () => {
    const root = await dataset({ ...scan('01', 't2W'), 'T2w.json': { EchoTime: 0.1 } });
    const cohort = await loadBids(root, { suffix: 'T2w' });
    assert.deepEqual(cohort.scans[0].scanner, { echoTime: 0.1 });
    const { files } = await writeBids(cohort, folder.path('letters'));
    assert.ok(files.includes('sub-01/anat/sub-01_desc-harmonized_T2w.nii.gz'), files.join(' '));
  });

  it('an empty mask for none', async () => {
    const nothing = makeVolume(new Float32Array(36), { shape: [4, 3, 3], affine: tinyVolume().affine });
    const root = await dataset({ ...scan('01'), 'sub-01/anat/sub-01_mask.nii.gz': nothing });
    const { mask, issues } = await (await loadBids(root)).scans[0].open();
    assert.equal(mask, undefined);
    assert.match(issues[0].message, /not used as its mask: empty mask/);
  });

  it('one scanner for one site, whatever a sidecar lacks', async () => {
    const scanner = { Manufacturer: 'Siemens', ManufacturersModelName: 'Prisma', StationName: 'MRC35343' };
    const without = (field: string): FileContent =>
      Object.fromEntries(Object.entries(scanner).filter(([name]) => name !== field));
    const sidecars = async (...contents: readonly FileContent[]): Promise<VolumeCohort> => {
      const files = contents.flatMap((content, row) => [
        ...Object.entries(scan(`0${row}`)),
        [`sub-0${row}/anat/sub-0${row}_T1w.json`, content] as const,
      ]);
      return loadBids(await dataset(Object.fromEntries(files)));
    };
    const sites = (cohort: VolumeCohort): readonly string[] => cohort.participants.sites;
    const whole = 'Siemens · Prisma · MRC35343';
    assert.deepEqual(sites(await sidecars(scanner, scanner)), [whole, whole]);
    const lacking = await sidecars(scanner, scanner, without('StationName'));
    assert.deepEqual(sites(lacking), Array(3).fill('Siemens · Prisma'));
    assert.match(said(lacking, 'partial-sidecars')[0], /StationName is left out .*1 of 3 scans lack it/);
    // With two stations it could be either, so that its site is not known.
    const second = { ...scanner, StationName: 'MRC40000' };
    const either = await sidecars(scanner, second, without('StationName'));
    assert.deepEqual(sites(either), [whole, 'Siemens · Prisma · MRC40000', 'n/a']);
    assert.match(said(either, 'missing-site')[0], /1 of its 3 scans/);
    // Another scanner, whose sidecars never say the station, is not touched by it.
    const other = { Manufacturer: 'GE', ManufacturersModelName: 'Premier' };
    assert.deepEqual(sites(await sidecars(scanner, scanner, other)), [whole, whole, 'GE · Premier']);
    assert.deepEqual(sites(await sidecars(scanner, {})), [whole, 'n/a']);
  });

  it('scanners written in several ways for several, and says so', async () => {
    const sidecar = (Manufacturer: string, ManufacturersModelName: string): FileContent => ({
      Manufacturer,
      ManufacturersModelName,
    });
    const root = await dataset({
      ...scan('01'),
      ...scan('02'),
      ...scan('03'),
      'sub-01/anat/sub-01_T1w.json': sidecar('Siemens', 'Prisma fit'),
      'sub-02/anat/sub-02_T1w.json': sidecar('SIEMENS', 'Prisma_fit'),
      'sub-03/anat/sub-03_T1w.json': sidecar('Siemens', 'Prisma fit'),
    });
    const apart = await loadBids(root);
    assert.equal(new Set(apart.participants.sites).size, 2);
    assert.match(
      said(apart, 'near-equal-labels')[0],
      /"Siemens · Prisma fit" \(2\), "SIEMENS · Prisma_fit" \(1\)/,
    );
    const one = await loadBids(root, { sameSite: 'fold' });
    assert.deepEqual([...new Set(one.participants.sites)], ['Siemens · Prisma fit']);
    const named = await loadBids(root, { sameSite: { 'SIEMENS · Prisma_fit': 'Siemens · Prisma fit' } });
    assert.equal(new Set(named.participants.sites).size, 1);
  });

  it('a scanner whose maker has several names for several, says so, and merges them only when asked', async () => {
    const sidecar = (Manufacturer: string): FileContent => ({
      Manufacturer,
      ManufacturersModelName: 'Signa HDxt',
    });
    const root = await dataset({
      ...scan('01'),
      ...scan('02'),
      ...scan('03'),
      'sub-01/anat/sub-01_T1w.json': sidecar('GE MEDICAL SYSTEMS'),
      'sub-02/anat/sub-02_T1w.json': sidecar('GE'),
      'sub-03/anat/sub-03_T1w.json': sidecar('GE Healthcare'),
    });
    const apart = await loadBids(root);
    assert.equal(new Set(apart.participants.sites).size, 3);
    assert.deepEqual(said(apart, 'near-equal-labels'), [
      'sites in column "Manufacturer, ManufacturersModelName, StationName" of the JSON sidecars differ only in how they ' +
        'are written, or what the maker of the scanner is called: "GE Healthcare · Signa HDxt" (1), ' +
        '"GE MEDICAL SYSTEMS · Signa HDxt" (1), "GE · Signa HDxt" (1)',
    ]);
    assert.equal(said(apart, 'merged-labels').length, 0);
    const one = await loadBids(root, { sameSite: 'fold' });
    assert.equal(new Set(one.participants.sites).size, 1);
    assert.equal(said(one, 'merged-labels').length, 1);
  });

  it('a site spelled in several ways as one, which a task of one person spells as a run of everybody does', async () => {
    const labels = ['01', '02', '03', '04'];
    const scans = Object.assign({}, ...labels.map((label) => scan(label))) as Readonly<
      Record<string, FileContent>
    >;
    const spellings = ['siteA', 'Site A', 'siteA', 'B'];
    const participants = [
      ['participant_id', 'site'],
      ...labels.map((label, at) => [`sub-${label}`, spellings[at]]),
    ];
    const sidecars = Object.fromEntries(
      labels.map((label, at) => [
        `sub-${label}/anat/sub-${label}_T1w.json`,
        { Manufacturer: spellings[at], ManufacturersModelName: 'one' },
      ]),
    );
    for (const files of [
      { ...scans, 'participants.tsv': participants },
      { ...scans, ...sidecars },
    ]) {
      const root = await dataset(files);
      const whole = await loadBids(root, { sameSite: 'fold' });
      assert.equal(new Set(whole.participants.sites).size, 2);
      const tasks: string[] = [];
      for (const label of labels) {
        const task = await loadBids(root, { sameSite: 'fold', subjects: [label] });
        assert.equal(said(task, 'merged-labels').length, 1);
        tasks.push(...task.participants.sites);
      }
      assert.deepEqual(tasks, whole.participants.sites);
    }
  });

  it('sidecars whose numbers are written with other zeros', async () => {
    const root = await dataset({
      ...scan('01', 'run-01_T1w'),
      ...scan('01', 'run-02_T1w'),
      'sub-01/anat/sub-01_run-1_T1w.json': { EchoTime: 0.001 },
      'run-2_T1w.json': { EchoTime: 0.002 },
      'sub-1_T1w.json': { FlipAngle: 90 },
    });
    const { scans } = await loadBids(root);
    assert.deepEqual(
      scans.map(({ scanner }) => scanner),
      [{ echoTime: 0.001 }, { echoTime: 0.002 }],
    );
  });

  it('persons by a column, who may be several participants', async () => {
    const table = [
      ['participant_id', 'site', 'person_id', 'twin'],
      ['sub-A1', 'A', 'P1', 'x'],
      ['sub-B1', 'B', 'P1', 'y'],
      ['sub-B2', 'B', 'P2', 'n/a'],
    ];
    const root = await dataset({ 'participants.tsv': table, ...scan('A1'), ...scan('B1'), ...scan('B2') });
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.persons, ['P1', 'P1', 'P2']);
    assert.match(said(cohort, 'inferred-person')[0], /"person_id" of participants.tsv/);
    await rejectsWith(loadBids(root, { person: 'twin' }), {
      code: 'missing-value',
      says: ['sub-B2', '"twin"'],
    });
    await rejectsWith(loadBids(root, { person: 'perso_id' }), {
      code: 'unknown-column',
      says: ['person_id'],
    });
    const { root: written } = await writeBids(cohort, folder.path('persons'));
    const again = await loadBids(written);
    assert.deepEqual(again.participants.persons, ['P1', 'P1', 'P2']);
    assert.deepEqual(
      again.scans.map(({ subject }) => subject),
      ['sub-A1', 'sub-B1', 'sub-B2'],
    );
  });

  it('no options that are none', async () => {
    const root = await dataset(scan('01'));
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ site: { colum: 'site' } }, 'invalid site: an object with "colum"'],
      [{ site: 'site' }, 'invalid site: "site"'],
      [{ site: null }, 'invalid site: null'],
      [{ site: { column: 3 } }, 'invalid site'],
      [{ site: { sidecar: 'Manufacturer' } }, 'invalid site'],
      [{ site: { sidecar: [] } }, 'invalid site'],
      [{ site: { session: false } }, 'invalid site'],
      [{ site: { name: 'n/a' } }, 'invalid site'],
      [{ site: { name: 'A', column: 'site' } }, 'invalid site'],
      [{ subjects: '01' }, 'invalid subjects: "01"'],
      [{ entities: ['acq'] }, 'invalid entities'],
      [{ space: 3 }, 'invalid space: 3'],
      [{ suffix: [] as const, frame: -1 }, 'invalid frame: -1'],
      [{ missingSite: 'skip' }, 'invalid missingSite'],
      [{ covariates: 'age' }, 'invalid covariates: "age"'],
      [{ missing: 'NA' }, 'invalid missing: "NA"'],
    ];
    for (const [options, says] of wrong) {
      await rejectsWith(loadBids(root, options as LoadBidsOptions), { code: 'invalid-option', says: [says] });
    }
  });
});
