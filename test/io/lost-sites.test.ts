import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTable } from '../../sdk/io/tables/load-table';

describe('sites lost by joining a table of participants', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-join-'));
  });
  after(() => rm(folder, { recursive: true }));

  const rows = Array.from({ length: 40 }, (_, row) => row);
  const value = (row: number): number => ((row * 7) % 40) + 0.5;
  const siteOf = (row: number): string => 'ABCD'[row % 4];
  async function load(
    table: { readonly header: string; readonly rows: readonly string[] },
    people: { readonly header: string; readonly rows: readonly string[] },
  ): Promise<readonly string[]> {
    const [main, other] = ['table.csv', 'people.csv'].map((name) => join(folder, name));
    await writeFile(main, [table.header, ...table.rows, ''].join('\n'));
    await writeFile(other, [people.header, ...people.rows, ''].join('\n'));
    const { issues } = await loadTable(main, { participants: other, covariates: ['age'] });
    const codes = issues.map(({ code }) => code);
    if (codes.includes('lost-site')) {
      assert.ok(codes.indexOf('lost-site') < codes.indexOf('unmatched-subject'));
    }
    return issues.filter(({ code }) => code === 'lost-site').map(({ message }) => message);
  }
  const missing = (row: number): boolean =>
    siteOf(row) === 'B' || (siteOf(row) === 'A' && row < 20) || row === 2;

  it('are warned of, where the participants know the sites', async () => {
    const found = await load(
      { header: 'id,f0', rows: rows.filter((row) => !missing(row)).map((row) => `s${row},${value(row)}`) },
      { header: 'id,site,age', rows: rows.map((row) => `s${row},${siteOf(row)},${30 + row}`) },
    );
    assert.deepEqual(found, [
      'site "B": 10 of 10 subjects of people.csv are not in table.csv; the site is lost',
      'site "A": 5 of 10 subjects of people.csv are not in table.csv; 5 left',
    ]);
  });
  it('are warned of, where the main table knows the sites', async () => {
    const found = await load(
      { header: 'id,site,f0', rows: rows.map((row) => `s${row},${siteOf(row)},${value(row)}`) },
      { header: 'id,age', rows: rows.filter((row) => !missing(row)).map((row) => `s${row},${30 + row}`) },
    );
    assert.deepEqual(found, [
      'site "B": 10 of 10 subjects of table.csv are not in people.csv; the site is lost',
      'site "A": 5 of 10 subjects of table.csv are not in people.csv; 5 left',
    ]);
  });
  it('are not spoken of where most are in both', async () => {
    const found = await load(
      { header: 'id,f0', rows: rows.slice(8).map((row) => `s${row},${value(row)}`) },
      { header: 'id,site,age', rows: rows.map((row) => `s${row},${siteOf(row)},${30 + row}`) },
    );
    assert.deepEqual(found, []);
  });
});
