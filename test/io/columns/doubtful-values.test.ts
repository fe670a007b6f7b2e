import assert from 'node:assert/strict';
import { doubtfulValues } from '../../../sdk/io/columns/doubtful-values';
import { loadTable } from '../../../sdk/io/tables/load-table';
import type { Random } from '../../../sdk/math/random';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';

const ages = Array.from({ length: 60 }, (_, i) => 20 + ((i * 37) % 50));
const thick = Array.from({ length: 60 }, (_, i) => 2 + ((i * 37) % 100) / 100);
const found = (values: readonly number[], isAge = false): readonly (readonly [number, number])[] =>
  doubtfulValues(Float64Array.from(values), { reach: 10, isAge }).map(({ value, count }) => [value, count]);

describe('doubtfulValues', () => {
  it('finds well-known marks far from the rest, with their counts', () => {
    assert.deepEqual(found([...ages, 999]), [[999, 1]]);
    assert.deepEqual(found([...ages, 99, 99]), [[99, 2]]);
    assert.deepEqual(found([...thick, -9999]), [[-9999, 1]]);
    assert.deepEqual(found([...thick, -1, -1, -9]), [
      [-9, 1],
      [-1, 2],
    ]);
    assert.deepEqual(
      found([...thick, 77, 88, 99]).map(([value]) => value),
      [77, 88, 99],
    );
    assert.deepEqual(found([...thick, ...Array.from({ length: 20 }, () => -999)]), [[-999, 20]]);
  });

  it('finds a value that comes again and again apart from the rest, whatever its number', () => {
    const precise = thick.map((value, i) => value + ((i * 7) % 11) / 1000);
    const times = (value: number, count: number): readonly number[] =>
      Array.from({ length: count }, () => value);
    assert.deepEqual(found([...precise, ...times(-4, 12)]), [[-4, 12]]);
    assert.deepEqual(found([...precise, ...times(-4, 7), ...times(8.8888, 9)]), [
      [-4, 7],
      [8.8888, 9],
    ]);
    assert.deepEqual(found([...precise, ...times(4.61, 9)]), [[4.61, 9]]);
    assert.deepEqual(found([...precise, ...times(3.3, 9)]), [], 'too near');
    // NACC's own mark may be close above what is measured.
    const ten = Math.max(...precise);
    const volumes = precise.map((value) => (value / ten) * 8.5);
    assert.deepEqual(found([...volumes, ...times(8.8888, 9)]), [[8.8888, 9]]);
    assert.deepEqual(found([...volumes, ...times(8.8887, 9)]), []);
    // Regions that are not found in many scans, counts, and two groups of scans.
    assert.deepEqual(found([...precise, ...times(0, 30)]), []);
    assert.deepEqual(found(Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? 9 : i % 5))), []);
    assert.deepEqual(found([...precise, ...precise.map((value) => value + 3)]), []);
  });

  it('finds 99 among ages of up to 86 where many have it, not where one is so old', () => {
    const measured = Array.from({ length: 100 }, (_, row) => 20 + ((row * 37) % 100) * 0.66);
    const with99 = [...measured, 99, 99, 99, 99];
    assert.deepEqual(found(with99, true), [[99, 4]]);
    assert.deepEqual(found([...measured, 99], true), []);
    assert.deepEqual(found([...measured, 88, 88, 88, 88], true), []);
  });

  it('finds −9999 among codes, though most of the column holds it or 0', () => {
    const codes = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 0 : 1 + (i % 3)));
    const many = Array.from({ length: 100 }, () => -9999);
    assert.deepEqual(found([...codes, -9999, -9999]), [[-9999, 2]]);
    assert.deepEqual(found([...codes, ...many]), [[-9999, 100]]);
    assert.deepEqual(found([...thick, ...many]), [[-9999, 100]]);
    assert.deepEqual(found(many), [], 'nothing to hold it against');
  });

  it('finds 0 among positive values, slips of a decimal sign, and impossible ages', () => {
    assert.deepEqual(found([...thick, 0, 0]), [[0, 2]]);
    assert.deepEqual(found([...thick, 25.4]), [[25.4, 1]]);
    assert.deepEqual(found([...ages, 131, -3], true), [
      [-3, 1],
      [131, 1],
    ]);
    assert.deepEqual(found([...ages, NaN, 999]), [[999, 1]]);
  });

  it('finds what is far from a positive measure that varies little, in up to one in twenty', () => {
    assert.deepEqual(found([...thick, -4]), [[-4, 1]]);
    assert.deepEqual(found([...thick, -4, -4]), [[-4, 2]]);
    assert.deepEqual(found([...thick, 1e9, 1e9]), [[1e9, 2]]);
    const tight = thick.map((value) => 2 + 0.8 * (value - 2));
    assert.deepEqual(found([...tight, 9.9999, 9.9999]), [[9.9999, 2]]);
    assert.deepEqual(found([...tight, -0.5, 9.9999]), [
      [-0.5, 1],
      [9.9999, 1],
    ]);
    assert.deepEqual(found([...tight, 1.2, 3.9]), [], 'unusual, not impossible');
    assert.deepEqual(
      found([...tight, ...Array.from({ length: 10 }, (_, i) => 9 + i / 40)]),
      [],
      'two groups',
    );
    assert.deepEqual(
      doubtfulValues(Float64Array.from([...thick, -4, -4]), { reach: 10 }).map(({ low }) => low),
      [2],
      'the range of the others is without them',
    );
  });

  it('finds an age of 0 among older ones, not among those of children', () => {
    const adults = ages.map((age) => age + 0.5);
    assert.deepEqual(found([...adults, 0, 0, 0], true), [[0, 3]]);
    const children = ages.map((age) => (age - 20) / 4);
    assert.deepEqual(found([...children, 0, 0], true), []);
  });

  it('leaves ordinary values alone, whatever their number', () => {
    const old = Array.from({ length: 60 }, (_, i) => 55 + ((i * 37) % 46));
    assert.deepEqual(found([...old, 99, 88, 77], true), []);
    const z = thick.map((value) => value - 2.5);
    assert.deepEqual(found([...z, -1, 0, 1]), []);
    const lesions = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 0 : (i * i) / 3));
    assert.deepEqual(found(lesions), []);
    assert.deepEqual(found([1, 2, 3, 999]), [], 'too few to say');
    assert.deepEqual(found(Array.from({ length: 30 }, () => 5)), []);
  });

  it('flags fewer than one in a hundred columns of log-normal and Student tails', () => {
    const random = makeRandom(1);
    let flagged = 0;
    for (let column = 0; column < 1000; column++) {
      const heavy = Array.from({ length: 200 }, () =>
        column % 2 === 0
          ? Math.exp(random.normal())
          : random.normal() /
            Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
      );
      if (found(heavy).length > 0) flagged++;
    }
    assert.ok(flagged < 10, `${flagged} of 1000`);
  });

  it('flags fewer than one in a hundred columns of a positive measure, moderately skewed to either side', () => {
    const random = makeRandom(2);
    let flagged = 0;
    for (let column = 0; column < 1000; column++) {
      const sign = column % 2 === 0 ? 1 : -1;
      const skewed = Array.from({ length: 200 }, () => 40 + sign * Math.exp(0.5 * random.normal()));
      if (found(skewed).length > 0) flagged++;
    }
    assert.ok(flagged < 10, `${flagged} of 1000`);
  });

  /** Measures above zero that vary little beside their constant, with tails of many kinds. */
  const offset: Readonly<Record<string, (random: Random) => number>> = {
    'log-normal, σ = 0.5': (random) => 5000 + 1000 * Math.exp(0.5 * random.normal()),
    'log-normal, σ = 0.7': (random) => 10000 + 1000 * Math.exp(0.7 * random.normal()),
    'log-normal, σ = 1': (random) => 10000 + 1000 * Math.exp(random.normal()),
    'log-normal, σ = 1, to the left': (random) => 40000 - 1000 * Math.exp(random.normal()),
    'gamma, shape 0.5': (random) => 20 + random.normal() ** 2 / 2,
    'gamma, shape 1': (random) => 30 - Math.log(random.uniform()),
    'Student, 3 degrees of freedom': (random) =>
      100 +
      random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
    normal: (random) => 2.5 + 0.15 * random.normal(),
  };
  for (const [what, draw] of Object.entries(offset)) {
    it(`flags at most one in fifty columns of 100 of a constant and a tail, and ten times a value: ${what}`, () => {
      let flagged = 0;
      let hit = 0;
      for (let seed = 1; seed <= 200; seed++) {
        const random = makeRandom(seed);
        const values = Array.from({ length: 100 }, () => draw(random));
        if (found(values).length > 0) flagged++;
        const slip = 10 * values[50];
        values[50] = slip;
        if (found(values).some(([value]) => value === slip)) hit++;
      }
      assert.ok(flagged <= 4, `${flagged} of 200`);
      assert.ok(hit >= 180, `${hit} of 200`);
    });
  }

  it('flags no column of counts with many zeros', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = makeRandom(seed);
      const counts = Array.from({ length: 100 }, () =>
        random.uniform() < 0.4 ? 0 : Math.floor(3 * Math.exp(random.normal())),
      );
      assert.deepEqual(found(counts), []);
    }
  });
});

describe('doubtful values and kinds in tables', () => {
  const folder = temporaryFolder();
  const table = (column: string, values: readonly (string | number)[]): string =>
    folder.write(
      't.csv',
      [
        `participant_id,site,age,${column},thick_0,thick_1`,
        ...values.map((value, row) =>
          [
            `sub-x${row}`,
            'AB'[row % 2],
            ages[row],
            value,
            thick[row].toFixed(3),
            (thick[row] + (row % 3) / 9).toFixed(3),
          ].join(','),
        ),
      ].join('\n'),
    );

  it('warns of a mark in a covariate and in a feature, naming column, value and count; values stay', async () => {
    const path = table(
      'bmi',
      ages.map((age, row) => (row === 7 || row === 9 ? 999 : 18 + age / 5)),
    );
    const cohort = await loadTable(path, { covariates: ['bmi'], features: 'thick_*' });
    const [issue] = cohort.issues.filter(({ code }) => code === 'doubtful-value');
    assert.match(
      issue.message,
      /^column "bmi" holds 999 in 2 of 60 rows, far from its other values \(22 to 31\.8\)/,
    );
    assert.match(issue.suggestion, /missing: "bmi=999"/);
    const [bmi] = cohort.participants.covariates;
    assert.ok(bmi.kind === 'continuous' && bmi.values[7] === 999);
  });

  it('names a column once where many of its values are in doubt', async () => {
    const months = ages.map((age, row) => (row % 4 === 0 ? age * 12 : age));
    const path = table('scan_age', months);
    const cohort = await loadTable(path, { covariates: ['scan_age'], features: 'thick_*' });
    const met = cohort.issues.filter(({ code }) => code === 'doubtful-value').map(({ message }) => message);
    assert.equal(met.length, 1);
    assert.match(
      met[0],
      /^column "scan_age" holds \d+ different values \(\d{3} to \d{3}\) in 15 of 60 rows.*\(\d\d to \d\d\)/,
    );
  });

  it('names a mark once where many features hold it', async () => {
    const header = ['id', 'site', ...Array.from({ length: 5 }, (_, at) => `thick_${at}`)].join(',');
    const lines = thick.map((value, row) =>
      [`a${row}x`, 'AB'[row % 2], ...[0, 1, 2, 3, 4].map((at) => (row === 3 ? -9999 : value + at / 7))].join(
        ',',
      ),
    );
    const cohort = await loadTable(folder.write('many.csv', [header, ...lines].join('\n')));
    const doubtful = cohort.issues.filter(({ code }) => code === 'doubtful-value');
    assert.equal(doubtful.length, 1);
    assert.match(doubtful[0].message, /^5 columns hold -9999.*"thick_0" \(1\).*"thick_4" \(1\)$/);
    assert.match(doubtful[0].suggestion, /missing: "-9999"/);
  });

  it('warns of whole numbers that may be codes, unless the kind is stated', async () => {
    const path = table(
      'dx',
      ages.map((_, row) => (row % 3) + 1),
    );
    const kinds = async (spec: Parameters<typeof loadTable>[1]): Promise<readonly string[]> =>
      (await loadTable(path, { ...spec, features: 'thick_*' })).issues
        .filter(({ code }) => code === 'doubtful-kind')
        .map(({ message }) => message);
    const [message] = await kinds({ covariates: ['dx', 'age'] });
    assert.match(
      message,
      /^covariate "dx" is taken as continuous, as amounts along a line or a curve, though .* 1, 2, 3: /,
    );
    assert.deepEqual(await kinds({ covariates: ['age'] }), [], 'an age has many whole numbers');
    for (const kind of ['continuous', 'categorical'] as const) {
      assert.deepEqual(await kinds({ covariates: [{ name: 'dx', kind }] }), []);
    }
  });

  it('warns of categories of many levels: dates, and as many as half the subjects', async () => {
    const levels = async (values: readonly string[], kind?: 'categorical'): Promise<readonly string[]> =>
      (
        await loadTable(table('what', values), { covariates: [{ name: 'what', kind }], features: 'thick_*' })
      ).issues
        .filter(({ code }) => code === 'many-levels' || code === 'doubtful-kind')
        .map(({ message }) => message);
    const dates = ages.map((_, row) => `2019-0${(row % 9) + 1}-${10 + (row % 17)}`);
    for (const own of [dates, dates.map((text) => text.split('-').reverse().join('.'))]) {
      const [many] = await levels(own);
      assert.match(
        many,
        /^covariate "what" holds dates \(.*, each of which is taken as a group of its own: \d+ groups/,
      );
    }
    const [numbers] = await levels(dates.map((text) => text.replaceAll('-', '')));
    assert.match(numbers, /^covariate "what" holds dates such as 20190110, which are taken as amounts/);
    const [many] = await levels(ages.map((_, row) => `v${row % 40}`));
    assert.match(many, /^covariate "what" is taken as categorical and has 40 levels for 60 subjects \("v0"/);
    assert.equal(
      (
        await levels(
          ages.map((_, row) => `p${row}`),
          'categorical',
        )
      ).length,
      1,
    );
    assert.deepEqual(await levels(ages.map((_, row) => `group ${row % 4}`)), []);
    assert.deepEqual(
      await levels(
        ages.map((_, row) => `group ${row % 20}`),
        'categorical',
      ),
      [],
    );
  });
});
