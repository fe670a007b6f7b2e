import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseFreeSurferStats } from '../../sdk/io/free-surfer-stats';
import { loadFreeSurferStats } from '../../sdk/io/load-free-surfer-stats';
import { checkError, rejectsWith } from './rejects-with';
import { temporaryFolder } from '../support/temporary-folder';

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
    ['too few values', '# ColHeaders StructName ThickAvg\ncuneus\n', '1 values stand under 2'],
    [
      'a region twice',
      '# ColHeaders StructName ThickAvg\ncuneus 1\ncuneus 2\n',
      '"cuneus" stands there twice',
    ],
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
