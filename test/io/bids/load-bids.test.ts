import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { VolumeCohort } from '../../../sdk/data/cohort';
import type { Covariate } from '../../../sdk/data/people/covariate';
import { streamVolumes } from '../../../sdk/math/images/stream-volumes';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { rejectsWith } from '../rejects-with';
import { sharedData } from '../../support/shared-data';
import { temporaryFolder } from '../../support/temporary-folder';
import type { FileContent } from './tiny-dataset';
import { derivativeDescription, rawDescription, tinyMask, tinyVolume, writeFiles } from './tiny-dataset';
import { skipWithout } from '../../support/skipping';

/** The values of a covariate as they would be printed. */
function valuesOf(cohort: VolumeCohort, name: string): readonly (string | number | null)[] {
  const found: Covariate | undefined = cohort.participants.covariates.find((one) => one.name === name);
  assert.ok(found, `${name} is not there`);
  if (found.kind === 'continuous') return [...found.values];
  return [...found.codes].map((code) => (code === -1 ? null : found.levels[code]));
}

const said = (cohort: VolumeCohort, code: string): readonly string[] =>
  cohort.issues.filter((issue) => issue.code === code).map(({ message }) => message);

describe('loadBids', () => {
  const folder = temporaryFolder();
  let count = 0;
  const dataset = (files: Readonly<Record<string, FileContent>>): Promise<string> =>
    writeFiles(folder.path(`dataset${count++}`), files);
  const people = (...rows: readonly string[][]): FileContent => [
    ['participant_id', 'site', 'age', 'sex'],
    ...rows,
  ];
  const raw = (): Readonly<Record<string, FileContent>> => ({
    'dataset_description.json': rawDescription,
    'participants.tsv': people(
      ['sub-01', 'A', '30', 'F'],
      ['sub-02', 'B', 'n/a', 'M'],
      ['sub-03', 'B', '50', 'M'],
    ),
    'participants.json': { age: { Units: 'years' }, sex: { Levels: { M: 'male', F: 'female', O: 'other' } } },
    'T1w.json': { Manufacturer: 'GE', MagneticFieldStrength: 3, RepetitionTime: 2.3 },
    'sub-01/anat/sub-01_T1w.nii.gz': tinyVolume(1),
    'sub-02/anat/sub-02_T1w.nii.gz': tinyVolume(2),
    'sub-02/anat/sub-02_T1w.json': { Manufacturer: ' Siemens ', EchoTime: 0.003 },
    'sub-03/anat/sub-03_T1w.nii': tinyVolume(3),
    'sub-03/anat/sub-03_T2w.nii.gz': tinyVolume(4),
  });

  it('doubts covariates as tables do: marks of missing values, codes of sex, censored ages', async () => {
    const ages = ['31', '999', '45', '28', '39', '52', '47', '89+'];
    const subjects = ages.map((_, at) => `sub-${10 + at}`);
    const rows = subjects.map((id, at) => [id, 'AB'[at % 2], ages[at], ['M', 'F', 'male', 'F'][at % 4]]);
    const scans = subjects.map((id) => [`${id}/anat/${id}_T1w.nii`, tinyVolume(1)] as const);
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': people(...rows),
      ...Object.fromEntries(scans),
    });
    const plain = await loadBids(root, { check: 'none' });
    assert.deepEqual(
      plain.participants.covariates.map(({ name }) => name),
      ['sex'],
    );
    assert.match(said(plain, 'near-equal-labels')[0], /several codes for sex.*"M" \(2\), "male" \(2\)/);
    const read = await loadBids(root, { check: 'none', ageCap: 89, sameLevel: { sex: { male: 'M' } } });
    assert.deepEqual(valuesOf(read, 'age'), [31, 999, 45, 28, 39, 52, 47, 89]);
    assert.deepEqual(valuesOf(read, 'sex').slice(0, 3), ['M', 'F', 'M']);
    assert.match(said(read, 'doubtful-value')[0], /"age" holds 999 in 1 of 8 rows/);
    assert.deepEqual(said(read, 'near-equal-labels'), []);
  });

  it('loads a raw dataset, one row per scan', async () => {
    const cohort = await loadBids(await dataset(raw()));
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-02', 'sub-03']);
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'B']);
    assert.deepEqual(valuesOf(cohort, 'age'), [30, NaN, 50]);
    assert.deepEqual(valuesOf(cohort, 'sex'), ['F', 'M', 'M']);
    const [age, sex] = cohort.participants.covariates;
    assert.equal(age.kind === 'continuous' && age.unit, 'years');
    assert.deepEqual(sex.kind === 'categorical' && sex.levels, ['M', 'F']);
    assert.deepEqual(cohort.issues, []);
    assert.deepEqual(cohort.scans[2].suffix, 'T1w');
    assert.equal((await cohort.scans[2].open()).data[6], 3);
    assert.equal(cohort.provenance[0].step, 'loadBids');
    assert.deepEqual(cohort.provenance[0].options['site'], { column: 'site' });
  });

  it('inherits sidecars, the nearer winning', async () => {
    const cohort = await loadBids(await dataset(raw()));
    assert.deepEqual(cohort.scans[0].scanner, { manufacturer: 'GE', fieldStrength: 3, repetitionTime: 2.3 });
    assert.deepEqual(cohort.scans[1].scanner, {
      manufacturer: 'Siemens',
      fieldStrength: 3,
      repetitionTime: 2.3,
      echoTime: 0.003,
    });
  });

  it('matches sidecars by entities, suffix and folder', async () => {
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': people(['sub-01', 'A', '1', 'F']),
      'T1w.json': { FlipAngle: 1, StationName: 'root', InversionTime: 1 },
      'acq-b_T1w.json': { FlipAngle: 2 },
      'T2w.json': { FlipAngle: 3, ManufacturersModelName: 'wrong' },
      'sub-01/sub-01_T1w.json': { StationName: 'subject' },
      'sub-01/ses-1/sub-01_ses-1_T1w.json': { InversionTime: 2 },
      'sub-01/ses-1/anat/sub-01_ses-1_acq-a_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-1/anat/sub-01_ses-1_acq-b_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-2/anat/sub-01_ses-2_acq-b_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-2/anat/sub-01_ses-2_T1w.json': { StationName: 'session' },
    });
    const { scans } = await loadBids(root);
    assert.deepEqual(
      scans.map(({ id, scanner }) => [id, scanner?.flipAngle, scanner?.station, scanner?.inversionTime]),
      [
        ['sub-01_ses-1_acq-a', 1, 'subject', 2],
        ['sub-01_ses-1_acq-b', 2, 'subject', 2],
        ['sub-01_ses-2_acq-b', 2, 'session', 1],
      ],
    );
    assert.equal(scans[0].scanner?.model, undefined);
  });

  it('takes sessions over participants, for sites and covariates', async () => {
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': people(['01', 'A', '30', 'F'], ['02', 'B', '40', 'M']),
      'sub-01/sub-01_sessions.tsv': [
        ['session_id', 'site', 'age', 'weight'],
        ['ses-x', 'n/a', '30.5', '60'],
        ['ses-y', 'C', '31.5', '61'],
      ],
      'sub-01/ses-x/anat/sub-01_ses-x_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-y/anat/sub-01_ses-y_T1w.nii.gz': tinyVolume(),
      'sub-02/anat/sub-02_T1w.nii.gz': tinyVolume(),
    });
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.ids, ['sub-01_ses-x', 'sub-01_ses-y', 'sub-02']);
    assert.deepEqual(cohort.participants.sites, ['A', 'C', 'B']);
    assert.deepEqual(valuesOf(cohort, 'age'), [30.5, 31.5, 40]);
    assert.deepEqual(valuesOf(cohort, 'weight'), [60, 61, NaN]);
    assert.deepEqual(
      cohort.scans.map(({ subject, session }) => [subject, session]),
      [
        ['sub-01', 'x'],
        ['sub-01', 'y'],
        ['sub-02', undefined],
      ],
    );
    const kept = await loadBids(root, { site: { session: true } });
    assert.deepEqual(kept.participants.sites, ['x', 'y', 'n/a']);
    assert.match(said(kept, 'missing-site')[0], /where 1 of its 3 scans were made: "sub-02_T1w.nii.gz"/);
    const bySession = await loadBids(root, { site: { session: true }, missingSite: 'drop' });
    assert.deepEqual(bySession.participants.sites, ['x', 'y']);
    assert.match(said(bySession, 'dropped-subject')[0], /sub-02: left out: its site is missing/);
    const some = await loadBids(root, { sessions: ['ses-y'] });
    assert.deepEqual(some.participants.ids, ['sub-01']);
  });

  it('warns of ages that go down from session to session', async () => {
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': people(['01', 'A', '30', 'F']),
      'sub-01/sub-01_sessions.tsv': [
        ['session_id', 'age'],
        ['ses-1', '31.5'],
        ['ses-2', '30.5'],
      ],
      'sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz': tinyVolume(),
      'sub-01/ses-2/anat/sub-01_ses-2_T1w.nii.gz': tinyVolume(),
    });
    const [contradiction] = said(await loadBids(root), 'contradicting-scans');
    assert.match(contradiction, /of "age": "sub-01" \(31\.5 at 1, 30\.5 at 2\)/);
  });

  it('finds sites in the sidecars, and says what there is when there are none', async () => {
    const files = Object.fromEntries(Object.entries(raw()).filter(([name]) => name !== 'participants.tsv'));
    const root = await dataset(files);
    await rejectsWith(loadBids(root, { missingSite: 'drop' }), {
      code: 'missing-value',
      says: [
        'missing sites',
        'no columns beside the ids',
        'Manufacturer of 3 of 3 scans',
        'StationName of 0 of 3',
      ],
    });
    const cohort = await loadBids(root, { site: { sidecar: ['Manufacturer', 'MagneticFieldStrength'] } });
    assert.deepEqual(cohort.participants.sites, ['GE · 3', 'Siemens · 3', 'GE · 3']);
    await writeFiles(root, {
      'sub-03/anat/sub-03_T1w.json': { StationName: 'MR2' },
      'T1w.json': {
        Manufacturer: 'GE',
        ManufacturersModelName: 'Premier',
      },
    });
    const inferred = await loadBids(root);
    assert.deepEqual(inferred.participants.sites, ['GE · Premier', 'Siemens · Premier', 'GE · Premier']);
    assert.match(
      said(inferred, 'partial-sidecars')[0],
      /StationName .*GE · Premier · MR2 \(1 of 2 scans lack it\)/,
    );
    await rejectsWith(loadBids(await dataset(raw()), { site: { column: 'cite' } }), {
      code: 'unknown-column',
      says: ['"cite"', 'did you mean "site"?'],
    });
  });

  it('reports who is on one side only', async () => {
    const files = {
      ...raw(),
      'participants.tsv': people(['sub-01', 'A', '30', 'F'], ['sub-09', 'B', '40', 'M']),
    };
    const root = await dataset(files);
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-02', 'sub-03']);
    assert.deepEqual(cohort.participants.sites, ['A', 'n/a', 'n/a']);
    const messages = said(cohort, 'unmatched-subject');
    assert.equal(messages.length, 2);
    assert.match(messages[0], /without a scan of the kind asked for: "sub-09"/);
    assert.match(messages[1], /not in participants.tsv.*"sub-02", "sub-03"/);
    const fromSidecars = await loadBids(root, { site: { sidecar: ['Manufacturer'] } });
    assert.deepEqual(valuesOf(fromSidecars, 'age'), [30, NaN, NaN]);
    const one = await loadBids(root, { subjects: ['sub-01'] });
    assert.deepEqual(
      one.issues.map(({ code }) => code).filter((code) => code === 'unmatched-subject'),
      [],
    );
  });

  it('takes what can be a covariate, and says what it does not take', async () => {
    const many = Array.from({ length: 12 }, (_, row) => row + 1);
    const scans = many.map((row): [string, FileContent] => [
      `sub-${row}/anat/sub-${row}_T1w.nii.gz`,
      tinyVolume(),
    ]);
    const table: FileContent = [
      ['participant_id', 'site', 'hand', 'remark', 'species', 'iq', 'onset', 'group'],
      ...many.map((row) => [
        `sub-${row}`,
        'A',
        row % 2 ? 'left' : 'right',
        `remark ${row}`,
        'homo sapiens',
        `${90 + row}`,
        row === 3 ? '89+' : `${50 + row}`,
        'control',
      ]),
    ];
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': table,
      ...Object.fromEntries(scans),
    });
    const cohort = await loadBids(root);
    assert.deepEqual(
      cohort.participants.covariates.map(({ name, kind }) => [name, kind]),
      [
        ['hand', 'categorical'],
        ['iq', 'continuous'],
      ],
    );
    const [unused] = said(cohort, 'unused-column');
    assert.match(unused, /"remark" \(12 different texts\)/);
    assert.match(unused, /"onset" \(invalid number in participants.tsv, row 4, column "onset": "89\+"/);
    assert.match(unused, /"group" \(the same for everyone\)/);
    const named = await loadBids(root, { covariates: [{ name: 'iq', unit: 'points' }, 'group'] });
    assert.deepEqual(
      named.participants.covariates.map(({ name }) => name),
      ['iq', 'group'],
    );
    await rejectsWith(loadBids(root, { covariates: ['onset'] }), {
      code: 'invalid-number',
      says: ['89+', 'row 4'],
    });
    await rejectsWith(loadBids(root, { covariates: ['ig'] }), {
      code: 'unknown-column',
      says: ['did you mean "iq"?'],
    });
  });

  it('decides of one person by the whole table, as a task of one has to', async () => {
    const columns = ['participant_id', 'site', 'age', 'sex', 'code', 'remark', 'group'];
    const rows = ['01', '02', '03'].map((label, at) =>
      [`sub-${label}`, 'A', 30 + at, 'FMF'[at], 1 + (at % 2), ['', 'moved', 'x'][at], 'control'].join('\t'),
    );
    const root = await dataset({
      ...raw(),
      'participants.json': {},
      'participants.tsv': `${[columns.join('\t'), ...rows].join('\n')}\n`,
    });
    const kindsOf = (cohort: VolumeCohort): unknown =>
      cohort.participants.covariates.map(({ name, kind }) => [name, kind]);
    const alone = await loadBids(root, { subjects: ['01'] });
    assert.deepEqual(kindsOf(alone), [
      ['age', 'continuous'],
      ['sex', 'categorical'],
      ['code', 'categorical'],
    ]);
    const [unused, ...more] = said(alone, 'unused-column');
    assert.equal(unused, 'not taken as covariates: "remark" (no values), "group" (the same for everyone)');
    assert.deepEqual(more, []);
    const some = await loadBids(root, { subjects: ['01', '03'] });
    assert.match(said(some, 'unused-column')[0], /"sex" \(the same for all of these scans\)/);
    // A dataset of one person, of whom a table says as much.
    const single = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': 'participant_id\tage\nsub-01\t30\n',
      'sub-01/anat/sub-01_T1w.nii.gz': tinyVolume(1),
    });
    const only = await loadBids(single);
    assert.deepEqual([kindsOf(only), said(only, 'unused-column')], [[['age', 'continuous']], []]);
  });

  it('warns of an age that cannot be read, with what would make it readable', async () => {
    const rows = ['sub-01\t89+', 'sub-02\t71', 'sub-03\t64'];
    const root = await dataset({
      ...raw(),
      'participants.tsv': `participant_id\tage\n${rows.join('\n')}\n`,
    });
    const cohort = await loadBids(root, { site: { sidecar: ['Manufacturer'] } });
    assert.deepEqual(cohort.participants.covariates, []);
    const [unread] = cohort.issues.filter(({ code }) => code === 'unread-covariate');
    assert.equal(unread.severity, 'warning');
    assert.match(unread.message, /^column "age" is not taken as a covariate: .*"89\+"/);
    assert.match(unread.suggestion, /ageCap: 89/);
    const capped = await loadBids(root, { site: { sidecar: ['Manufacturer'] }, ageCap: 89 });
    assert.equal(said(capped, 'unread-covariate').length, 0);
  });

  it('accepts a table of ids alone', async () => {
    const root = await dataset({ ...raw(), 'participants.tsv': 'participant_id\nsub-01\nsub-02\n' });
    const cohort = await loadBids(root, { site: { sidecar: ['Manufacturer'] } });
    assert.deepEqual(cohort.participants.covariates, []);
    assert.match(said(cohort, 'unmatched-subject')[0], /"sub-03"/);
  });

  it('leaves bad scans out, one issue each, and the others go on', async () => {
    const files = Object.fromEntries(
      ['02', '03', '04', '05', '06'].map((label): [string, FileContent] => [
        `sub-${label}/anat/sub-${label}_T1w.nii.gz`,
        label === '02' ? 'no image' : label === '06' ? '/annex/objects/MD5E-s7--1.nii.gz\n' : tinyVolume(),
      ]),
    );
    const root = await dataset({
      'dataset_description.json': rawDescription,
      'sub-01/anat/sub-01_T1w.nii.gz': tinyVolume(),
      ...files,
      'sub-04/anat/sub-05_T1w.nii.gz': tinyVolume(),
      'sub-05/anat/sub-05_T1w.json': '{ "Manufacturer": ',
      'participants.tsv': people(
        ...['01', '02', '03', '04', '05', '06', '07'].map((id) => [`sub-${id}`, 'A', '1', 'F']),
      ),
    });
    truncateSync(join(root, 'sub-03/anat/sub-03_T1w.nii.gz'), 40);
    mkdirSync(join(root, 'sub-07/anat'), { recursive: true });
    symlinkSync('../../.git/annex/objects/xx/yy/key', join(root, 'sub-07/anat/sub-07_T1w.nii.gz'));
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-04', 'sub-05']);
    const messages = said(cohort, 'unusable-scan');
    const expected = [
      /sub-05_T1w.nii.gz: left out.*sub-05.*sub-04/,
      /sub-02/,
      /sub-03/,
      /sub-06.*datalad get/,
      /sub-07.*datalad get/,
    ];
    assert.equal(messages.length, expected.length, messages.join('\n'));
    expected.forEach((pattern, at) => assert.match(messages[at], pattern));
    assert.match(said(cohort, 'unreadable-sidecar')[0], /sub-05\/anat\/sub-05_T1w.json/);
    for (const { message, where } of cohort.issues) {
      assert.ok(!`${message} ${where.file}`.includes(root), 'no folder of this machine');
    }
    await rejectsWith(loadBids(root, { strict: true }), {
      code: 'malformed-image',
      says: ['sub-02_T1w.nii.gz'],
    });
    const unchecked = await loadBids(root, { check: 'none' });
    assert.deepEqual(unchecked.participants.ids, [
      'sub-01',
      'sub-02',
      'sub-03',
      'sub-04',
      'sub-05',
      'sub-06',
    ]);
    const { rows, issues } = await streamVolumes(unchecked, () => undefined);
    assert.deepEqual(rows, [0, 3, 4]);
    assert.equal(issues.length, 3);
  });

  it('follows links to files and folders', async () => {
    const root = await dataset(raw());
    const linked = await dataset({
      'dataset_description.json': rawDescription,
      'participants.tsv': raw()['participants.tsv'],
    });
    symlinkSync(join(root, 'sub-02'), join(linked, 'sub-02'));
    mkdirSync(join(linked, 'sub-01/anat'), { recursive: true });
    symlinkSync(join(root, 'sub-01/anat/sub-01_T1w.nii.gz'), join(linked, 'sub-01/anat/sub-01_T1w.nii.gz'));
    const cohort = await loadBids(linked);
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-02']);
    assert.equal((await cohort.scans[1].open()).data[6], 2);
  });

  it('asks for a choice among derivatives, and takes it', async () => {
    const root = await dataset({
      ...raw(),
      'derivatives/prep/dataset_description.json': derivativeDescription,
      'derivatives/prep/sub-01/anat/sub-01_desc-preproc_T1w.nii.gz': tinyVolume(1),
      'derivatives/prep/sub-01/anat/sub-01_desc-brain_mask.nii.gz': tinyMask(),
      'derivatives/prep/sub-01/anat/sub-01_space-MNI_desc-preproc_T1w.nii.gz': tinyVolume(5, [5, 3, 3]),
      'derivatives/prep/sub-01/anat/sub-01_space-MNI_desc-brain_mask.nii.gz': tinyMask([5, 3, 3]),
      'derivatives/prep/sub-01/anat/sub-01_space-MNI_label-GM_probseg.nii.gz': tinyMask([5, 3, 3]),
      'derivatives/prep/sub-02/anat/sub-02_desc-preproc_T1w.nii.gz': tinyVolume(2),
      'derivatives/prep/sub-02/figures/sub-02_T1w.svg': '',
    });
    await rejectsWith(loadBids(root, { derivative: 'perp' }), {
      code: 'invalid-dataset',
      says: ['unknown derivative: "perp"', 'there are "prep"'],
    });
    await rejectsWith(loadBids(root, { derivative: 'prep' }), {
      code: 'invalid-dataset',
      says: ['2 values of "space"', 'choose with space: null or "MNI"'],
    });
    const native = await loadBids(root, { derivative: 'prep', space: null });
    assert.deepEqual(native.participants.ids, ['sub-01', 'sub-02']);
    assert.deepEqual(native.participants.sites, ['A', 'B'], 'participants of the dataset it lies in');
    assert.equal(native.scans[1].scanner?.echoTime, 0.003, 'sidecars of the dataset it lies in');
    assert.deepEqual((await native.scans[0].open()).mask, Uint8Array.from(tinyMask().data));
    assert.equal((await native.scans[1].open()).mask, undefined);
    const standard = await loadBids(join(root, 'derivatives/prep'), { space: 'MNI' });
    assert.deepEqual(standard.participants.ids, ['sub-01']);
    assert.equal((await standard.scans[0].open()).mask?.length, 45);
    const both = await loadBids(root, {
      derivative: 'prep',
      space: ['MNI', null],
      subjects: ['01'],
      mask: 'none',
    });
    assert.deepEqual(both.participants.ids, ['sub-01', 'sub-01_space-MNI']);
    assert.equal((await both.scans[0].open()).mask, undefined);
  });

  it('takes the mask of a skull-stripped scan from its voxels', async () => {
    const root = await dataset({
      'dataset_description.json': derivativeDescription,
      'participants.tsv': people(['sub-01', 'A', '1', 'F'], ['sub-02', 'A', '2', 'M']),
      'sub-01/anat/sub-01_desc-brain_T1w.nii.gz': tinyVolume(),
      'sub-02/anat/sub-02_desc-brain_T1w.nii.gz': tinyVolume(),
      'sub-02/anat/sub-02_desc-brain_mask.nii.gz': tinyMask([5, 3, 3]),
    });
    const cohort = await loadBids(root);
    assert.match(said(cohort, 'unfit-mask')[0], /sub-02_desc-brain_mask.nii.gz .*different grids/);
    assert.deepEqual((await cohort.scans[1].open()).mask, Uint8Array.from(tinyMask().data));
    const { mask, provenance } = await cohort.scans[0].open();
    assert.deepEqual(mask, Uint8Array.from(tinyMask().data));
    assert.deepEqual(
      provenance.map(({ step }) => step),
      ['readVolume', 'nonZeroMask'],
    );
  });

  it('loads several suffixes, and filters by any entity', async () => {
    const root = await dataset(raw());
    const cohort = await loadBids(root, { suffix: ['T1w', 'T2w'] });
    assert.deepEqual(cohort.participants.ids, ['sub-01_T1w', 'sub-02_T1w', 'sub-03_T1w', 'sub-03_T2w']);
    await rejectsWith(loadBids(root, { suffix: 'FLAIR' }), {
      code: 'invalid-dataset',
      says: ['no FLAIR', 'the suffixes there are: "T1w", "T2w"'],
    });
    await rejectsWith(loadBids(root, { entities: { acq: 'x' } }), {
      code: 'invalid-dataset',
      says: ['none matches acq: "x"', 'there are acq: null'],
    });
    await writeFiles(root, { 'sub-03/anat/sub-03_T1w.nii.gz': tinyVolume() });
    const twin = await loadBids(root, { subjects: ['03'] });
    assert.match(
      said(twin, 'unusable-scan')[0],
      /sub-03_T1w.nii: left out: sub-03_T1w.nii.gz beside it is used/,
    );
  });

  it('refuses what is no dataset', async () => {
    await rejectsWith(loadBids(folder.path('nowhere')), {
      code: 'unreadable-file',
      says: ['there is no such file'],
    });
    const bare = await dataset({ 'sub-01/anat/sub-01_T1w.nii.gz': tinyVolume() });
    await rejectsWith(loadBids(bare), {
      code: 'invalid-dataset',
      says: ['no dataset_description.json', 'loadVolumes'],
    });
    const broken = await dataset({ 'dataset_description.json': '[]' });
    await rejectsWith(loadBids(broken), { code: 'invalid-dataset', says: ['does not hold a JSON object'] });
    const empty = await dataset({ 'dataset_description.json': rawDescription });
    await rejectsWith(loadBids(empty), {
      code: 'invalid-dataset',
      says: ['no NIfTI file in a folder sub-*'],
    });
    const file = join(empty, 'dataset_description.json');
    await rejectsWith(loadBids(file), {
      code: 'unreadable-file',
      says: [file, 'it is a file, and a folder of scans is needed'],
    });
    await rejectsWith(loadBids(await dataset(raw()), { subjects: ['1x'] }), {
      code: 'invalid-dataset',
      says: ['of sub: "1x"', 'the subjects there are: "01"'],
    });
    await rejectsWith(loadBids(await dataset(raw()), { signal: AbortSignal.abort() }), {
      code: 'aborted',
      says: [],
    });
    await rejectsWith(loadBids(empty, { mask: 'maybe' as 'auto' }), {
      code: 'invalid-option',
      says: ['"maybe"'],
    });
  });

  it('names labels asked for that no scan has, beside others that scans have', async () => {
    const root = await dataset(raw());
    for (const choice of [
      { subjects: ['01', '99'] },
      { entities: { sub: ['01', '99'] } },
      { subjects: ['sub-01', 'sub-99'] },
    ]) {
      assert.deepEqual(said(await loadBids(root, choice), 'unmatched-label'), [
        'asked for, but no scan of the kind asked for has it: sub: "99"',
      ]);
    }
    assert.deepEqual(said(await loadBids(root, { subjects: ['01'] }), 'unmatched-label'), []);
  });
});

describe('loadBids on the shared brains', () => {
  let root = '';
  before(function () {
    const found = sharedData('brains');
    if (found === undefined) skipWithout(this, 'real data');
    root = found;
  });

  it('loads 45 scans of three sites without opening one', async () => {
    const cohort = await loadBids(root);
    const counts = new Map<string, number>();
    for (const site of cohort.participants.sites) counts.set(site, (counts.get(site) ?? 0) + 1);
    assert.deepEqual(
      [...counts],
      [
        ['HH', 17],
        ['NSK', 17],
        ['UCLA', 11],
      ],
    );
    assert.deepEqual(
      cohort.participants.covariates.map(({ name }) => name),
      ['age', 'sex', 'group'],
    );
    assert.deepEqual(said(cohort, 'unusable-scan'), []);
    const { shape, mask = new Uint8Array(), data } = await cohort.scans[0].open();
    assert.deepEqual(shape, [91, 109, 91]);
    const inside = mask.reduce((sum, value) => sum + value, 0);
    assert.equal(
      inside,
      data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0),
    );
    assert.ok(inside > 150_000 && inside < 350_000, `${inside} voxels of 8 mm³`);
  });
});
