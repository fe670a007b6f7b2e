import assert from 'node:assert/strict';
import { loadTable } from '../../sdk/io/tables/load-table';
import { sharedData } from '../support/shared-data';
import { rejectsWith } from './rejects-with';
import { temporaryFolder } from '../support/temporary-folder';
import { skipWithout } from '../support/skipping';

describe('loadTable with a table of participants', () => {
  const folder = temporaryFolder();
  const people =
    'participant_id\tsite\tage\tsex\nsub-01\tA\t30\tF\nsub-02\tB\tn/a\tM\nsub-03\tn/a\t50\tF\nsub-05\tB\t60\tM\n';
  const table = 'id,thick,group\n02,2,x\nsub-01,1,y\nsub-04,4,x\n05,5,y\n';

  it('joins by id, whether or not it has the prefix sub-, in the order of the main table', async () => {
    const cohort = await loadTable(folder.write('t.csv', table), {
      participants: folder.write('participants.tsv', people),
      covariates: [{ name: 'age', unit: 'years' }, 'sex', 'group'],
    });
    assert.deepEqual(cohort.participants.ids, ['02', 'sub-01', '05']);
    assert.deepEqual(cohort.participants.sites, ['B', 'A', 'B']);
    assert.deepEqual([...cohort.features.values], [2, 1, 5]);
    const [age, sex, group] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical' && group.kind === 'categorical');
    assert.deepEqual([...age.values], [NaN, 30, 60]);
    assert.deepEqual([...sex.codes], [1, 0, 1]);
    assert.deepEqual([...group.codes], [0, 1, 1], 'from the main table, where the participants lack it');
  });

  it('says that a table has its features in rows, as neuroCombat takes it', async () => {
    const turned = ',sub-01,sub-02,sub-03,sub-05\nthick_a,1,2,3,4\nthick_b,2,3,4,5\n';
    await rejectsWith(
      loadTable(folder.write('t.csv', turned), { participants: folder.write('participants.tsv', people) }),
      { code: 'too-little-data', says: ['4 ids of', 'has its features in rows', 't() in R, .T in pandas'] },
    );
  });

  it('joins names of scans by person and session, and takes two runs for scans of one person', async () => {
    const runs = 'bids_name,thick\nsub-01_run-1_T1w,1\nsub-01_run-2_T1w,1.5\nsub-02_T1w,2\nsub-05_T1w,5\n';
    const cohort = await loadTable(folder.write('t.csv', runs), {
      participants: folder.write('participants.tsv', people),
      covariates: ['age'],
    });
    assert.deepEqual(cohort.participants.sites, ['A', 'A', 'B', 'B']);
    assert.deepEqual(cohort.participants.persons, ['sub-01', 'sub-01', 'sub-02', 'sub-05']);
    const inferred = cohort.issues.filter(({ code }) => code === 'inferred-person');
    assert.deepEqual(
      inferred.map(({ message }) => message),
      [
        'the ids in column "bids_name" of t.csv are names of scans by BIDS, such as "sub-01_run-1_T1w", a scan of "sub-01": ' +
          '4 rows of 3 persons',
      ],
    );
    const visits =
      'participant_id\tsession_id\tsite\tage\n01\t1\tA\t30\n01\t2\tB\t32\n02\t1\tB\t40\n02\t2\tB\t42\n';
    const sessions = 'id,thick\nsub-01_ses-02.long.sub-01,2\nsub-01_ses-01,1\nsub-02_ses-02_T1w,4\n';
    const long = await loadTable(folder.write('t.csv', sessions), {
      participants: folder.write('participants.tsv', visits),
      covariates: ['age'],
    });
    assert.deepEqual(long.participants.sites, ['B', 'A', 'B']);
    const [age] = long.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [...age.values], [32, 30, 42]);
  });

  it('warns of scans that a table has from both streams', async () => {
    const both =
      'participant_id,site,thick\nsub-01_ses-1,A,1\nsub-01_ses-1.long.sub-01,A,2\nsub-02_ses-1,B,3\n';
    const { issues, participants } = await loadTable(folder.write('both.csv', both));
    assert.deepEqual(participants.persons, ['sub-01', 'sub-01', 'sub-02']);
    const warned = issues.filter(({ code }) => code === 'other-stream');
    assert.deepEqual(
      warned.map(({ message }) => message),
      [
        "1 scan of both.csv is there twice, as processed alone and from FreeSurfer's longitudinal stream, such as " +
          '"sub-01_ses-1" and "sub-01_ses-1.long.sub-01"; each counts as two scans',
      ],
    );
  });

  it('refuses a name of a scan without session where participants have several rows, and says why other longer ids join nothing', async () => {
    const visits = 'participant_id\tsession_id\tsite\n01\t1\tA\n01\t2\tB\n';
    await rejectsWith(
      loadTable(folder.write('t.csv', 'id,thick\nsub-01_T1w,1\n'), {
        participants: folder.write('participants.tsv', visits),
      }),
      { code: 'duplicate-id', says: ['2 rows of "sub-01_T1w"', 'visits "1", "2"'] },
    );
    const participants = folder.write('participants.tsv', people);
    await rejectsWith(loadTable(folder.write('t.csv', 'id,thick\n01_MR1,1\n02_MR1,2\n'), { participants }), {
      code: 'too-little-data',
      says: ['are longer than those of', '"01_MR1"', 'the option person'],
    });
    const scans = people.replaceAll(/(sub-0\d)/g, '$1_scan');
    await rejectsWith(
      loadTable(folder.write('t.csv', table), { participants: folder.write('scans.tsv', scans) }),
      { code: 'too-little-data', says: ['"sub-01_scan"', 'the option participants.id'] },
    );
  });

  it('reports subjects that stand on one side only', async () => {
    const cohort = await loadTable(folder.write('t.csv', table), {
      participants: folder.write('participants.tsv', people),
    });
    const unmatched = cohort.issues.filter(({ code }) => code === 'unmatched-subject');
    assert.equal(unmatched.length, 2);
    assert.match(
      unmatched[0].message,
      /^1 subject of .*t\.csv not in .*participants\.tsv, left out: "sub-04"$/,
    );
    assert.match(
      unmatched[1].message,
      /^1 subject of .*participants\.tsv not in .*t\.csv, left out: "sub-03"$/,
    );
    assert.equal(unmatched[0].severity, 'warning');
  });

  it('says which columns of the main table stand aside', async () => {
    const cohort = await loadTable(folder.write('t.csv', 'id,site,thick\n01,Q,1\n02,Q,2\n05,Q,3\n'), {
      participants: folder.write('participants.tsv', people),
    });
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'B']);
    const overruled = cohort.issues.filter(({ code }) => code === 'overruled-column');
    assert.deepEqual(
      overruled.map(({ message }) => message),
      ['column "site" of t.csv is not used: it is taken from participants.tsv'],
    );
  });

  it('warns where both tables have a column and differ in it', async () => {
    const main = 'id,site,age,sex,thick\n01,A,34.0,2,1\n02,B,41,1,2\n03,A,29.9,2,3\n05,B,51.04,1,3\n';
    const others = 'id,site,age,sex\n01,A,34,F\n02,B,41.5,M\n03,A,60,F\n05,A,51.0,M\n';
    const cohort = await loadTable(folder.write('t.csv', main), {
      participants: folder.write('others.csv', others),
      covariates: ['age', 'sex'],
    });
    const found = cohort.issues.filter(({ code }) => code === 'contradicting-tables');
    assert.deepEqual(
      found.map(({ message }) => message),
      [
        'column "site" differs between others.csv and t.csv for 1 of 4 participants with the same id: "05" (A, B); those of others.csv are used',
        'column "age" differs between others.csv and t.csv for 1 of 4 participants with the same id: "03" (60, 29.9); those of others.csv are used',
      ],
    );
    assert.deepEqual(found[1].where, { file: 't.csv', column: 'age', subject: '03' });
  });

  it('takes other column names for the participants', async () => {
    const other = people.replace('participant_id', 'code').replace('site', 'scanner');
    const cohort = await loadTable(folder.write('t.csv', table), {
      participants: { path: folder.write('other.tsv', other), id: 'code', site: 'scanner' },
    });
    assert.deepEqual(cohort.participants.sites, ['B', 'A', 'B']);
  });

  it('names the row of the participants where something is wrong there', async () => {
    const main = folder.write('m.csv', 'id,thick\n01,1\n03,3\n');
    const path = folder.write('participants.tsv', people);
    await rejectsWith(loadTable(main, { participants: path }), {
      code: 'missing-value',
      says: ['site', '"03"', 'participants.tsv, row 4'],
      where: { file: path, row: 4 },
    });
    const bad = folder.write('bad.tsv', people.replace('30', '3O').replace('n/a', '40'));
    await rejectsWith(
      loadTable(folder.write('n.csv', table), {
        participants: bad,
        covariates: [{ name: 'age', kind: 'continuous' }],
      }),
      {
        code: 'invalid-number',
        says: ['bad.tsv, row 2', '"3O"'],
      },
    );
  });

  it('refuses when nobody matches, showing how ids are written', async () => {
    const main = folder.write('m.csv', 'id,thick\nIXI001,1\nIXI002,3\n');
    await rejectsWith(loadTable(main, { participants: folder.write('participants.tsv', people) }), {
      code: 'too-little-data',
      says: ['"IXI001"', '"sub-01"'],
    });
  });

  it('refuses ids that differ by the prefix only', async () => {
    const twice = folder.write('twice.tsv', `${people}05\tA\t1\tF\n`);
    await rejectsWith(loadTable(folder.write('t.csv', table), { participants: twice }), {
      code: 'duplicate-id',
      says: ['"sub-05" (row 5)', '"05" (row 6)'],
    });
    const main = folder.write('m.csv', `${table}sub-05,1,x\n`);
    await rejectsWith(loadTable(main, { participants: folder.write('participants.tsv', people) }), {
      code: 'duplicate-id',
      says: ['"05"', '"sub-05"', 'same subject'],
    });
  });

  it('names both tables where a column is in neither', async () => {
    const main = folder.write('t.csv', table);
    const participants = folder.write('participants.tsv', people);
    await rejectsWith(loadTable(main, { participants, covariates: ['sexx'] }), {
      code: 'unknown-column',
      says: ['participants.tsv or', 't.csv', 'did you mean "sex"?'],
    });
  });

  it('reads BIDS participants.tsv of the shared brains (skipped without the shared data)', async function () {
    const participants = sharedData('brains/participants.tsv');
    if (participants === undefined) skipWithout(this, 'real data');
    const main = folder.write('x.csv', 'participant_id,x\nHH034,1\nsub-NSK53,2\n');
    const { participants: read } = await loadTable(main, { participants, covariates: ['age', 'sex'] });
    assert.deepEqual(read.sites, ['HH', 'NSK']);
    assert.equal(read.covariates[0].kind === 'continuous' && read.covariates[0].values[0], 24.34);
  });
});
