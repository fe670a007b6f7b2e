import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { withFeatures } from '../../../sdk/data/cohort';
import { provenanceStep } from '../../../sdk/data/provenance';
import { loadTable } from '../../../sdk/io/tables/load-table';
import type { NumberFormat } from '../../../sdk/io/cells/number-format';
import { numberReader } from '../../../sdk/io/cells/number-format';
import { rewriteTable } from '../../../sdk/io/tables/rewrite-table';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

describe('numbers of other countries', () => {
  const folder = temporaryFolder();

  const written: readonly [NumberFormat, readonly [string, number | undefined][]][] = [
    [
      { decimal: ',' },
      [
        ['4,5', 4.5],
        [',5', 0.5],
        ['5,', 5],
        ['-1,5e-3', -0.0015],
        ['4.5', undefined],
        ['4.221,5', undefined],
        ['7', 7],
      ],
    ],
    [
      { thousands: ',' },
      [
        ['4,221', 4221],
        ['1,234,567.25', 1234567.25],
        ['4221', 4221],
        ['42,21', undefined],
        ['4,2211', undefined],
        ['4,221,5', undefined],
      ],
    ],
    [
      { decimal: ',', thousands: '.' },
      [
        ['4.221,5', 4221.5],
        ['4.221', 4221],
        ['-12.345.678', -12345678],
        ['4.22', undefined],
      ],
    ],
    [
      { decimal: ',', thousands: ' ' },
      [
        ['4 221,5', 4221.5],
        ['4\u00a0221,5', 4221.5],
        ['4\u202f221', 4221],
        ['4\u2009221', 4221],
      ],
    ],
    [
      { thousands: "'" },
      [
        ["4'221.5", 4221.5],
        ['4’221', 4221],
      ],
    ],
    [
      { thousands: '_' },
      [
        ['4_221', 4221],
        ['4_22', undefined],
      ],
    ],
  ];
  for (const [format, cases] of written) {
    it(`reads ${JSON.stringify(format)}`, () => {
      const { parse, write } = numberReader(format);
      for (const [text, value] of cases) assert.equal(parse(text), value, text);
      for (const value of [0.1, -1 / 3, 4221.5, 1e21, 5e-324]) assert.equal(parse(write(value)), value);
    });
  }

  it('refuses signs that are none, or the same', () => {
    assert.throws(() => numberReader({ decimal: ';' as never }), /invalid decimal/);
    assert.throws(() => numberReader({ thousands: ';' as never }), /invalid thousands/);
    assert.throws(() => numberReader({ decimal: ',', thousands: ',' }), /must differ/);
  });

  const refused: readonly [string, string, readonly string[]][] = [
    [
      'ambiguous',
      'id;site;v\na;A;4,221\nb;B;3,986\n',
      ['row 2', '4.221 with decimal: ","', '4221 with thousands: ","'],
    ],
    [
      'seen from the column',
      'id;site;v\na;A;4,221\nb;B;3,950.5\n',
      ['by the other cells', '4221 with thousands: ","'],
    ],
    [
      'seen from another column',
      'id;site;v;w\na;A;4,221;1,5\nb;B;3,986;12,25\n',
      ['by the other cells', '4.221 with decimal: ","'],
    ],
    [
      'German',
      'id;site;v\na;A;4.221,0\nb;B;3.986,5\n',
      ['read it as 4221 with decimal: "," and thousands: "."'],
    ],
    [
      'French',
      'id;site;v\na;A;4\u202f221,0\nb;B;3\u202f986,5\n',
      ['4221 with decimal: "," and thousands: " "'],
    ],
    ['Swiss', "id;site;v\na;A;4'221.5\nb;B;3'986.5\n", ['4221.5 with thousands: "\'"']],
    [
      'one comma among points',
      'id;site;v\na;A;4.25\nb;B;"1,5"\nc;B;3.5\n',
      ['row 3', 'other cells of the column are written otherwise'],
    ],
  ];
  for (const [name, contents, says] of refused) {
    it(`says what a number can mean: ${name}`, async () => {
      const path = folder.write('n.csv', contents);
      await rejectsWith(loadTable(path), { code: 'invalid-number', says: ['column "v"', ...says] });
    });
  }

  it('says the same of a covariate', async () => {
    const path = folder.write('age.csv', 'id;site;age;v\na;A;45,5;1\nb;B;50,25;2\nc;B;61,0;2\n');
    await rejectsWith(loadTable(path, { covariates: ['age'] }), {
      code: 'invalid-number',
      says: ['column "age"', '45.5 with decimal: ","'],
    });
    const cohort = await loadTable(path, { covariates: ['age'], decimal: ',' });
    const [age] = cohort.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [...age.values], [45.5, 50.25, 61]);
  });

  it('says that a table is not written as it is said to be', async () => {
    const path = folder.write('point.csv', 'id,site,v\na,A,2.5\nb,B,3.5\n');
    await rejectsWith(loadTable(path, { decimal: ',' }), {
      code: 'invalid-number',
      says: ['"2.5"', 'the option decimal'],
    });
  });

  it('reads a German table and writes it again so that it reads back the same', async () => {
    const contents = 'id;site;dose;v;w\na;A;1,5;4.221,0;-9\nb;B;2,5;985,5;0,25\nc;B;;12.345.678,25;1\n';
    const path = folder.write('german.csv', contents);
    const format = { decimal: ',', thousands: '.' } as const;
    const reading = { ...format, missing: ['-9'] };
    const options = { ...reading, covariates: ['dose'] };
    const cohort = await loadTable(path, options);
    assert.deepEqual([...cohort.features.values], [4221, NaN, 985.5, 0.25, 12345678.25, 1]);
    const values = cohort.features.values.map((value) => value / 3);
    const after = withFeatures(cohort, { ...cohort.features, values }, provenanceStep('test', {}));
    const target = folder.path('out.csv');
    await rewriteTable(after, target, { source: path, ...reading });
    const text = readFileSync(target, 'utf8');
    assert.equal(text.split('\n')[1], 'a,A,"1,5",1407,-9');
    assert.equal(text.split('\n')[2], 'b,B,"2,5","328,5","0,08333333333333333"');
    const back = await loadTable(target, options);
    assert.deepEqual(back.features.values, values);
    assert.deepEqual(back.participants, cohort.participants);
  });

  it('reads every decimal number to the bit that JavaScript does, and nothing else', () => {
    const { parse } = numberReader();
    const random = makeRandom(3);
    for (let i = 0; i < 20000; i++) {
      const digits = 1 + Math.floor(random.uniform() * 18);
      const text = Array.from({ length: digits }, () => Math.floor(random.uniform() * 10)).join('');
      const point = Math.floor(random.uniform() * (digits + 2));
      const whole = point > digits ? text : `${text.slice(0, point)}.${text.slice(point)}`;
      const signed = random.uniform() < 0.5 ? `-${whole}` : whole;
      assert.ok(Object.is(parse(signed), Number(signed)), signed);
    }
    for (const text of [
      '-0',
      '-0.0',
      '-.5',
      '5.',
      '007',
      '999999999999999',
      '9007199254740993',
      ' 1 ',
      '+2',
      '1e5',
    ])
      assert.ok(Object.is(parse(text), Number(text)), text);
    for (const text of ['', '-', '.', '-.', '1.2.3', '--1', '1-', '0x1', '1,5', '1_0', 'NA', '٣'])
      assert.equal(parse(text), undefined, text);
  });
});
