import assert from 'node:assert/strict';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { possibleRepeats } from '../../../sdk/io/rows/possible-repeats';

const look = (
  ids: readonly string[],
  known: {
    sex?: string[];
    age?: number[];
    sites?: string[];
    suspect?: { column: string; values: number };
  } = {},
): readonly string[] =>
  possibleRepeats({
    file: 't.csv',
    ids,
    persons: ids,
    suspect: known.suspect,
    sites: known.sites,
    covariates: [
      ...(known.sex === undefined ? [] : [categorical('sex', known.sex)]),
      ...(known.age === undefined ? [] : [continuous('age', known.age)]),
    ],
  }).map(({ message, suggestion }) => `${message}; ${suggestion}`);

const pairs = (first: string, second: string, count = 10): readonly string[] =>
  Array.from({ length: count }, (_, at) => [`${1001 + at}${first}`, `${1001 + at}${second}`]).flat();

describe('possibleRepeats', () => {
  const repeated: Readonly<Record<string, readonly string[]>> = {
    'BIDS sessions': ['sub-01_ses-1', 'sub-01_ses-2', 'sub-02_ses-1'],
    'sessions in words': ['sub-01_ses-baseline', 'sub-01_ses-followup', 'sub-02_ses-baseline'],
    visits: pairs('_v1', '_v2'),
    'months of a study': pairs('_bl', '_m12'),
    'time points': pairs('-tp1', '-tp2'),
    'test and retest': pairs('_test', '_retest'),
    numbers: pairs('_1', '_2'),
    letters: pairs('-a', '-b'),
    'letters after a digit': pairs('a', 'b'),
    'the first without an end': ['p1', 'p1_v2', 'p2', 'p3'],
    'one person only': [...pairs('_v1', '_v1', 0), '7_visit1', '7_visit2', '8_visit1'],
  };
  for (const [name, ids] of Object.entries(repeated)) {
    it(`warns of ${name}`, () => assert.match(look(ids)[0] ?? '', /look like several scans of/));
  }

  const distinct: Readonly<Record<string, readonly string[]>> = {
    'numbers within a site': Array.from({ length: 20 }, (_, at) => [`A_${at}`, `B_${at}`, `C_${at}`]).flat(),
    'plain numbers': Array.from({ length: 30 }, (_, at) => String(at + 1)),
    'BIDS labels': Array.from({ length: 30 }, (_, at) => `sub-${at + 1}`),
    'padded numbers': Array.from({ length: 30 }, (_, at) => `IXI${String(at).padStart(3, '0')}`),
    'sites of few persons': ['A_1', 'A_2', 'B_1', 'B_2', 'B_3'],
    'one session each': ['sub-01_ses-1', 'sub-02_ses-1', 'sub-03_ses-2'],
  };
  for (const [name, ids] of Object.entries(distinct)) {
    it(`does not warn of ${name}`, () => assert.deepEqual(look(ids), []));
  }

  it('looks at sex and age where they are known', () => {
    const ids = pairs('_1', '_2');
    const alternate = ids.map((_, at) => 'FM'[at % 2]);
    assert.deepEqual(look(ids, { sex: alternate }), []);
    assert.equal(
      look(ids, { sex: ids.map((_, at) => 'FM'[(at >> 1) % 2]), age: ids.map((_, at) => 40 + at / 10) })
        .length,
      1,
    );
    assert.deepEqual(look(ids, { age: ids.map((_, at) => (at % 2 === 0 ? 20 : 70)) }), []);
  });

  const inWords: Readonly<Record<string, readonly [string, string]>> = {
    sessions: ['_ses-01', '_ses-02'],
    'sessions and runs': ['_ses-01_run-1', '_ses-02_run-1'],
    'names of files of BIDS': ['_ses-01_T1w', '_ses-02_T1w'],
    'visits after the number': ['V1', 'V2'],
    'baseline and follow-up': ['_baseline', '_followup'],
    months: ['_bl', '_m12'],
    years: ['_Y0', '_Y2'],
    dates: ['_20190101', '_20210304'],
    'dates with hyphens': ['_2019-01-01', '_2021-03-04'],
    'time points': ['_T1', '_T2'],
    runs: ['_run-1', '_run-2'],
    'streams of FreeSurfer': ['.cross', '.long.x'],
    'before and after': ['_pre', '_post'],
    'sessions of OASIS': ['_MR1', '_MR2'],
    'days of OASIS-3': ['_MR_d0129', '_MR_d2430'],
    'visits of HCP': ['_V1_MR', '_V2_MR'],
    'instances of UK Biobank': ['_20252_2_0', '_20252_3_0'],
    'a repeated scan': ['', 'R'],
    'a second scan': ['', '_rescan'],
  };
  for (const [name, [first, second]] of Object.entries(inWords)) {
    it(`warns of ${name} whatever sex and age say, and says that they differ`, () => {
      const ids = pairs(first, second);
      const known = {
        sex: ids.map((_, at) => 'FM'[at % 2]),
        age: ids.map((_, at) => 20 + 40 * (at % 2)),
        sites: ids.map((_, at) => 'KU'[at % 2]),
      };
      assert.match(look(ids, known)[0] ?? '', /of 10 persons.*though in 10 of them sex or age differ/);
    });
  }

  it('warns of travelers: by their name, or where sex and age agree', () => {
    const sites = ['KCL', 'UCL', 'GOSH'];
    const at = (make: (person: number, site: string) => string): readonly string[] =>
      Array.from({ length: 8 }, (_, person) => sites.map((site) => make(person + 1, site))).flat();
    const rows = { sites: Array.from({ length: 24 }, (_, row) => sites[row % 3]) };
    const mixed = {
      ...rows,
      sex: rows.sites.map((_, row) => 'FM'[row % 2]),
      age: rows.sites.map((_, row) => 20 + row),
    };
    const same = {
      ...rows,
      sex: rows.sites.map((_, row) => 'FM'[Math.floor(row / 3) % 2]),
      age: rows.sites.map((_, row) => 20 + Math.floor(row / 3)),
    };
    const travelers = at((person, site) => `trav0${person}_${site}`);
    assert.match(look(travelers, mixed)[0] ?? '', /^24 ids of t\.csv look like several scans of 8 persons/);
    const numbered = at((person, site) => `${site}_00${person}`);
    assert.match(look(numbered, same)[0] ?? '', /of 8 persons/);
    assert.deepEqual(look(numbered, mixed), [], 'each site has its own number 1');
    assert.deepEqual(look(numbered, rows), []);
  });

  it('does not take sites for persons', () => {
    const sites = Array.from({ length: 30 }, (_, row) => ['KCL', 'UCL'][row % 2]);
    for (const make of [
      (row: number) => `${sites[row]}_scan${row}`,
      (row: number) => `${sites[row]}_s${row}`,
      (row: number) => `${sites[row]}_201901${10 + row}`,
      (row: number) => `${sites[row].toLowerCase()}-07${row}`,
      (row: number) => `site${1 + (row % 2)}_scan${row}`,
      (row: number) => `site${1 + (row % 2)}-${10 + row}`,
      (row: number) => `study_scan${row}`,
    ]) {
      assert.deepEqual(
        look(
          sites.map((_, row) => make(row)),
          { sites },
        ),
        [],
        make(1),
      );
    }
  });

  it('looks at a column that may say who is who where ids say nothing', () => {
    const ids = ['k7', 'q2', 'z9', 'b4'];
    const known = (values: number): readonly string[] => look(ids, { suspect: { column: 'PTID', values } });
    assert.match(
      known(2)[0],
      /^the 4 rows of t\.csv may be several scans of 2 persons, by the name of its column "PTID"/,
    );
    assert.deepEqual(known(4), []);
  });

  it('counts, and names a column that may say who is who', () => {
    assert.match(
      look(pairs('_v1', '_v2', 3), { suspect: { column: 'Subject_ID', values: 3 } })[0],
      /^6 ids of t\.csv look like several scans of 3 persons, such as "1001_v1" and "1001_v2".*person: "Subject_ID"/,
    );
    assert.deepEqual(
      possibleRepeats({ file: 't', ids: ['a_v1', 'a_v2'], persons: ['a', 'a'], covariates: [] }),
      [],
    );
  });
});
