import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { continuous } from '../../../sdk/data/people/covariate';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { auditedCovariates, noticeColumns } from '../../../sdk/io/columns/notice-covariates';
import type { LoadTableOptions } from '../../../sdk/io/tables/table-options';

describe('columns noticed for an audit', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-notice-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are age, sex and diagnosis by their names, the plainest of each', () => {
    const of = (header: string[], covariates: string[] = []): readonly string[] =>
      noticeColumns(header, { covariates });
    assert.deepEqual(of(['id', 'site', 'age', 'sex', 'dx', 'thick_0']), ['age', 'sex', 'dx']);
    assert.deepEqual(of(['SUB_ID', 'AGE_AT_SCAN', 'SEX', 'DX_GROUP', 'FIQ']), [
      'AGE_AT_SCAN',
      'SEX',
      'DX_GROUP',
    ]);
    assert.deepEqual(of(['AgeAtScan', 'PTGENDER', 'Diagnosis']), ['AgeAtScan', 'PTGENDER', 'Diagnosis']);
    assert.deepEqual(of(['interview_age', 'age', 'gender', 'sex']), ['age', 'sex']);
    assert.deepEqual(of(['age', 'sex'], ['age_months']), ['sex']);
    assert.deepEqual(
      of(['brain_age', 'brainAGE', 'age_of_onset', 'group_id', 'sextile', 'image', 'percentage']),
      [],
    );
    assert.deepEqual(noticeColumns(['group', 'age'], { site: 'group' }), ['age']);
    // A table of participants and the main one may both have it.
    assert.deepEqual(of(['age', 'age']), ['age']);
  });

  async function load(
    columns: Readonly<Record<string, (row: number) => string>>,
    options: LoadTableOptions,
  ): Promise<FeatureCohort> {
    const names = Object.keys(columns);
    const lines = Array.from({ length: 40 }, (_, row) =>
      [
        `s${row}`,
        'AB'[row % 2],
        (row * 0.37) % 3,
        (row * 0.73) % 2,
        ...names.map((name) => columns[name](row)),
      ].join(),
    );
    const path = join(folder, 'table.csv');
    await writeFile(path, [`id,site,f0,f1,${names.join()}`, ...lines, ''].join('\n'));
    return loadTable(path, options);
  }
  const names = (cohort: FeatureCohort): readonly string[] =>
    cohort.participants.covariates.map(({ name }) => name);

  it('are loaded beside the covariates asked for, and warned of by the fit where they differ', async () => {
    const cohort = await load(
      { age: (row) => String(30 + 20 * (row % 2) + (row % 7)), sex: (row) => 'FM'[(row >> 1) % 2] },
      { notice: true, covariates: ['sex'], features: 'f*' },
    );
    assert.deepEqual(names(cohort), ['sex', 'age']);
    const said = cohort.issues.find(({ where }) => where.column === 'age');
    assert.equal(
      said?.message,
      'covariate "age" taken as continuous, for the audit only: it is not preserved',
    );
    const { issues, columns } = await fitCombat(cohort, { preserve: ['sex'] });
    assert.deepEqual(columns, ['sex=M']);
    assert.ok(issues.some(({ code, where }) => code === 'not-preserved' && where.column === 'age'));
  });
  it('are not loaded unasked, and never become features', async () => {
    const columns = { age: (row: number): string => String(row) };
    assert.deepEqual(names(await load(columns, {})), []);
    const noticed = await load(columns, { notice: true });
    assert.deepEqual(noticed.features.features, ['f0', 'f1']);
    assert.deepEqual(names(noticed), ['age']);
  });
  it('are let go where they cannot be read, are chosen as features, or say nothing', async () => {
    const unreadable = await load(
      { age: (row) => (row === 9 ? 'old' : String(row)), sex: (row) => 'FM'[row % 2] },
      { notice: true },
    );
    assert.deepEqual(names(unreadable), ['sex']);
    const [unread] = unreadable.issues.filter(({ code }) => code === 'unread-covariate');
    assert.equal(unread.severity, 'warning');
    assert.match(unread.message, /^column "age" is not audited: .*"old"/);
    const feature = await load({ age: String }, { notice: true, features: 'f0,age' });
    assert.deepEqual([names(feature), feature.features.features], [[], ['f0', 'age']]);
    const useless = await load(
      { sex: () => 'F', group: (row) => `name${row}`, age: (row) => (row < 40 ? 'NA' : '1') },
      { notice: true },
    );
    assert.deepEqual(names(useless), []);
  });
  it('are used by the audit when nearly everybody of every site has them', () => {
    const ids = Array.from({ length: 60 }, (_, row) => `s${row}`);
    const make = (lacking: (row: number) => boolean): readonly string[] =>
      auditedCovariates(
        makeParticipants(
          ids,
          ids.map((_, row) => 'AB'[row % 2]),
          [
            continuous(
              'age',
              ids.map((_, row) => (lacking(row) ? NaN : row)),
            ),
          ],
        ),
        [],
      );
    assert.deepEqual(
      make(() => false),
      ['age'],
    );
    assert.deepEqual(
      make((row) => row === 3),
      ['age'],
    );
    assert.deepEqual(
      make((row) => row < 6),
      [],
    );
    assert.deepEqual(
      make((row) => row % 2 === 0),
      [],
    );
  });
});
