import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { takeSubjects, withFeatures } from '../../sdk/data/cohort';
import { provenanceStep } from '../../sdk/data/provenance';
import { fromDataFrame, toDataFrame } from '../../sdk/io/tables/data-frame';
import { loadTable } from '../../sdk/io/tables/load-table';
import { rewriteTable } from '../../sdk/io/tables/rewrite-table';
import { writeTable } from '../../sdk/io/tables/write-table';
import { temporaryFolder } from '../support/temporary-folder';
import { rejectsWith } from './rejects-with';

/** Two persons seen twice and one seen once. */
const visits = (id: string, visit: string): string =>
  `${id},${visit},site,x\nsub-1,ses-1,A,1\nsub-1,ses-2,B,2\nsub-2,ses-1,B,7\nsub-2,ses-2,B,4\nsub-3,ses-1,A,5\n`;
const composed = ['sub-1_ses-1', 'sub-1_ses-2', 'sub-2_ses-1', 'sub-2_ses-2', 'sub-3_ses-1'];
const persons = ['sub-1', 'sub-1', 'sub-2', 'sub-2', 'sub-3'];

describe('persons and visits in tables', () => {
  const folder = temporaryFolder();

  for (const [id, visit] of [
    ['participant_id', 'session_id'],
    ['participant_id', 'session'],
    ['subject', 'Visit'],
    ['ID', 'timepoint'],
    ['subject_id', 'VISCODE'],
  ]) {
    it(`are found where ${id} repeats and ${visit} tells its rows apart`, async () => {
      const cohort = await loadTable(folder.write('v.csv', visits(id, visit)), { features: 'x' });
      assert.deepEqual(cohort.participants.ids, composed);
      assert.deepEqual(cohort.participants.persons, persons);
      const said = cohort.issues.filter(({ code }) => code === 'inferred-person');
      assert.equal(said.length, 1);
      assert.match(said[0].message, /5 rows are taken as visits of 3 persons/);
      assert.ok(!cohort.issues.some(({ code }) => code === 'possible-repeats'));
    });
  }

  it("are those of FreeSurfer's longitudinal stream, whose templates are no scans", async () => {
    const scans = ['A_1.long.A', 'A_2.long.A', 'B_1.long.B', 'B_2.long.B'];
    const rows = (ids: readonly string[]): string =>
      ids.map((id, row) => `${id},${'KU'[row % 2]},${row}`).join('\n');
    const load = (ids: readonly string[]): ReturnType<typeof loadTable> =>
      loadTable(folder.write('f.csv', `id,site,x\n${rows(ids)}\n`), { features: 'x' });
    const cohort = await load(scans);
    assert.deepEqual(cohort.participants.ids, scans);
    assert.deepEqual(cohort.participants.persons, ['A', 'A', 'B', 'B']);
    assert.ok(
      cohort.issues.some(
        ({ code, message }) => code === 'inferred-person' && /4 rows of 2 persons/.test(message),
      ),
    );
    assert.ok(!cohort.issues.some(({ code }) => code === 'possible-repeats' || code === 'template-scan'));
    const { issues } = await load([...scans, 'B']);
    const [warned] = issues.filter(({ code }) => code === 'template-scan');
    assert.match(warned.message, /"B" of .*f\.csv is a template/);
  });

  it('are not made up where ids are unique', async () => {
    const once = visits('participant_id', 'session')
      .split('\n')
      .filter((line) => !line.includes('ses-2'))
      .join('\n');
    const cohort = await loadTable(
      folder.write(
        'once.csv',
        once.replace('sub-3,ses-1,A', 'sub-3,ses-1,B').replace('sub-1,ses-1,B', 'sub-1,ses-1,A'),
      ),
    );
    assert.deepEqual(cohort.participants.ids, ['sub-1', 'sub-2', 'sub-3']);
    assert.deepEqual(cohort.participants.persons, ['sub-1', 'sub-2', 'sub-3']);
    const asked = await loadTable(folder.write('once.csv', once), { visit: 'session' });
    assert.deepEqual(asked.participants.ids, ['sub-1_ses-1', 'sub-2_ses-1', 'sub-3_ses-1']);
  });

  it('are not taken for the rows of a table that has one row per measure', async () => {
    const rows = ['s1', 's2', 's3'].flatMap((id) => [`${id},A,CST,0.5`, `${id},A,SLF,0.4`]);
    const text = `id,site,bundle,fa\n${rows.join('\n')}\n`;
    await rejectsWith(loadTable(folder.write('long.csv', text)), {
      code: 'duplicate-id',
      says: ['"s1" is also in row 2', 'as column "bundle" looks, give every measure a column of its own'],
    });
  });

  it('are taken from the columns named', async () => {
    const text = visits('who', 'round');
    await rejectsWith(loadTable(folder.write('n.csv', text), { id: 'who' }), {
      code: 'duplicate-id',
      says: ['row 3', '"sub-1" is also in row 2', 'the option visit', 'person: "who"'],
      where: { row: 3, column: 'who' },
    });
    const cohort = await loadTable(folder.path('n.csv'), { person: 'who', visit: 'round' });
    assert.deepEqual(cohort.participants.ids, composed);
    assert.deepEqual(cohort.participants.persons, persons);
    assert.ok(!cohort.issues.some(({ code }) => code === 'inferred-person'));
    await rejectsWith(
      loadTable(folder.write('twice.csv', `${text}sub-2,ses-2,A,9\n`), { id: 'who', visit: 'round' }),
      {
        code: 'duplicate-id',
        says: [
          'row 7',
          '"sub-2" with round "ses-2" is also in row 5 (keep one row per subject and visit;',
          'person: "who"',
        ],
      },
    );
    await rejectsWith(loadTable(folder.path('n.csv'), { id: 'who', visit: 'rond' }), {
      code: 'unknown-column',
      says: ['"rond"', 'did you mean "round"'],
    });
  });

  it('come beside ids that are unique already', async () => {
    const scans = 'scan_id,person,site,x\np0_v1,p0,A,1\np0_v2,p0,B,2\np1_v1,p1,A,3\n';
    const path = folder.write('s.csv', scans);
    const cohort = await loadTable(path, { id: 'scan_id', person: 'person' });
    assert.deepEqual(cohort.participants.ids, ['p0_v1', 'p0_v2', 'p1_v1']);
    assert.deepEqual(cohort.participants.persons, ['p0', 'p0', 'p1']);
    assert.deepEqual(cohort.features.features, ['x']);
    const bids = folder.write('b.csv', scans.replace('person', 'participant_id'));
    const found = await loadTable(bids, { id: 'scan_id' });
    assert.deepEqual(found.participants.persons, ['p0', 'p0', 'p1']);
    assert.match(
      found.issues.find(({ code }) => code === 'inferred-person')?.message ?? '',
      /^column "participant_id" of b\.csv says who was scanned: 3 rows of 2 persons$/,
    );
    await rejectsWith(
      loadTable(folder.write('m.csv', scans.replace(',p1,', ',,')), { id: 'scan_id', person: 'person' }),
      {
        code: 'missing-value',
        says: ['missing person of "p1_v1"', 'row 4'],
      },
    );
    await rejectsWith(loadTable(path, { id: 'scan_id', person: 'persn' }), {
      code: 'unknown-column',
      says: ['unknown person column', 'did you mean "person"'],
    });
  });

  it('are found in the index without a name that pandas writes to Parquet', async () => {
    const values = [
      ['A', 1.5, 's1'],
      ['B', 2.25, 's2'],
    ];
    const cohort = await fromDataFrame({ columns: ['site', 'x', '__index_level_0__'], values });
    assert.deepEqual(cohort.participants.ids, ['s1', 's2']);
    assert.deepEqual(cohort.features.features, ['x']);
    assert.ok(cohort.issues.some(({ code }) => code === 'inferred-id'));
  });

  it('come back from every kind of table that is written', async () => {
    const cohort = await loadTable(folder.write('v.csv', visits('participant_id', 'session')));
    for (const name of ['w.csv', 'w.tsv', 'w.parquet']) {
      await writeTable(cohort, folder.path(name));
      assert.deepEqual((await loadTable(folder.path(name))).participants, cohort.participants, name);
    }
    assert.match(
      readFileSync(folder.path('w.csv'), 'utf8'),
      /^participant_id,person_id,site,x\nsub-1_ses-1,sub-1,A,1\n/,
    );
    const frame = toDataFrame(cohort);
    assert.deepEqual(frame.columns, ['participant_id', 'person_id', 'site', 'x']);
    assert.deepEqual((await fromDataFrame(frame)).participants, cohort.participants);
    const one = takeSubjects(cohort, [0, 2]);
    await writeTable(one, folder.path('one.csv'));
    assert.match(readFileSync(folder.path('one.csv'), 'utf8'), /^participant_id,site,x\n/);
    const frameOfVisits = {
      columns: ['id', 'visit', 'site', 'x'],
      values: [
        ['a', 1, 'A', 1],
        ['a', 2, 'B', 2],
      ],
    };
    const fromFrame = await fromDataFrame(frameOfVisits);
    assert.deepEqual(fromFrame.participants.ids, ['a_1', 'a_2']);
    assert.deepEqual(fromFrame.participants.persons, ['a', 'a']);
  });

  it('are matched by both columns when a table is written again', async () => {
    for (const [id, visit, options] of [
      ['participant_id', 'session', {}],
      ['who', 'round', { person: 'who', visit: 'round' }],
    ] as const) {
      const path = folder.write('rw.csv', visits(id, visit));
      const cohort = await loadTable(path, options);
      const values = cohort.features.values.map((value) => value * 10);
      const after = takeSubjects(
        withFeatures(cohort, { ...cohort.features, values }, provenanceStep('test', {})),
        [4, 1, 0, 3],
      );
      const target = folder.path(`rw-${id}.csv`);
      const written = await rewriteTable(after, target, { source: path, ...options });
      assert.deepEqual([written.rows, written.leftOut], [4, 1]);
      assert.equal(
        readFileSync(target, 'utf8'),
        `${id},${visit},site,x\nsub-1,ses-1,A,10\nsub-1,ses-2,B,20\nsub-2,ses-2,B,40\nsub-3,ses-1,A,50\n`,
      );
    }
  });
});

describe('participants of tables with several scans of a person', () => {
  const folder = temporaryFolder();
  const main = (): string =>
    folder.write(
      'scans.csv',
      visits('participant_id', 'session').replaceAll(',A,', ',q,').replaceAll(',B,', ',q,'),
    );

  it('have one row for each person', async () => {
    const participants = folder.write(
      'p.tsv',
      'participant_id\tsite\tage\nsub-1\tA\t30\n2\tB\t40\nsub-3\tA\t50\n',
    );
    const cohort = await loadTable(main(), { participants, covariates: ['age'] });
    assert.deepEqual(cohort.participants.ids, composed);
    assert.deepEqual(cohort.participants.sites, ['A', 'A', 'B', 'B', 'A']);
    const [age] = cohort.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [...age.values], [30, 30, 40, 40, 50]);
    const scans = folder.write('ids.csv', 'scan_id,who,x\nk1,sub-1,1\nk2,sub-1,2\nk3,sub-2,3\n');
    const byPerson = await loadTable(scans, { id: 'scan_id', person: 'who', participants });
    assert.deepEqual(byPerson.participants.sites, ['A', 'A', 'B']);
    assert.deepEqual(byPerson.participants.persons, ['sub-1', 'sub-1', 'sub-2']);
  });

  it('or one for each visit, and then a visit that is not there joins nothing', async () => {
    const participants = folder.write(
      'long.tsv',
      'participant_id\tsession_id\tsite\tage\nsub-1\tses-1\tA\t30\nsub-1\tses-2\tB\t31\nsub-2\t1\tB\t40\nsub-3\tses-1\tA\t50\n',
    );
    const cohort = await loadTable(main(), { participants, covariates: ['age'] });
    assert.deepEqual(
      cohort.participants.ids,
      composed.filter((id) => id !== 'sub-2_ses-2'),
    );
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'B', 'A']);
    const [age] = cohort.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [...age.values], [30, 31, 40, 50]);
    assert.match(
      cohort.issues.find(({ code }) => code === 'unmatched-subject')?.message ?? '',
      /^1 subject of scans\.csv not in long\.tsv, left out: "sub-2_ses-2"$/,
    );
  });

  it('refuse to guess which visit is meant', async () => {
    const participants = folder.write('two.tsv', 'participant_id\tvisit\tsite\na\t1\tA\na\t2\tB\nb\t1\tB\n');
    await rejectsWith(loadTable(folder.write('single.csv', 'id,x\na,1\nb,2\n'), { participants }), {
      code: 'duplicate-id',
      says: ['2 rows of "a"', '"1", "2"', 'the option visit'],
    });
  });

  it('may say who is who', async () => {
    const participants = folder.write('who.csv', 'id,who,site\nk1,p,A\nk2,p,B\nk3,q,B\n');
    const cohort = await loadTable(folder.write('k.csv', 'id,x\nk1,1\nk2,2\nk3,3\n'), {
      participants,
      person: 'who',
    });
    assert.deepEqual(cohort.participants.persons, ['p', 'p', 'q']);
  });

  it('are joined where only zeros, case or blanks differ, with a word', async () => {
    const participants = folder.write('zeros.csv', 'id,site\n1,A\n2,B\n03,A\n');
    const cohort = await loadTable(folder.write('padded.csv', 'id,x\n001,1\nsub-02,2\n3,3\n'), {
      participants,
    });
    assert.deepEqual(cohort.participants.ids, ['001', 'sub-02', '3']);
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'A']);
    const said = cohort.issues.filter(({ code }) => code === 'joined-loosely');
    assert.match(
      said[0].message,
      /^3 ids of padded\.csv found in zeros\.csv though written differently .* such as "001" as "1"$/,
    );
    const ambiguous = folder.write('both.csv', 'id,site\n1,A\n01,B\n2,B\n3,A\n');
    const exact = await loadTable(folder.write('one.csv', 'id,x\n01,1\n001,2\n2,3\n3,4\n'), {
      participants: ambiguous,
    });
    assert.deepEqual(exact.participants.ids, ['01', '2', '3']);
    await rejectsWith(loadTable(folder.write('clash.csv', 'id,x\n03,1\n3,2\n'), { participants }), {
      code: 'duplicate-id',
      says: ['"03" and "3" are the same subject'],
    });
  });

  it('have ids of any name, which is found by the values', async () => {
    const table = folder.write('lh.csv', 'lh.aparc.thickness,x,y\nsub-01,1,2\nsub-02,2,3\n');
    const people = folder.write('Cov.csv', 'No,SubjID,site\n1,sub-01,A\n2,02,B\n');
    await rejectsWith(loadTable(table, { participants: people }), {
      code: 'unknown-column',
      says: ['column "SubjID" holds 2 of the 2 ids', 'participants.id: "SubjID"'],
    });
    const cohort = await loadTable(table, { participants: { path: people, id: 'SubjID' } });
    assert.deepEqual(cohort.participants.sites, ['A', 'B']);
    const misleading = folder.write('Mis.csv', 'ID,code,site\n1,sub-01,A\n2,sub-02,B\n');
    await rejectsWith(loadTable(table, { participants: misleading }), {
      code: 'invalid-option',
      says: ['written differently in column "ID"', 'participants.id: "code"'],
    });
    const other = folder.write('Other.csv', 'ID,code,site\n901,sub-01,A\n902,sub-02,B\n');
    await rejectsWith(loadTable(table, { participants: other }), {
      code: 'too-little-data',
      says: ['"sub-01"', '"901"', 'participants.id: "code"'],
    });
    await rejectsWith(loadTable(table, { participants: folder.write('None.csv', 'a,site\nq,A\nr,B\n') }), {
      code: 'unknown-column',
      says: ['no column known to hold subject ids', 'the option participants.id'],
    });
  });
});
