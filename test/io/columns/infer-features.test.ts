import assert from 'node:assert/strict';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';

describe('inferring features', () => {
  const folder = temporaryFolder();

  it('leaves out what describes the subject, row numbers, unnamed, empty and text columns, and says why', async () => {
    const path = folder.write(
      'a.csv',
      ',id,site,Age,age_at_scan,sex,__index_level_0__,empty,date,thick,mixed\n' +
        '0,a,A,30,31,1,0,,2020-01-05,2.5,1\n1,b,B,40,41,2,1,NA,2021-02-05,NA,2\n',
    );
    const cohort = await loadTable(path);
    assert.deepEqual(cohort.features.features, ['thick', 'mixed']);
    const unused = cohort.issues.filter(({ code }) => code === 'unused-column');
    assert.deepEqual(
      unused.map(({ message }) => message),
      [
        '7 columns are not used: "(column 1)" (it has no name); ' +
          '"Age", "age_at_scan", "sex" (its name says that it describes the subject); ' +
          '"__index_level_0__" (it holds row numbers); ' +
          '"date" (its name says that it is a date or a duration); "empty" (it has no value in any row)',
      ],
    );
    assert.deepEqual(cohort.reading?.setAside[1], {
      name: 'Age',
      reason: 'its name says that it describes the subject',
    });
  });

  it('sets dates aside that a spreadsheet wrote as numbers, beside volumes of their size, and says it of an age', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => {
      const volume = 43000 + ((row * 5003) % 17000);
      return `s${row},${'AB'[row % 2]},${43000 + ((row * 7) % 12) * 260},${volume},${volume / 2 + row}`;
    });
    const path = folder.write('days.csv', ['id,site,exam,Left-WM,Right-WM', ...rows].join('\n'));
    const cohort = await loadTable(path);
    assert.deepEqual(cohort.features.features, ['Left-WM', 'Right-WM']);
    assert.ok(
      cohort.issues.some(({ message }) => message.includes('dates as spreadsheets count them, in days')),
    );
    const aged = folder.write('aged.csv', ['id,site,age,Left-WM,Right-WM', ...rows].join('\n'));
    const { issues } = await loadTable(aged, { covariates: ['age'] });
    const said = issues.filter(({ code }) => code === 'doubtful-kind').map(({ message }) => message);
    assert.match(
      said.join(),
      /^covariate "age" holds 43000 to 45860, which are dates as spreadsheets count them/,
    );
  });

  it('takes a column with a few misspelt numbers for a feature, so that they are found', async () => {
    const path = folder.write('b.csv', 'id,site,x\na,A,2.5\nb,B,3mm\n');
    await rejectsWith(loadTable(path), { code: 'invalid-number', says: ['row 3', '"3mm"'] });
  });

  it('sets codes aside among which a mark of missing values is, as phenotype files have them', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => {
      const code = i % 5 === 0 ? -9999 : i % 3;
      const thick = [37, 41, 59].map((step) => (2 + ((i * step) % 100) / 100).toFixed(3));
      return `s${i},${'AB'[i % 2]},${code},${thick.join()}`;
    });
    const cohort = await loadTable(folder.write('d.csv', `id,site,adhd_type,t1,t2,t3\n${rows.join('\n')}\n`));
    assert.deepEqual(cohort.features.features, ['t1', 't2', 't3']);
    const named = await loadTable(folder.path('d.csv'), { features: 'adhd_type,t*' });
    assert.ok(
      named.issues.some(({ code, where }) => code === 'doubtful-value' && where.column === 'adhd_type'),
    );
  });

  const ids = Array.from({ length: 30 }, (_, i) => i);
  const measure = (row: number, step: number): string => (2 + ((row * step) % 97) / 100).toFixed(3);
  const columnsSetAside = async (names: readonly string[], brain: readonly string[]): Promise<string[]> => {
    const all = [...brain, ...names];
    const rows = ids.map(
      (row) => `s${row},${'AB'[row % 2]},${all.map((_, k) => measure(row, 37 + 2 * k)).join()}`,
    );
    const path = folder.write('names.csv', `id,site,${all.join()}\n${rows.join('\n')}\n`);
    const { features } = (await loadTable(path)).features;
    assert.deepEqual(
      brain.filter((name) => !features.includes(name)),
      [],
    );
    return names.filter((name) => !features.includes(name));
  };

  it('leaves out what PyRadiomics notes about the run, and keeps its measures', async () => {
    const notes = [
      ...[
        'diagnostics_Image-original_Mean',
        'diagnostics_Image-original_Maximum',
        'diagnostics_Mask-original_VoxelNum',
      ],
      'hippocampus_diagnostics_Mask-original_VolumeNum',
    ];
    const measures = [
      'original_shape_Sphericity',
      'original_firstorder_90Percentile',
      'wavelet-LLH_glcm_Imc2',
    ];
    assert.deepEqual(await columnsSetAside(notes, measures), notes);
  });

  it('leaves out the scores of SynthSeg beside its volumes, and the whole head', async () => {
    const scores = [
      ...[
        'general white matter',
        'general grey matter',
        'general csf',
        'cerebellum',
        'brainstem',
        'thalamus',
      ],
      ...['putamen+pallidum', 'hippocampus+amygdala', 'total intracranial'],
    ];
    assert.deepEqual(
      await columnsSetAside(scores, ['left thalamus', 'right thalamus', 'brain-stem', 'csf']),
      scores,
    );
    // Without them these are regions like others.
    assert.deepEqual(await columnsSetAside([], ['cerebellum', 'brainstem', 'thalamus']), []);
  });

  it('leaves out phenotypes of ADNI, NACC and PPMI, genotypes and ranks among norms', async () => {
    const names = [
      ...['FDG', 'ABETA', 'TAU', 'PTAU', 'LDELTOTAL', 'TRABSCOR', 'EcogPtMem', 'mPACCdigit', 'ADAS13'],
      ...['NACCICV', 'NACCBMI', 'NACCMMSE', 'BPSYS', 'HRATE', 'MRIYR', 'NHY', 'waist', 'NfL'],
      ...['rs429358_C', 'PRS_AD', 'scz_prs_0.05', 'Left Hippocampus Normative Percentile', 'Scale factor'],
    ];
    const brain = [
      'Hippocampus',
      'Entorhinal',
      'NACCWMVL',
      'LHIPPO',
      'tau_lh_entorhinal',
      'FDG_lh_precuneus',
    ];
    assert.deepEqual(await columnsSetAside(names, brain), names);
  });

  it('keeps regions whose names are also words of something else: IC-R is the right internal capsule', async () => {
    const regions = ['IC', 'IC-L', 'IC-R', 'IC_R', 'SS-L', 'FX', 'L_PreS_ROI', 'R_TE1a_ROI'];
    assert.deepEqual(await columnsSetAside(['ICR', 'NCR', 'WAIS_R'], regions), ['ICR', 'NCR', 'WAIS_R']);
  });
});
