import assert from 'node:assert/strict';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { contradictingScans } from '../../../sdk/io/rows/contradicting-scans';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';

interface Scan {
  readonly person: string;
  readonly sex?: string | null;
  readonly age?: number;
  readonly dx?: string;
  readonly at?: string;
}

function look(scans: readonly Scan[], unit = 'years'): readonly string[] {
  const covariates = [
    categorical(
      'sex',
      scans.map(({ sex = 'F' }) => sex),
    ),
    continuous(
      'age',
      scans.map(({ age = NaN }) => age),
      unit,
    ),
    categorical(
      'dx',
      scans.map(({ dx = 'CN' }) => dx),
    ),
  ];
  return contradictingScans({
    file: 't.csv',
    persons: scans.map(({ person }) => person),
    covariates,
    times: [scans.map(({ at = null }) => at)],
  }).map(({ message, suggestion }) => `${message}; ${suggestion}`);
}

/** One person with these ages at these visits. */
const visits = (ages: readonly number[], at: readonly string[]): readonly Scan[] =>
  ages.map((age, row) => ({ person: 'p', age, at: at[row] }));

describe('contradictingScans', () => {
  it('names persons and values of a sex that differs, with what to do', () => {
    const scans = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9'].flatMap((person, at): Scan[] => [
      { person, sex: 'F' },
      { person, sex: at < 2 ? 'M' : 'F' },
    ]);
    assert.deepEqual(look(scans), [
      '2 persons have conflicting values of "sex": "p1" (F, M), "p2" (F, M); ' +
        'correct the table, or name the column that says who was scanned with the option person',
    ]);
    const most = scans.map((scan, row) => ({ ...scan, sex: row % 2 === 0 ? 'F' : 'M' }));
    assert.match(
      look(most)[0],
      /^9 persons .*"p4" \(F, M\) and 5 more; these are so many of the 9 persons with several/,
    );
  });

  it('leaves missing values and single scans alone', () => {
    assert.deepEqual(look([{ person: 'a', sex: null }, { person: 'a' }, { person: 'b', sex: 'M' }]), []);
  });

  it('names a diagnosis that differs, which may have changed', () => {
    const [issue] = look([{ person: 'a', dx: 'AD' }, { person: 'a' }]);
    assert.match(issue, /of "dx": "a" \(AD, CN\); nothing to do where it changed; else correct the table/);
  });

  const wrong: Readonly<Record<string, readonly Scan[]>> = {
    'goes down from visit to visit': visits([34.2, 31.9], ['ses-1', 'ses-2']),
    'goes down, whatever the order of rows': visits([31.9, 34.2], ['V2', 'V1']),
    'goes down from the baseline to month 12': visits([70, 69.5], ['bl', 'm12']),
    'goes down from date to date': visits([70, 69.5], ['2019-01-31', '2019-08-01']),
    'jumps between visits': visits([31, 71], ['1', '2']),
    'jumps where nothing says the order': visits([31, 71], ['a', 'b']),
    'jumps in a year': visits([31, 36.5], ['2019-01-31', '2020-01-31']),
    'jumps in months': visits([31, 38], ['bl', 'm12']),
  };
  for (const [what, scans] of Object.entries(wrong)) {
    it(`finds an age that ${what}`, () => {
      const issues = look(scans);
      assert.equal(issues.length, 1);
      assert.match(issues[0], /^1 person has conflicting values of "age": "p" \(\d/);
    });
  }

  it('says when which age was', () => {
    assert.match(
      look(visits([34.2, 31.9], ['ses-1', 'ses-2']))[0],
      /"p" \(34\.2 at ses-1, 31\.9 at ses-2\);/,
    );
  });

  const right: Readonly<Record<string, readonly Scan[]>> = {
    'the same day': visits([34, 34], ['1', '2']),
    'whole years': visits([34, 36], ['2019-12-31', '2021-01-01']),
    'a long study': visits([50, 68], ['2001-01-31', '2019-01-31']),
    'numbers of sites': visits([34.5, 34.1, 34.9], ['site1', 'site2', 'site3']),
    'visits without an order': visits([40, 36], ['x', 'y']),
    'numbers and dates mixed': visits([40, 36], ['1', '2019-01-31']),
  };
  for (const [what, scans] of Object.entries(right)) {
    it(`accepts ${what}`, () => assert.deepEqual(look(scans), []));
  }

  it('counts in the unit of the ages', () => {
    assert.deepEqual(look(visits([3, 200], ['1', '2']), 'weeks'), []);
    assert.equal(look(visits([3, 900], ['1', '2']), 'weeks').length, 1);
    assert.deepEqual(look(visits([120, 290], ['1', '2']), 'months'), []);
  });

  it('takes dates with the day first as such, and dates of unknown order for no order', () => {
    // Month first, 12 January would be 1 December, after 13 June, and the age would go down.
    assert.deepEqual(look(visits([60, 60.4], ['12/01/2019', '13/06/2019'])), []);
    assert.deepEqual(look(visits([60, 60.4], ['12/01/2019', '03/06/2019'])), []);
    assert.equal(look(visits([60.4, 60], ['12/01/2019', '13/06/2019'])).length, 1);
    assert.equal(look(visits([60.4, 60], ['01/12/2019', '06/13/2019'])).length, 1);
  });

  it('accepts ages at the first visit on every scan', () => {
    const scans = ['a', 'b', 'c', 'd'].flatMap((person, at): Scan[] => [
      { person, age: 60 + at, at: '2010-01-31' },
      { person, age: 60 + at, at: '2016-01-31' },
    ]);
    assert.deepEqual(look(scans), []);
  });

  it('finds the one jump that is far from what is usual, and nothing in studies of many kinds', () => {
    const study = (seed: number, gap: (random: ReturnType<typeof makeRandom>) => number): readonly Scan[] => {
      const random = makeRandom(seed);
      return Array.from({ length: 100 }, (_, at): Scan[] => {
        const age = 50 + 20 * random.uniform();
        const person = `p${at}`;
        return [
          { person, age, at: '1' },
          { person, age: age + gap(random), at: '2' },
        ];
      }).flat();
    };
    const gaps = {
      retest: (random: ReturnType<typeof makeRandom>) => 0.1 * random.uniform(),
      years: (random: ReturnType<typeof makeRandom>) => 2 + 0.3 * random.normal(),
      open: (random: ReturnType<typeof makeRandom>) => 12 * random.uniform(),
      mixed: (random: ReturnType<typeof makeRandom>) => (random.uniform() < 0.2 ? 8 : 0.1),
      long: (random: ReturnType<typeof makeRandom>) => 18 + Math.abs(random.normal()),
    };
    for (const [kind, gap] of Object.entries(gaps)) {
      for (let seed = 0; seed < 20; seed++) {
        assert.deepEqual(look(study(seed, gap)), [], `${kind} ${seed}`);
      }
    }
    const scans = study(1, gaps.years).map((scan, row) =>
      row === 7 ? { ...scan, age: (scan.age ?? 0) + 10 } : scan,
    );
    assert.match(look(scans)[0], /^1 person .*"p3"/);
  });
});

describe('a table with scans that contradict each other', () => {
  const folder = temporaryFolder();
  const header = 'scan_id,person,site,sex,age,scan_date,x';
  const rows = [
    'a1,a,A,F,30,2010-05-01,1',
    'a2,a,B,M,31,2011-05-01,2',
    'b1,b,A,M,60,2010-05-01,3',
    'b2,b,B,M,58,2011-05-01,4',
  ];
  const text = [header, ...rows].join('\n');

  it('is loaded with a warning per covariate, by dates where there are some', async () => {
    const path = folder.write('t.csv', text);
    const cohort = await loadTable(path, {
      id: 'scan_id',
      person: 'person',
      covariates: ['sex', 'age'],
      features: 'x',
    });
    const found = cohort.issues.filter(({ code }) => code === 'contradicting-scans');
    assert.deepEqual(
      found.map(({ message, where }) => [
        message.replace(/;.*/, ''),
        where.file,
        where.column,
        where.subject,
      ]),
      [
        ['1 person has conflicting values of "sex": "a" (F, M)', 't.csv', 'sex', 'a'],
        [
          '1 person has conflicting values of "age": "b" (60 at 2010-05-01, 58 at 2011-05-01)',
          ...['t.csv', 'age', 'b'],
        ],
      ],
    );
    assert.ok(found.every(({ severity }) => severity === 'warning'));
  });

  it('takes visits, and what ids have beside the person, for the order', async () => {
    const visited = text.replaceAll(/^(.)(\d),\1/gm, '$1_v$2,$1').replaceAll(/scan_date/g, 'other');
    const path = folder.write('v.csv', visited);
    const cohort = await loadTable(path, {
      id: 'scan_id',
      person: 'person',
      covariates: ['age'],
      features: 'x',
    });
    const [found] = cohort.issues.filter(({ code }) => code === 'contradicting-scans');
    assert.match(found.message, /"b" \(60 at v1, 58 at v2\)/);
    const bids = folder.write(
      'b.tsv',
      'participant_id\tsession_id\tsite\tage\tx\nsub-1\tses-1\tA\t60\t1\nsub-1\tses-2\tB\t58\t2\nsub-2\tses-1\tB\t1\t3\n',
    );
    const other = await loadTable(bids, { covariates: ['age'], features: 'x' });
    assert.match(
      other.issues.find(({ code }) => code === 'contradicting-scans')?.message ?? '',
      /"sub-1" \(60 at ses-1, 58 at ses-2\)/,
    );
  });
});
