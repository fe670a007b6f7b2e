import assert from 'node:assert/strict';
import { loadTable } from '../../sdk/io/tables/load-table';
import { noise } from '../support/noise';
import { sharedData } from '../support/shared-data';
import { temporaryFolder } from '../support/temporary-folder';
import { skipWithout } from '../support/skipping';

type Column = (row: number) => string | number;

/** A table of 60 subjects at three sites with four thicknesses, and the columns given. */
function tableWith(columns: Readonly<Record<string, Column>>, rows = 60): string {
  const names = Object.keys(columns);
  const thick = [0, 1, 2, 3];
  const lines = Array.from({ length: rows }, (_, row) => [
    `sub-${1000 + row * 7}`,
    'ABC'[Math.floor((row * 3) / rows)],
    (20 + 50 * noise(row, 99)).toFixed(1),
    ...names.map((name) => columns[name](row)),
    ...thick.map((at) => (2 + noise(row, at)).toFixed(3)),
  ]);
  return [['participant_id', 'site', 'age', ...names, ...thick.map((at) => `thick_${at}`)], ...lines]
    .map((line) => line.join(','))
    .join('\n');
}

describe('columns that are no features', () => {
  const folder = temporaryFolder();
  const load = async (text: string, covariates: readonly string[] = ['age']): ReturnType<typeof loadTable> =>
    loadTable(folder.write('t.csv', text), { covariates });
  const thick = ['thick_0', 'thick_1', 'thick_2', 'thick_3'];

  const byName: readonly [string, string][] = [
    ['site_id', 'describes the subject'],
    ['FIQ', 'is a score'],
    ['HAMD17_total', 'is a score'],
    ['UPDRS3', 'is a score'],
    ['interview_age', 'describes the subject'],
    ['scan_year', 'date or a duration'],
    ['illness_duration', 'date or a duration'],
    ['Unnamed: 0.1', 'holds row numbers'],
    ['...1', 'holds row numbers'],
    ['index', 'holds row numbers'],
    ['subject_x', 'describes the subject'],
    ['SUB_ID', 'describes the subject'],
    ['eTIV_x', 'whole head'],
    ['BrainSegVolNotVent_y', 'whole head'],
    ['ICV', 'whole head'],
    ['EstimatedTotalIntraCranialVol', 'whole head'],
    ['MaskVol-to-eTIV', 'ratio to the whole head'],
    ['log_TIV', 'whole head'],
    ...[
      ...[
        'mean_fd',
        'fd',
        'FDRMS',
        'fd_mean',
        'mean_framewise_displacement',
        'motion',
        'snr',
        'snr_total',
        'cnr',
        'tsnr',
      ],
      ...[
        'qc',
        'efc',
        'fber',
        'cjv',
        'fwhm_avg',
        'qi1',
        'qi_2',
        'IQR',
        'euler_number',
        'lh_euler',
        'dvars',
        'nvox',
      ],
      ...['dice_mask', 'lh_thickness_qc'],
    ].map((name): [string, string] => [name, 'measure of quality']),
    ...[
      'TR',
      'TE',
      'TI',
      'flip_angle',
      'EchoTime',
      'slice_thickness',
      'MagneticFieldStrength',
      'field',
      'field_tesla',
      'coil',
    ].map((name): [string, string] => [name, 'how the scan was taken']),
    ...['CRP', 'cortisol', 'medication_dose', 'cohort_weight', 'body_weight'].map(
      (name): [string, string] => [name, 'describes the subject'],
    ),
    ['PC1', 'component of other measures'],
    ['genetic_PC2', 'component of other measures'],
    ['brainage_gap', 'age predicted from the brain'],
    ['brain_pad', 'age predicted from the brain'],
    ['total_time', 'date or a duration'],
  ];
  for (const [name, reason] of byName) {
    it(`sets ${name} aside by its name`, async () => {
      const cohort = await load(tableWith({ [name]: (row) => (2.3 + noise(row, 5)).toFixed(4) }));
      assert.deepEqual(cohort.features.features, thick);
      const aside = cohort.reading?.setAside.find((one) => one.name === name);
      assert.ok(aside?.reason.includes(reason), aside?.reason);
      assert.ok(cohort.issues.some(({ message }) => message.includes(`"${name}"`)));
    });
  }

  const byValue: readonly [string, Column, string][] = [
    ['X', (row) => row + 1, 'it counts rows'],
    ['zaehler', (row) => (row % 20) + 1, 'it counts rows'],
    ['shuffled', (row) => 500 + ((row * 37) % 60), 'it counts rows'],
    ['nummer', (row) => 1000 + row * 7, 'it repeats the subject id'],
    ['standort', (row) => [3, 1, 2][Math.floor(row / 20)], 'it is a code of the site'],
    ['feldstaerke', (row) => [1.5, 3, 3][Math.floor(row / 20)], 'it is a code of the site'],
    ['machine', (row) => 10 * Math.floor(row / 20) + (row % 2), 'it is a code of the site'],
    ['release', () => 7, 'it has the same value in every row'],
    ['monate', (row) => (12 * Number((20 + 50 * noise(row, 99)).toFixed(1))).toFixed(2), 'covariate age'],
    ['gescannt', (row) => 20190100 + (row % 28) + 1 + 100 * (row % 3), 'it holds dates'],
    ['punkte', (row) => Math.floor(30 * noise(row, 7)), 'few whole numbers'],
    ['magnet', (row) => (noise(row, 8) < 0.5 ? 1.5 : 3), 'the same few values again and again'],
    ['beurteilung', (row) => Math.floor(4 * noise(row, 8)) / 2, 'the same few values again and again'],
    ['mystery', (row) => (1.4e6 + 1e5 * noise(row, 8)).toFixed(1), 'far from the others'],
  ];
  for (const [name, column, reason] of byValue) {
    it(`sets ${name} aside by its values, and warns`, async () => {
      const cohort = await load(tableWith({ [name]: column }));
      assert.deepEqual(cohort.features.features, thick);
      const [issue] = cohort.issues.filter(({ code }) => code === 'set-aside-column');
      assert.equal(issue.severity, 'warning');
      assert.ok(issue.message.includes(`"${name}"`) && issue.message.includes(reason), issue.message);
      assert.match(issue.suggestion, /features/);
    });
  }

  it('names a second id column after a merge, and a code of a categorical covariate', async () => {
    const text = tableWith({
      participant_id_y: (row) => 1000 + row * 7,
      sex: (row) => (row % 2 === 0 ? 'F' : 'M'),
      gruppe_m: (row) => (row % 2) + 1,
    });
    const cohort = await load(text, ['age', 'sex']);
    assert.deepEqual(cohort.features.features, thick);
    assert.deepEqual(cohort.reading?.setAside, [
      { name: 'participant_id_y', reason: 'its name says that it describes the subject' },
      { name: 'gruppe_m', reason: 'it repeats the covariate sex' },
    ]);
  });

  const real: readonly [string, Column][] = [
    ['V1', (row) => (1.8 + 0.4 * noise(row, 11)).toFixed(3)],
    ['V2', (row) => (1.9 + 0.4 * noise(row, 12)).toFixed(3)],
    ['ROI_1', (row) => (2.2 + 0.4 * noise(row, 13)).toFixed(3)],
    ['lh_G_front_inf-Opercular', (row) => (2.7 + 0.4 * noise(row, 14)).toFixed(3)],
    ['lh_MeanThickness_thickness', (row) => (2.5 + 0.1 * noise(row, 15)).toFixed(3)],
    ['lh_age_related_thickness', (row) => (2.5 + 0.1 * noise(row, 16)).toFixed(3)],
    ['CSF', (row) => (3 + noise(row, 17)).toFixed(3)],
    ['x', (row) => (3 + noise(row, 18)).toFixed(3)],
    ...[
      ...[
        'precuneus',
        'PCC',
        'PCu_1',
        'motor',
        'medial_temporal',
        'insula',
        'FA_tract',
        'FD_CST',
        'te1',
        'MT',
        'temporal',
      ],
      ...[
        'tripole',
        'weighted',
        'occipital_pole',
        'premotor',
        'QA_tract',
        'bagshaw',
        'fdg_pons',
        'lh_TE1a_thickness',
      ],
    ].map((name): [string, Column] => [name, (row) => (2.4 + 0.4 * noise(row, 20)).toFixed(3)]),
    // Not found in most scans: its zero is met again, its volumes are not.
    ['5th-Ventricle', (row) => (row % 12 === 0 ? (2 + noise(row, 21)).toFixed(1) : 0)],
    ['3rd-Ventricle', (row) => (3 + noise(row, 19)).toFixed(3)],
  ];
  for (const [name, column] of real) {
    it(`takes ${name} for a feature`, async () => {
      const cohort = await load(tableWith({ [name]: column }));
      assert.deepEqual(cohort.features.features, [name, ...thick]);
    });
  }

  it('takes volumes stored as whole numbers, and tables of few subjects', async () => {
    const volumes = Array.from({ length: 30 }, (_, row) =>
      [`s${row}`, 'AB'[row % 2], ...[0, 1, 2].map((at) => Math.round(3000 + 900 * noise(row, at)))].join(','),
    );
    const whole = await load(
      ['id,site,Left-Hippocampus,Right-Hippocampus,Left-Amygdala', ...volumes].join('\n'),
      [],
    );
    assert.equal(whole.features.features.length, 3);
    const few = await load('id,site,x,y\na,A,1,4\nb,A,2,5\nc,B,3,6\nd,B,4,7\n', []);
    assert.deepEqual(few.features.features, ['x', 'y']);
  });

  it('takes counts of lesions for features, and says that they are of another kind', async () => {
    const cohort = await load(tableWith({ lesion_count: (row) => Math.floor(9 * noise(row, 31)) }));
    assert.deepEqual(cohort.features.features, ['lesion_count', ...thick]);
    const [mixed] = cohort.issues.filter(({ code }) => code === 'mixed-features');
    assert.match(mixed.message, /2 kinds.*4 of thickness.*1 of count/);
  });

  it('decides from all rows: a column that the first site lacks, and text that comes late', async () => {
    const late = tableWith({ late: (row) => (row < 120 ? '' : (2.5 + noise(row, 3)).toFixed(3)) }, 360);
    assert.deepEqual((await load(late)).features.features, ['late', ...thick]);
    const text = tableWith({ remark: (row) => (row < 110 ? row % 7 : 'see note') }, 360);
    const cohort = await load(text);
    assert.deepEqual(cohort.features.features, thick);
    assert.ok(cohort.reading?.setAside.some(({ reason }) => reason === 'it holds text'));
  });

  it('warns of measures of the brain that are written as text, and not of remarks', async () => {
    const text = tableWith({
      lh_insula_thickness: (row) => `${(2.6 + noise(row, 4)).toFixed(2)} mm`,
      hippocampus: (row) => `${(3200 + 100 * noise(row, 5)).toFixed(1)} mm3`,
      remark: (row) => `seen ${row % 7} times`,
    });
    const cohort = await load(text);
    assert.deepEqual(cohort.features.features, thick);
    const [issue] = cohort.issues.filter(({ code }) => code === 'set-aside-column');
    assert.equal(issue.severity, 'warning');
    assert.match(issue.message, /"lh_insula_thickness" \(it holds text, such as "[23]\.\d\d mm"\)/);
    assert.match(issue.message, /"hippocampus" \(it holds text, such as "32\d\d\.\d mm3"\)/);
    assert.ok(!issue.message.includes('remark'));
  });

  it('says what was set aside where nothing is left', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => `s${row},${'AB'[row % 2]},${row},7`);
    await assert.rejects(load(['id,site,nr1,release', ...rows].join('\n'), []), /"nr1".*"release"/);
  });

  it('names what does not belong together when chosen by pattern, and the kinds of a mixed table', async () => {
    const stray = folder.write(
      's.csv',
      tableWith({ brain_volume_mm3: (row) => 1.4e6 + 1e5 * noise(row, 8) }),
    );
    const chosen = await loadTable(stray, { features: '*_*' });
    const [one] = chosen.issues.filter(({ code }) => code === 'mixed-features');
    assert.match(one.message, /"brain_volume_mm3" \(about 14\d{5}\) does not belong to the other features/);
    const mixed = tableWith({
      lh_a_volume: (row) => 2000 + 300 * noise(row, 21),
      lh_b_volume: (row) => 3000 + 300 * noise(row, 22),
      lh_a_area: (row) => 900 + 300 * noise(row, 23),
      lh_b_area: (row) => 800 + 300 * noise(row, 24),
    });
    const [pooled] = (await load(mixed)).issues.filter(({ code }) => code === 'mixed-features');
    assert.match(pooled.message, /3 kinds.*4 of thickness.*2 of volume.*2 of area.*one prior/);
    assert.match(pooled.suggestion, /features.*eb/);
  });
});

describe('columns of the tables of IXI', () => {
  const thickness = sharedData('tables/ixi_ants_dkt_thickness.csv');
  const volumes = sharedData('tables/ixi_dlmuse_volumes.csv');
  const warnings = async (path: string): Promise<readonly string[]> =>
    (await loadTable(path, { covariates: ['age', 'sex'] })).issues
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => message);

  it('sets the volume aside among 62 thicknesses, and raises no other warning', async function () {
    if (thickness === undefined) skipWithout(this, 'real data');
    const met = await warnings(thickness);
    assert.equal(met.length, 1);
    assert.match(met[0], /^column "brain_volume_mm3" is not used: its values, about 14\d{5} \(volume\)/);
  });

  it('raises no warning on 260 volumes from 30 to 1,500,000 mm³', async function () {
    if (volumes === undefined) skipWithout(this, 'real data');
    assert.deepEqual(await warnings(volumes), []);
  });
});
