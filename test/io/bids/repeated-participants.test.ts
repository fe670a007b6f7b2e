import assert from 'node:assert/strict';
import type { VolumeCohort } from '../../../sdk/data/cohort';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import type { LoadBidsOptions } from '../../../sdk/io/bids/load-bids-options';
import { writeBids } from '../../../sdk/io/bids/written/write-bids';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';
import type { FileContent } from './tiny-dataset';
import { rawDescription, tinyVolume, writeFiles } from './tiny-dataset';

type Rows = readonly (readonly string[])[];

const said = ({ issues }: VolumeCohort, code: string): readonly string[] =>
  issues.filter((issue) => issue.code === code).map(({ message }) => message);

/** The values of a covariate: numbers, or labels. */
function covariate({ participants }: VolumeCohort, name: string): readonly (string | number | null)[] {
  const found = participants.covariates.find((one) => one.name === name);
  assert.ok(found !== undefined, `no covariate ${name}`);
  return found.kind === 'continuous'
    ? [...found.values]
    : [...found.codes].map((code) => found.levels[code] ?? null);
}

describe('a table of participants with several rows of one', () => {
  const folder = temporaryFolder();
  let count = 0;

  /** Loads a dataset of two persons with two sessions each, and its table. */
  function load(table: Rows, options: LoadBidsOptions = {}, sessions = ['01', '02']): Promise<VolumeCohort> {
    return made(table, sessions).then((root) => loadBids(root, options));
  }
  function made(table: Rows, sessions: readonly string[]): Promise<string> {
    const images = ['01', '02'].flatMap((subject) =>
      sessions.map((session): readonly [string, FileContent] => [
        `sub-${subject}/ses-${session}/anat/sub-${subject}_ses-${session}_T1w.nii.gz`,
        tinyVolume(),
      ]),
    );
    return writeFiles(folder.path(`dataset${count++}`), {
      'dataset_description.json': rawDescription,
      'participants.tsv': table,
      ...Object.fromEntries(images),
    });
  }

  const bySession: Rows = [
    ['participant_id', 'session_id', 'site', 'age', 'sex'],
    ['sub-01', 'ses-01', 'A', '30', 'F'],
    ['sub-01', 'ses-02', 'B', '32', 'F'],
    ['sub-02', 'ses-01', 'A', '50', 'M'],
    ['sub-02', 'ses-02', 'A', '53', 'M'],
  ];

  for (const column of ['session_id', 'session', 'Visit']) {
    it(`is joined to the sessions of the scans by its column ${column}, and says so`, async () => {
      const cohort = await load([
        ['participant_id', column, ...bySession[0].slice(2)],
        ...bySession.slice(1),
      ]);
      assert.deepEqual(cohort.participants.sites, ['A', 'B', 'A', 'A']);
      assert.deepEqual(covariate(cohort, 'age'), [30, 32, 50, 53]);
      assert.deepEqual(covariate(cohort, 'sex'), ['F', 'F', 'M', 'M']);
      assert.deepEqual(cohort.participants.persons, ['sub-01', 'sub-01', 'sub-02', 'sub-02']);
      assert.deepEqual(said(cohort, 'repeated-participants'), [
        `participants.tsv has several rows of "sub-01", "sub-02" (2 in all): each is taken for the scans of the session in its column "${column}"`,
      ]);
    });
  }

  it('is written, and read back, with what each session has', async () => {
    const { root } = await writeBids(await load(bySession), folder.path('written'));
    const again = await loadBids(root);
    assert.deepEqual(again.participants.sites, ['A', 'B', 'A', 'A']);
    assert.deepEqual(covariate(again, 'age'), [30, 32, 50, 53]);
  });

  it('may lack prefixes and zeros, and a session for what is so of all', async () => {
    const cohort = await load([
      ['participant_id', 'session_id', 'site', 'age', 'sex'],
      ['01', '1', 'A', '30', 'n/a'],
      ['01', '2', 'B', '32', 'n/a'],
      ['01', 'n/a', 'n/a', 'n/a', 'F'],
      ['02', 'n/a', 'C', '50', 'M'],
    ]);
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'C', 'C']);
    assert.deepEqual(covariate(cohort, 'age'), [30, 32, 50, 50]);
    assert.deepEqual(covariate(cohort, 'sex'), ['F', 'F', 'M', 'M']);
  });

  it('says nothing of a session that it has no row of, but what all of its rows agree in', async () => {
    const cohort = await load(bySession, {}, ['02', '03']);
    assert.deepEqual(cohort.participants.sites, ['B', 'n/a', 'A', 'A']);
    assert.deepEqual(covariate(cohort, 'age'), [32, NaN, 53, NaN]);
    assert.deepEqual(covariate(cohort, 'sex'), ['F', 'F', 'M', 'M']);
    assert.deepEqual(said(cohort, 'unmatched-session'), [
      'participants.tsv has no row for "sub-01_ses-03", "sub-02_ses-03": only what the rows of other sessions agree in is known',
    ]);
  });

  it('is taken for all scans where its rows agree in what is used', async () => {
    const agreeing: Rows = [
      ['participant_id', 'site', 'age', 'note'],
      ['sub-01', 'A', '30', 'first'],
      ['01', 'A', '30', 'second'],
      ['sub-01', 'n/a', 'n/a', 'third'],
      ['sub-02', 'B', '50', 'first'],
    ];
    const cohort = await load(agreeing);
    assert.deepEqual(cohort.participants.sites, ['A', 'A', 'B', 'B']);
    assert.deepEqual(covariate(cohort, 'age'), [30, 30, 50, 50]);
    assert.match(
      said(cohort, 'repeated-participants')[0],
      /rows of "sub-01" \(1 in all\): what they agree in/,
    );
    // What nobody asked for is left out, with why.
    assert.match(said(cohort, 'unused-column')[0], /"note" \(several rows of sub-01 .* differ in "note"/);
    // Who asks for it is told.
    await rejectsWith(load(agreeing, { covariates: ['note'] }), {
      code: 'duplicate-id',
      says: [
        'several rows of sub-01 in participants.tsv differ in "note": "first" (row 2), "second" (row 3), "third" (row 4)',
        'keep or correct one row; where each row is a session, name it as the folders do in a column session_id',
      ],
      where: { column: 'note', subject: 'sub-01', row: 3 },
    });
  });

  it('is refused, naming who, what and the values, where its rows contradict each other', async () => {
    const sites = [
      ['participant_id', 'site'],
      ['sub-01', 'A'],
      ['sub-01', 'B'],
      ['sub-02', 'A'],
    ];
    await rejectsWith(load(sites), {
      code: 'duplicate-id',
      says: ['several rows of sub-01 in participants.tsv differ in "site": "A" (row 2), "B" (row 3)'],
    });
    // Sessions that no scan has name nothing.
    const named = sites.map((row, at) => [...row, ['session_id', 'ses-x', 'ses-y', 'ses-x'][at]]);
    await rejectsWith(load(named), { code: 'duplicate-id', says: ['differ in "site"'] });
    // Nor can two rows be one session.
    const twice = sites.map((row, at) => [...row, ['session_id', 'ses-01', 'ses-01', 'ses-01'][at]]);
    await rejectsWith(load(twice), { code: 'duplicate-id', says: ['differ in "site"'] });
    // Without a use there is no contradiction.
    const cohort = await load(sites, { site: { name: 'Kiel' } });
    assert.equal(cohort.participants.ids.length, 4);
  });

  it('is not taken by halves where scans are written beside it', async () => {
    const source = await load([
      ['participant_id', 'site'],
      ['sub-01', 'A'],
      ['sub-02', 'B'],
    ]);
    const target = folder.path('target');
    await writeBids(source, target);
    await writeFiles(target, {
      'participants.tsv': [
        ['participant_id', 'site'],
        ['sub-01', 'A'],
        ['sub-01', 'B'],
      ],
    });
    await rejectsWith(writeBids(source, target, { overwrite: true }), {
      code: 'duplicate-id',
      says: ['several rows of sub-01'],
    });
  });
});
