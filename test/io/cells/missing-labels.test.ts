import assert from 'node:assert/strict';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { missingLabels } from '../../../sdk/io/cells/missing-labels';
import { temporaryFolder } from '../../support/temporary-folder';

describe('labels that often mark a missing value', () => {
  const folder = temporaryFolder();
  const table = (sites: readonly string[], sexes: readonly string[]): string =>
    folder.write(
      't.csv',
      `id,site,sex,x\n${sites.map((site, at) => `s${at},${site},${sexes[at]},${at}.5`).join('\n')}\n`,
    );

  const marks = [
    ...['unknown', 'Missing', 'TBD', 'n/d', 'not done', 'not_recorded', 'Prefer not to say', 'nan%'],
    ...['inconnu', 'Non renseigné', 'unbekannt', 'k.A.', 'Desconocido', 'não informado', 'sconosciuto'],
    ...[
      'onbekend',
      'okänd',
      'brak danych',
      'неизвестный',
      'Άγνωστο',
      '不明',
      '缺失',
      '알 수 없음',
      'غير معروف',
    ],
    ...['--', '?', '–', '-', '...', '_', '-999', '-9', '99', '9999', '0'],
  ];
  for (const mark of marks) {
    it(`are "${mark}" among words`, () => {
      assert.deepEqual(missingLabels(['KCL', mark, 'UCL']), [mark]);
    });
  }

  const ordinary: readonly (readonly string[])[] = [
    ['KCL', 'UCL', 'ND', 'Other', 'none', 'Nord', 'M', 'F', 'U'],
    ['+', '-'],
    ['98', '99', '100'],
    ['1', '2', '77'].slice(0, 2),
    ['-1', '0', '1'],
    ['0', '1-2', '3+'],
    ['0', '1'],
    ['60', '70', '88'],
    ['♂', '♀'],
    ['present', 'absent'],
  ];
  for (const labels of ordinary.slice(1)) {
    it(`are none of ${labels.join(', ')}`, () => {
      assert.deepEqual(missingLabels(labels), []);
    });
  }

  it('are none of usual names of sites, but U beside F and M', () => {
    assert.deepEqual(missingLabels(ordinary[0].slice(0, 6)), []);
    assert.deepEqual(missingLabels(['U', 'KCL']), []);
    assert.deepEqual(missingLabels(['U', 'F', 'M']), ['U']);
    assert.deepEqual(missingLabels(['1', '2', '999']), ['999']);
    assert.deepEqual(missingLabels(['1', '2', '-9']), ['-9']);
  });

  it('stay, with a warning that names column, label, count and remedy', async () => {
    const path = table(['A', 'unknown', 'A', 'B', 'unknown', 'B'], ['F', 'M', '?', 'M', 'F', 'F']);
    const cohort = await loadTable(path, { covariates: ['sex'] });
    assert.equal(cohort.participants.sites.filter((site) => site === 'unknown').length, 2);
    const said = cohort.issues.filter(({ code }) => code === 'doubtful-value');
    assert.deepEqual(
      said.map(({ severity, message, suggestion }) => [severity, message, suggestion]),
      [
        [
          'warning',
          'column "site" of t.csv holds "unknown" in 2 of 6 rows, which often marks a missing value; it is taken as a site',
          'if it marks a missing value, say so with missing: "site=unknown"',
        ],
        [
          'warning',
          'column "sex" of t.csv holds "?" in 1 of 6 rows, which often marks a missing value; it is taken as a level',
          'if it marks a missing value, say so with missing: "sex=?"',
        ],
      ],
    );
    const told = await loadTable(path, { covariates: ['sex'], missing: ['sex=?'] });
    const [sex] = told.participants.covariates;
    assert.deepEqual(sex.kind === 'categorical' && [sex.levels, sex.codes[2]], [['F', 'M'], -1]);
    assert.ok(!told.issues.some(({ code, where }) => code === 'doubtful-value' && where.column === 'sex'));
  });
});
