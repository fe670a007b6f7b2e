import assert from 'node:assert/strict';
import { ukBiobankColumn, ukBiobankKind } from '../../sdk/io/columns/uk-biobank-fields';
import { loadTable } from '../../sdk/io/tables/load-table';
import { noise } from '../support/noise';
import { temporaryFolder } from '../support/temporary-folder';

type Column = (row: number) => string | number;

/** Thicknesses of four regions (fields of FreeSurfer's DKT atlas) at the first imaging visit, of 60 people at three centers. */
function tableOf(
  columns: Readonly<Record<string, Column>>,
  name = (field: number) => `${field}-2.0`,
): string {
  const rows = Array.from({ length: 60 }, (_, row) => row);
  const thick = [27174, 27175, 27176, 27177];
  const header = ['eid', name(54), name(21003), ...Object.keys(columns), ...thick.map(name)];
  const lines = rows.map((row) => [
    1_000_000 + ((row * 37) % 600),
    11025 + Math.floor(row / 20),
    45 + Math.floor(30 * noise(row, 99)),
    ...Object.values(columns).map((column) => column(row)),
    ...thick.map((_, at) => (2 + noise(row, at)).toFixed(3)),
  ]);
  return [header, ...lines].map((line) => line.join(',')).join('\n');
}

describe('tables of UK Biobank', () => {
  const folder = temporaryFolder();
  const load = (
    text: string,
    more: Partial<Parameters<typeof loadTable>[1]> = {},
  ): ReturnType<typeof loadTable> =>
    loadTable(folder.write('t.csv', text), { site: '54-2.0', covariates: ['21003-2.0'], ...more });
  const measured = (row: number): string => (2 + noise(row, 7)).toFixed(3);

  const names: readonly [string, ReturnType<typeof ukBiobankColumn>][] = [
    ['25741-2.0', { field: 25741, visit: 2 }],
    ['f.25741.3.0', { field: 25741, visit: 3 }],
    ['X25741.2.0', { field: 25741, visit: 2 }],
    ['n_25741_2_0', { field: 25741, visit: 2 }],
    ['22009-0.10', { field: 22009, visit: 0 }],
    ['p25741_i2', { field: 25741, visit: 2 }],
    ['participant.p25741_i2_a0', { field: 25741, visit: 2 }],
    ['p31', { field: 31 }],
    ['thick_2.0', undefined],
    ['25741', undefined],
    ['lh_25741_2_0', undefined],
  ];
  for (const [name, wanted] of names) {
    it(`reads ${name}`, () => assert.deepEqual(ukBiobankColumn(name), wanted));
  }

  it('knows fields by what the Showcase says of them', () => {
    // Thickness of the caudal anterior cingulate; weighted-mean FA; motion; table position; head scaling; eTIV; height.
    const wanted = {
      27174: 'brain',
      25488: 'brain',
      25741: 'quality',
      25759: 'acquisition',
      25000: 'head',
      26521: 'head',
      50: 'other',
    };
    for (const [field, kind] of Object.entries(wanted))
      assert.equal(ukBiobankKind(Number(field)), kind, field);
  });

  it('sets aside what is no measure of the brain, though it has decimals', async () => {
    const cohort = await load(
      tableOf({ '25741-2.0': measured, '25756-2.0': measured, '22009-0.1': measured, '25000-2.0': measured }),
    );
    assert.deepEqual(cohort.features.features, ['27174-2.0', '27175-2.0', '27176-2.0', '27177-2.0']);
    const reasons = new Map(cohort.reading?.setAside.map(({ name, reason }) => [name, reason]));
    assert.match(reasons.get('25741-2.0') ?? '', /quality/);
    assert.match(reasons.get('25756-2.0') ?? '', /how the scan was taken/);
    assert.match(reasons.get('22009-0.1') ?? '', /none of the measures/);
    assert.match(reasons.get('25000-2.0') ?? '', /whole head/);
    assert.ok(cohort.issues.every(({ code }) => code !== 'other-visit'));
  });

  it('leaves such names alone where the table is of something else', async () => {
    const text = tableOf({ '50-2.0': measured }).replaceAll(/2717(\d)-2\.0/g, 'thick_$1');
    assert.ok((await load(text)).features.features.includes('50-2.0'));
  });

  it('takes the features of the visit of the site only', async () => {
    const later = { '27174-3.0': measured, '27175-3.0': measured, '54-3.0': () => 11025 };
    const cohort = await load(tableOf(later));
    assert.deepEqual(cohort.features.features, ['27174-2.0', '27175-2.0', '27176-2.0', '27177-2.0']);
    const aside = cohort.reading?.setAside.find(({ name }) => name === '27174-3.0');
    assert.match(aside?.reason ?? '', /of visit 3, and the site or the age of visit 2/);
  });

  it('warns where named features are of several visits', async () => {
    const cohort = await load(tableOf({ '27174-3.0': measured }), { features: '2717*' });
    const [issue] = cohort.issues.filter(({ code }) => code === 'other-visit');
    assert.match(issue.message, /of 2 visits \("27174-3\.0", "27174-2\.0"\)/);
  });

  it('warns of the center and the age at recruitment', async () => {
    const early = {
      '54-0.0': (row: number) => 11010 + (row % 3),
      '21022-0.0': (row: number) => 40 + (row % 29),
    };
    const cohort = await load(tableOf(early), { site: '54-0.0', covariates: ['21022-0.0'] });
    const warned = cohort.issues
      .filter(({ code }) => code === 'other-visit')
      .map(({ where }) => where.column);
    assert.deepEqual(warned, ['54-0.0', '21022-0.0']);
  });

  it('finds the id, age and sex by their fields, as the Research Analysis Platform writes them', async () => {
    const text = tableOf({ p31: (row) => Number(noise(row, 3) > 0.5) }, (field) => `p${field}_i2`);
    const cohort = await loadTable(folder.write('t.csv', text), { site: 'p54_i2', notice: true });
    assert.deepEqual(
      cohort.participants.covariates.map(({ name, kind }) => [name, kind]),
      [
        ['p21003_i2', 'continuous'],
        ['p31', 'categorical'],
      ],
    );
  });
});

describe('a column of sites that is an indicator', () => {
  const folder = temporaryFolder();
  const load = (
    names: readonly [string, string],
    labels: readonly string[],
  ): ReturnType<typeof loadTable> => {
    const lines = Array.from({ length: 30 }, (_, row) => [
      `s${row}`,
      labels[Number(row < 10)],
      labels[Number(row >= 10 && row < 20)],
      ...[1, 2, 3].map((at) => (2 + noise(row, at)).toFixed(3)),
    ]);
    const text = [['id', ...names, 'a_thick', 'b_thick', 'c_thick'], ...lines]
      .map((line) => line.join(','))
      .join('\n');
    return loadTable(folder.write('t.csv', text), { site: names[0] });
  };
  const warned = async (cohort: ReturnType<typeof loadTable>): Promise<number> =>
    (await cohort).issues.filter(({ code }) => code === 'indicator-site').length;

  it('is warned of where there are others of its name', async () => {
    assert.equal(await warned(load(['Site1', 'Site2'], ['0', '1'])), 1);
    assert.equal(await warned(load(['site_1', 'site_2'], ['0.0', '1.0'])), 1);
  });

  it('is not where it has names of sites, or there is one only', async () => {
    assert.equal(await warned(load(['Site1', 'Site2'], ['London', 'Oslo'])), 0);
    assert.equal(await warned(load(['Site1', 'group2'], ['0', '1'])), 0);
  });
});
