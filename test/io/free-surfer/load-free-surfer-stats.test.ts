import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseFreeSurferStats } from '../../../sdk/io/free-surfer/free-surfer-stats';
import { loadFreeSurferStats } from '../../../sdk/io/free-surfer/load-free-surfer-stats';
import { checkError, rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';

// The layout of the stats files of FreeSurfer 7, with made-up values.
const aparc = (
  hemisphere: string,
  shift: number,
): string => `# Table of FreeSurfer cortical parcellation anatomical statistics
#
# CreationTime 2020/01/05-10:00:00-GMT
# hemi ${hemisphere}
# Measure Cortex, NumVert, Number of Vertices, 134000, unitless
# Measure Cortex, MeanThickness, Mean Thickness, 2.41, mm
# Measure BrainSegNotVent, BrainSegVolNotVent, Brain Segmentation Volume Without Ventricles, 1104012.000000, mm^3
# Measure EstimatedTotalIntraCranialVol, eTIV, Estimated Total Intracranial Volume, ${1483250.5 + shift}, mm^3
# NTableCols 10
# TableCol  1 ColHeader StructName
# ColHeaders StructName NumVert SurfArea GrayVol ThickAvg ThickStd MeanCurv GausCurv FoldInd CurvInd
bankssts                                 1392    ${900 + shift}   2305  ${2.43 + shift}  0.474     0.110     0.023       12     1.3
cuneus                                   2250   1512   3012  1.873 0.401     0.149     0.037       36     3.3
`;

const aseg = `# Title Segmentation Statistics
# Measure BrainSeg, BrainSegVol, Brain Segmentation Volume, 1133000.000000, mm^3
# Measure EstimatedTotalIntraCranialVol, eTIV, Estimated Total Intracranial Volume, 1483250.5, mm^3
# ColHeaders  Index SegId NVoxels Volume_mm3 StructName normMean normStdDev normMin normMax normRange
  1   4      7000     7012.3  Left-Lateral-Ventricle            35.1  11.5   10.0   90.0   80.0
  2  17      4000     4012.5  Left-Hippocampus                  75.0   8.0   30.0  110.0   80.0
`;

describe('loadFreeSurferStats', () => {
  const folder = temporaryFolder();
  let participants = '';
  const subject = (root: string, name: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(folder.path(`${root}/${name}/stats`), { recursive: true });
    for (const [file, text] of Object.entries(files)) folder.write(`${root}/${name}/stats/${file}`, text);
  };
  const complete = (shift: number): Readonly<Record<string, string>> => ({
    'lh.aparc.stats': aparc('lh', shift),
    'rh.aparc.stats': aparc('rh', shift + 0.25),
    'aseg.stats': aseg,
  });

  before(() => {
    participants = folder.write(
      'participants.tsv',
      'participant_id\tsite\nsub-01\tA\nsub-02\tB\nsub-03\tA\nsub-04\tB\n',
    );
    subject('good', 'sub-01', complete(0));
    subject('good', '02', complete(1));
    subject('good', 'fsaverage', {});
    mkdirSync(folder.path('good/logs'));
    subject('mixed', 'sub-01', complete(0));
    subject('mixed', 'sub-02', complete(1));
    subject('mixed', 'sub-03', { 'lh.aparc.stats': aparc('lh', 0) });
    subject('mixed', 'sub-04', {
      ...complete(0),
      'rh.aparc.stats': aparc('rh', 0).replace('1.873', '1,873'),
    });
    subject('broken', 'sub-01', { 'lh.aparc.stats': '# hemi lh\n' });
    mkdirSync(folder.path('empty'));
  });

  it('names what it left out without the folders of this machine, however the folder is spelled', async () => {
    const root = folder.path('mixed');
    const here = `./${relative(process.cwd(), root)}`;
    for (const spelled of [root, `${root}/`, `${dirname(root)}//mixed`, `${dirname(root)}/./mixed/`, here]) {
      const { issues } = await loadFreeSurferStats(spelled, { participants });
      const left = issues.filter((issue) => issue.code === 'dropped-subject');
      assert.equal(left.length, 2);
      for (const { message, where } of left) {
        assert.match(message, / mixed\/sub-0\d\/stats\//, spelled);
        assert.match(where.file ?? '', /^mixed\/sub-0\d\/stats\//, spelled);
      }
    }
  });

  it('reads cortical thickness of both hemispheres', async () => {
    const cohort = await loadFreeSurferStats(folder.path('good'), { participants });
    assert.deepEqual(cohort.participants.ids, ['02', 'sub-01']);
    assert.deepEqual(cohort.participants.sites, ['B', 'A']);
    assert.deepEqual(cohort.features.features, [
      'lh_bankssts_thickness',
      'lh_cuneus_thickness',
      'rh_bankssts_thickness',
      'rh_cuneus_thickness',
    ]);
    assert.deepEqual([...cohort.features.values], [3.43, 1.873, 3.68, 1.873, 2.43, 1.873, 2.68, 1.873]);
    assert.deepEqual(cohort.provenance[0].options['measures'], ['thickness']);
  });

  it('reads area, volume and the segmentation, and the intracranial volume as a covariate', async () => {
    const cohort = await loadFreeSurferStats(folder.path('good'), {
      participants,
      measures: ['area', 'volume', 'aseg'],
      covariates: [{ name: 'EstimatedTotalIntraCranialVol', unit: 'mm^3', kind: 'continuous' }],
    });
    assert.deepEqual(cohort.features.features, [
      ...['lh_bankssts_area', 'lh_cuneus_area', 'lh_bankssts_volume', 'lh_cuneus_volume'],
      ...['rh_bankssts_area', 'rh_cuneus_area', 'rh_bankssts_volume', 'rh_cuneus_volume'],
      ...['Left-Lateral-Ventricle', 'Left-Hippocampus', 'BrainSegVol'],
    ]);
    assert.deepEqual(
      [...cohort.features.values.subarray(0, 11)],
      [901, 1512, 2305, 3012, 901.25, 1512, 2305, 3012, 7012.3, 4012.5, 1133000],
    );
    assert.equal(cohort.participants.covariates[0].name, 'EstimatedTotalIntraCranialVol');
  });

  it('chooses among the features as loadTable does', async () => {
    const { features } = await loadFreeSurferStats(folder.path('good'), {
      participants,
      features: '*_cuneus_*',
    });
    assert.deepEqual(features.features, ['lh_cuneus_thickness', 'rh_cuneus_thickness']);
  });

  it('reads the longitudinal stream: whose scans they are, and no templates', async () => {
    for (const [shift, name] of ['s1_ses-1', 's1_ses-2', 's2_ses-1', 's2_ses-2'].entries()) {
      subject('long', name, complete(shift));
      subject('long', `${name}.long.${name.slice(0, 2)}`, complete(shift + 10));
      subject('long', name.slice(0, 2), complete(shift + 20));
    }
    const load = (ids: readonly string[]): ReturnType<typeof loadFreeSurferStats> => {
      const rows = ids.map((id, row) => `${id}\t${'AB'[row % 2]}\n`).join('');
      return loadFreeSurferStats(folder.path('long'), {
        participants: folder.write('visits.tsv', `participant_id\tsite\n${rows}`),
      });
    };
    const scans = ['s1_ses-1.long.s1', 's1_ses-2.long.s1', 's2_ses-1.long.s2', 's2_ses-2.long.s2'];
    const cohort = await load(scans);
    assert.deepEqual(cohort.participants.ids, scans);
    assert.deepEqual(cohort.participants.persons, ['s1', 's1', 's2', 's2']);
    assert.ok(
      cohort.issues.some(({ message }) => /2 templates .* "s1", "s2" are means of scans/.test(message)),
    );
    assert.ok(cohort.issues.every(({ code }) => code !== 'other-stream'));
    const alone = await load(['s1_ses-1', 's2_ses-1', 's1', 's2']);
    assert.deepEqual(alone.participants.ids, ['s1_ses-1', 's2_ses-1']);
    const [warned] = alone.issues.filter(({ code }) => code === 'other-stream');
    assert.match(warned.message, /^2 scans of .*"s1_ses-1", though there is "s1_ses-1\.long\.s1"/);
  });

  it('leaves out subjects with missing or broken files, and says so', async () => {
    const cohort = await loadFreeSurferStats(folder.path('mixed'), { participants });
    assert.deepEqual(cohort.participants.ids, ['sub-01', 'sub-02']);
    const dropped = cohort.issues.filter(({ code }) => code === 'dropped-subject');
    assert.deepEqual(
      dropped.map(({ where }) => where.subject),
      ['sub-03', 'sub-04'],
    );
    assert.match(dropped[0].message, /rh\.aparc\.stats: there is no such file/);
    assert.match(dropped[1].message, /rh\.aparc\.stats, row 13: "1,873" under ThickAvg is not a number/);
  });

  it('throws instead when strict', async () => {
    await rejectsWith(loadFreeSurferStats(folder.path('mixed'), { participants, strict: true }), {
      code: 'unreadable-file',
      says: ['rh.aparc.stats'],
    });
  });

  it('refuses folders without subjects', async () => {
    await rejectsWith(loadFreeSurferStats(folder.path('empty'), { participants }), {
      code: 'too-little-data',
      says: ['no subjects', 'SUBJECTS_DIR'],
    });
    await rejectsWith(loadFreeSurferStats(folder.path('absent'), { participants }), {
      code: 'unreadable-file',
      says: ['no such file'],
    });
    await rejectsWith(loadFreeSurferStats(folder.path('broken'), { participants }), {
      code: 'too-little-data',
      says: ['no usable subject', 'ColHeaders'],
    });
  });

  it('reports progress by subject', async () => {
    const seen: string[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }): number =>
      seen.push(`${done}/${total}`);
    await loadFreeSurferStats(folder.path('good'), {
      participants,
      onProgress: (progress) => void onProgress(progress),
    });
    assert.deepEqual(seen, ['1/2', '2/2']);
  });
});

describe('parseFreeSurferStats', () => {
  const broken: readonly [string, string, string][] = [
    ['no column headers', 'bankssts 1 2\n', 'before the line "# ColHeaders"'],
    ['no regions', '# ColHeaders StructName ThickAvg\n', 'no regions'],
    ['too few values', '# ColHeaders StructName ThickAvg\ncuneus\n', '1 values are under 2'],
    ['a region twice', '# ColHeaders StructName ThickAvg\ncuneus 1\ncuneus 2\n', '"cuneus" is there twice'],
    ['text for a number', '# ColHeaders StructName ThickAvg\ncuneus NA\n', '"NA" under ThickAvg'],
    ['a measure without value', '# Measure Cortex, NumVert\n', 'has no value'],
  ];
  for (const [what, text, says] of broken) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parseFreeSurferStats(text, 'x.stats', { columns: ['ThickAvg'], measures: true }),
        (error) => (checkError(error, { code: 'malformed-table', says: ['x.stats', says] }), true),
      );
    });
  }
});

describe('loadFreeSurferStats on folders as people have them', () => {
  const folder = temporaryFolder();
  const participants = (): string =>
    folder.write('people.tsv', 'participant_id\tsite\nsub-01\tA\nsub-02\tB\nsub-03\tA\n');
  const write = (root: string, subject: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(folder.path(`${root}/${subject}/stats`), { recursive: true });
    for (const [file, text] of Object.entries(files)) folder.write(`${root}/${subject}/stats/${file}`, text);
  };
  const both = (name: string, text: string): Readonly<Record<string, string>> => ({
    [`lh.${name}.stats`]: text,
    [`rh.${name}.stats`]: text,
  });
  const subjects = ['sub-01', 'sub-02', 'sub-03'];

  it('reads FreeSurfer 6, which left a comma out of one measure, and measures without a value', async () => {
    // The line as FreeSurfer 6.0 writes it, and one that is cut off.
    const six = aparc('lh', 0).replace(
      '# NTableCols 10',
      '# Measure Cortex, CortexVol Total cortical gray matter volume, 470000.000000, mm^3\n# Measure Cortex, Cut\n# NTableCols 10',
    );
    for (const subject of subjects) write('six', subject, both('aparc', six));
    const cohort = await loadFreeSurferStats(folder.path('six'), {
      participants: participants(),
      covariates: [{ name: 'EstimatedTotalIntraCranialVol', kind: 'continuous' }],
      strict: true,
    });
    assert.deepEqual(cohort.participants.ids, subjects);
    const [etiv] = cohort.participants.covariates;
    assert.ok(etiv.kind === 'continuous' && etiv.values[0] === 1483250.5);
  });

  it('reads every measure of an aseg of FreeSurfer 6 but what is no volume', async () => {
    const text = aseg.replace(
      '# ColHeaders',
      '# Measure Cortex, CortexVol Total cortical gray matter volume, 470000, mm^3\n' +
        '# Measure MaskVol-to-eTIV, MaskVol-to-eTIV, Ratio of MaskVol to eTIV, 1.02, unitless\n' +
        '# Measure lhSurfaceHoles, lhSurfaceHoles, Number of defect holes in lh surfaces, 12, unitless\n# ColHeaders',
    );
    for (const subject of subjects) write('aseg', subject, { 'aseg.stats': text });
    const cohort = await loadFreeSurferStats(folder.path('aseg'), {
      participants: participants(),
      measures: ['aseg'],
    });
    assert.deepEqual(cohort.features.features, [
      ...['Left-Lateral-Ventricle', 'Left-Hippocampus', 'BrainSegVol', 'CortexVol'],
    ]);
    assert.deepEqual(
      cohort.reading?.setAside.map(({ name }) => name),
      ['EstimatedTotalIntraCranialVol', 'MaskVol-to-eTIV', 'lhSurfaceHoles'],
    );
    const unused = cohort.issues.find(({ code }) => code === 'unused-column');
    assert.match(
      unused?.message ?? '',
      /"EstimatedTotalIntraCranialVol".*"MaskVol-to-eTIV".*"lhSurfaceHoles"/,
    );
  });

  it('reads nan in what is not asked for as nothing, and in what is as missing, with an issue', async () => {
    const curved = aparc('lh', 0).replace('0.023', '-nan').replace('0.110', 'nan');
    for (const subject of subjects) write('nan', subject, both('aparc', curved));
    write('nan', 'sub-02', both('aparc', curved.replace('2.43', '-nan')));
    const quiet = await loadFreeSurferStats(folder.path('nan'), {
      participants: participants(),
      measures: ['area'],
      strict: true,
    });
    assert.ok(!quiet.issues.some(({ message }) => message.includes('nan')));
    const cohort = await loadFreeSurferStats(folder.path('nan'), { participants: participants() });
    assert.deepEqual([...cohort.features.values.subarray(4, 8)], [NaN, 1.873, NaN, 1.873]);
    const [issue] = cohort.issues.filter(({ message }) => message.includes('nan'));
    assert.match(
      issue.message,
      /^2 values .* missing: sub-02: lh bankssts \(ThickAvg\), rh bankssts \(ThickAvg\)$/,
    );
    assert.equal(issue.where.subject, 'sub-02');
  });

  it('takes the only parcellation there is, and asks where there are several', async () => {
    for (const subject of subjects) {
      write('fast', subject, { ...both('aparc.DKTatlas.mapped', aparc('lh', 0)), ...both('curv', 'x') });
      write('two', subject, {
        ...both('aparc.a2009s', aparc('lh', 0)),
        ...both('Schaefer400', aparc('lh', 1)),
      });
      write('usual', subject, { ...both('aparc', aparc('lh', 0)), ...both('aparc.a2009s', aparc('lh', 1)) });
    }
    const people = participants();
    const cohort = await loadFreeSurferStats(folder.path('fast'), { participants: people });
    assert.equal(cohort.reading?.freeSurfer?.parcellation, 'aparc.DKTatlas.mapped');
    assert.ok(cohort.issues.some(({ message }) => message.includes('"aparc.DKTatlas.mapped" is read')));
    const usual = await loadFreeSurferStats(folder.path('usual'), { participants: people });
    assert.deepEqual([usual.reading?.freeSurfer?.parcellation, usual.features.values[0]], ['aparc', 2.43]);
    await rejectsWith(loadFreeSurferStats(folder.path('two'), { participants: people }), {
      code: 'invalid-option',
      says: [
        'lh.aparc.stats',
        '"Schaefer400"',
        '"aparc.a2009s"',
        'parcellation: "Schaefer400" or "aparc.a2009s"',
      ],
    });
    const asked = await loadFreeSurferStats(folder.path('two'), {
      participants: people,
      parcellation: 'Schaefer400',
    });
    assert.equal(asked.features.values[0], 3.43);
    await rejectsWith(
      loadFreeSurferStats(folder.path('fast'), { participants: people, parcellation: 'aparc' }),
      {
        code: 'invalid-option',
        says: ['unknown parcellation', 'lh.aparc.stats', '"aparc.DKTatlas.mapped"'],
      },
    );
  });

  it('reads the segmentation of FastSurfer without surfaces; a structure without a row is missing, not 0', async () => {
    for (const subject of subjects) write('seg', subject, { 'aseg+DKT.stats': aseg });
    const without = aseg.replace(/.*Left-Hippocampus.*\n/, '');
    write('seg', 'sub-02', { 'aseg+DKT.stats': without });
    const cohort = await loadFreeSurferStats(folder.path('seg'), {
      participants: participants(),
      measures: ['aseg'],
    });
    await rejectsWith(loadFreeSurferStats(folder.path('seg'), { participants: participants() }), {
      code: 'too-little-data',
      says: ['no surfaces', 'aseg+DKT.stats', 'measures: "aseg"'],
    });
    const at = cohort.features.features.indexOf('Left-Hippocampus');
    const width = cohort.features.features.length;
    assert.deepEqual(
      [0, 1, 2].map((row) => cohort.features.values[row * width + at]),
      [4012.5, NaN, 4012.5],
    );
    assert.ok(cohort.issues.some(({ code }) => code === 'missing-cells'));
  });
});
