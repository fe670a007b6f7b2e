import assert from 'node:assert/strict';
import { makeCellReader } from '../../../sdk/io/cells/cell';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { writeTable } from '../../../sdk/io/tables/write-table';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

// The defaults of pandas 2.2 (the documentation of read_csv, na_values), as they are written there.
const ofPandas = [
  ...[
    ' ',
    '#N/A',
    '#N/A N/A',
    '#NA',
    '-1.#IND',
    '-1.#QNAN',
    '-NaN',
    '-nan',
    '1.#IND',
    '1.#QNAN',
    '<NA>',
    'N/A',
  ],
  ...['NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
];
const ofOthers = [
  ...['.', '.A', '.z', '._', '(null)', '[NULL]', '\\N', 'NaT', '<missing>', '<undefined>', '#NULL!', '#NUM!'],
  ...[
    '#DIV/0!',
    '#VALUE!',
    '#REF!',
    '#NAME?',
    '#NV',
    '#WERT!',
    '#ZAHL!',
    '#VALEUR!',
    'nan(ind)',
    '-nan(ind)',
  ],
  ...['-1.#IND00', '+NaN', 'Null', 'na'],
];

describe('marks of missing values', () => {
  const folder = temporaryFolder();
  const reader = makeCellReader();

  for (const mark of [...ofPandas, ...ofOthers]) {
    it(`knows ${JSON.stringify(mark)} among numbers and in text`, () => {
      assert.ok(Number.isNaN(reader.number(mark)));
      assert.equal(reader.text(mark), null);
    });
  }

  it('leaves alone what may be a value', () => {
    for (const text of [
      'none',
      'NONE',
      'nil',
      '-',
      '?',
      '0',
      'missing',
      'unknown',
      '.5',
      '#1',
      'Nanjing',
      'NaCl',
    ]) {
      assert.equal(reader.text(text), text);
    }
  });

  const table = (cells: readonly string[]): string =>
    `id,site,sex,x\n${cells.map((sex, at) => `s${at},${at % 2 ? 'A' : 'B'},${sex},${at}.5`).join('\n')}\n`;

  it('says which marks of other programs made a text missing, and how to keep one as a level', async () => {
    const path = folder.write('sex.csv', table(['F', 'NULL', 'M', 'None', 'NULL', 'NA', '']));
    const cohort = await loadTable(path, { covariates: ['sex'], features: 'x' });
    const [sex] = cohort.participants.covariates;
    assert.ok(sex.kind === 'categorical');
    assert.deepEqual([...sex.codes], [0, -1, 1, -1, -1, -1, -1]);
    const said = cohort.issues.filter(({ code }) => code === 'foreign-mark');
    assert.deepEqual(
      said.map(({ severity, message }) => [severity, message]),
      [['warning', '3 cells of column "sex" of sex.csv read as missing: "NULL" (2), "None" (1)']],
    );
    assert.match(said[0].suggestion, /missing: "sex=only:NA"/);
    const kept = await loadTable(path, { covariates: ['sex'], features: 'x', missing: ['sex=only:NA'] });
    assert.ok(kept.participants.covariates[0].kind === 'categorical');
    assert.deepEqual(kept.participants.covariates[0].levels, ['F', 'M', 'NULL', 'None']);
    assert.ok(!kept.issues.some(({ code }) => code === 'foreign-mark'));
  });

  it('says it of features too, and not of marks that the user gave', async () => {
    const path = folder.write('x.csv', 'id,site,x,y\na,A,#DIV/0!,1\nb,B,2,NaT\nc,B,3,?\n');
    const cohort = await loadTable(path, { missing: ['?', 'NaT'] });
    assert.deepEqual([...cohort.features.values], [NaN, 1, 2, NaN, 3, NaN]);
    assert.deepEqual(
      cohort.issues.filter(({ code }) => code === 'foreign-mark').map(({ message }) => message),
      ['1 cell of column "x" of x.csv read as missing: "#DIV/0!" (1)'],
    );
  });

  it('lists the errors of a spreadsheet in many columns in one issue', async () => {
    const path = folder.write(
      'errors.csv',
      'id,site,x,y,z,w\na,A,#DIV/0!,1,#NULL!,2\nb,B,2,#NULL!,1,#N/A\nc,B,3,4,5,#N/A\n',
    );
    const cohort = await loadTable(path);
    const said = cohort.issues.filter(({ code }) => code === 'foreign-mark');
    assert.deepEqual(
      said.map(({ message }) => message),
      [
        '5 cells of 4 columns of errors.csv read as missing: "#DIV/0!" (1), "#NULL!" (2), "#N/A" (2); in x (1), z (1), y (1), w (2)',
      ],
    );
    assert.match(said[0].suggestion, /missing: "x=only:NA"/);
  });

  it('refuses a site that only a mark stands for, and says so', async () => {
    const path = folder.write('site.csv', 'id,site,x\na,A,1\nb,NULL,2\nc,B,3\nd,#N/A,4\n');
    await rejectsWith(loadTable(path), {
      code: 'missing-value',
      says: ['missing site', 'row 3', 'of 1 more', '"NULL", "#N/A" marks', 'site=only:NA'],
      where: { row: 3, column: 'site' },
    });
    const cohort = await loadTable(path, { missing: [{ column: 'site', marks: [], only: true }] });
    assert.deepEqual(cohort.participants.sites, ['A', 'NULL', 'B', '#N/A']);
  });

  it('adds marks to the known ones, however a number is written, in every kind of column', async () => {
    const path = folder.write(
      'dx.csv',
      'id,site,dx,x\na,A,-9.0,1\nb,B,2.0,-9\nc,A,NA,-9.00E0\nd,B,1.0,NA\ne,A,-9,4\n',
    );
    const options = { covariates: [{ name: 'dx', kind: 'categorical' as const }], missing: ['-9'] };
    const cohort = await loadTable(path, options);
    const [dx] = cohort.participants.covariates;
    assert.ok(dx.kind === 'categorical');
    assert.deepEqual(dx.levels, ['1.0', '2.0']);
    assert.deepEqual([...dx.codes], [-1, 1, -1, 0, -1]);
    assert.deepEqual([...cohort.features.values], [1, NaN, NaN, NaN, 4]);
  });

  it('takes marks of one column as text or as a record', async () => {
    const path = folder.write(
      'sex9.csv',
      'id,site,sex,lesions,y\na,A,1,9,1\nb,B,9,9,2\nc,A,2,3,99\nd,B,9.0,4,5\n',
    );
    for (const missing of [
      ['sex=9', '99'],
      [{ column: 'sex', marks: ['9'] }, '99'],
    ]) {
      const cohort = await loadTable(path, { covariates: ['sex'], missing });
      const [sex] = cohort.participants.covariates;
      assert.deepEqual(sex.kind === 'categorical' && [...sex.codes], [0, -1, 1, -1]);
      assert.deepEqual([...cohort.features.values], [9, 1, 9, 2, 3, NaN, 4, 5]);
    }
  });

  it('refuses marks for a column that is not there, and what is no list', async () => {
    const path = folder.write('s.csv', 'id,site,x\na,A,1\nb,B,2\n');
    await rejectsWith(loadTable(path, { missing: ['sexx=9'] }), {
      code: 'unknown-column',
      says: ['"sexx"', 'marks of missing values', '"id", "site", "x"'],
    });
    await rejectsWith(loadTable(path, { missing: '-9' as never }), {
      code: 'invalid-option',
      says: ['a list'],
    });
    await rejectsWith(loadTable(path, { missing: [9] as never }), { code: 'invalid-option', says: ['9'] });
  });

  it('does not write a label that would come back as missing', async () => {
    const path = folder.write('none.csv', 'id,site,x\na,None,1\nb,B,2\n');
    const cohort = await loadTable(path, { missing: ['only:NA'] });
    assert.deepEqual(cohort.participants.sites, ['None', 'B']);
    await rejectsWith(writeTable(cohort, folder.path('out.csv')), {
      code: 'invalid-option',
      says: ['"None"'],
    });
  });
});
