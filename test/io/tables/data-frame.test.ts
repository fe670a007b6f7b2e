import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import * as dfd from 'danfojs-node';
import { requireDanfo } from '../../../sdk/io/tables/danfojs';
import { fromDataFrame, toDataFrame } from '../../../sdk/io/tables/data-frame';
import { checkError, rejectsWith } from '../rejects-with';
import { bitsOf, awkwardCohort } from '../awkward-cohort';

const roles = {
  covariates: [
    { name: 'age', kind: 'continuous', unit: 'years' },
    { name: 'sex', kind: 'categorical' },
    { name: 'scanner', kind: 'categorical' },
  ],
  features: ['left.a', 'right, "b"', 'c (mm)'],
} as const;

describe('toDataFrame', () => {
  it('makes a danfojs frame with the columns of the cohort', () => {
    const frame = toDataFrame(awkwardCohort());
    assert.deepEqual(frame.shape, [4, 8]);
    assert.deepEqual(frame.columns, ['participant_id', 'site', 'age', 'sex', 'scanner', ...roles.features]);
    assert.deepEqual(frame.dtypes, [
      'string',
      'string',
      'float32',
      'string',
      'string',
      'float32',
      'float32',
      'float32',
    ]);
    assert.equal(frame.values[0][5], 1 / 3, 'all 64 bits');
    assert.deepEqual(frame.column('age').values, [30.1, NaN, 0.1 + 0.2, 1e-300]);
    assert.deepEqual(frame.column('sex').values, ['M', 'F', null, 'M']);
    assert.deepEqual(frame.head(2).shape, [2, 8]);
    assert.match(frame.head(1).toString(), /Köln/);
  });

  it('offers what DataFrameLike promises', () => {
    const frame = toDataFrame(awkwardCohort());
    assert.deepEqual(frame.tail(1).values[0][1], 'A\tB');
    assert.deepEqual(frame.describe().shape, [7, 4], 'danfojs describes the numeric columns');
    assert.deepEqual(frame.loc({ columns: ['age'] }).shape, [4, 1]);
    assert.deepEqual(frame.iloc({ rows: [1], columns: [0] }).values, [['s,2']]);
    assert.deepEqual(frame.query(frame.column('site').eq('Köln')).shape, [2, 8]);
    assert.deepEqual(frame.sortValues('scanner').shape, [4, 8]);
    assert.deepEqual(frame.dropNa({ axis: 1 }).shape, [1, 8]);
    assert.equal(frame.isNa().values[2][3], true);
    const series = frame.column('age');
    assert.deepEqual([series.shape, series.dtypes], [[4, 1], ['float32']]);
    assert.ok(Math.abs(series.mean() - (30.1 + 0.3) / 3) < 1e-6);
    assert.ok(series.max() > 30 && series.min() < 1 && series.median() < 1 && series.std() > 10);
    assert.deepEqual(series.gt(1).values, [true, false, false, false]);
    assert.deepEqual(series.lt(1).values[2], true);
    const site = frame.column('site');
    assert.deepEqual(site.unique().values, ['Köln', 'A;B', 'A\tB']);
    assert.deepEqual(site.valueCounts().values, [2, 1, 1]);
    assert.deepEqual([...site.head(1).values, ...site.tail(1).values], ['Köln', 'A\tB']);
  });

  it('makes a frame of the very package it is given', () => {
    const frame: dfd.DataFrame = toDataFrame(awkwardCohort(), dfd);
    assert.ok(frame instanceof dfd.DataFrame);
  });

  it('says how to install danfojs-node where it is not', () => {
    assert.throws(
      () => requireDanfo([tmpdir()]),
      (error) => (
        checkError(error, {
          code: 'missing-package',
          says: ['npm install danfojs-node', 'npm:@tensorflow/tfjs@4.22.0', 'npm:@e965/xlsx'],
        }),
        true
      ),
    );
  });
});

describe('fromDataFrame', () => {
  it('takes back every bit of what toDataFrame gave', async () => {
    const cohort = awkwardCohort();
    const back = await fromDataFrame(toDataFrame(cohort, dfd), roles);
    assert.deepEqual(bitsOf(back.features.values), bitsOf(cohort.features.values));
    assert.deepEqual(back.participants, cohort.participants);
    assert.equal(back.provenance[0].step, 'fromDataFrame');
  });

  it('reads frames made in a notebook, whatever marks a missing value', async () => {
    const frame = new dfd.DataFrame(
      [
        ['a', 'A', 30, true, 0.1],
        ['b', 'B', null, false, NaN],
        ['c', 'A', 50, true, undefined],
      ],
      { columns: ['subject', 'site', 'age', 'patient', 'x'] },
    );
    const cohort = await fromDataFrame(frame, { covariates: ['age', 'patient'] });
    assert.deepEqual([...cohort.features.values], [0.1, NaN, NaN]);
    const [age, patient] = cohort.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [...age.values], [30, NaN, 50]);
    assert.deepEqual(patient.kind === 'categorical' && patient.levels, ['false', 'true']);
  });

  it('checks as loadTable does, naming row and column', async () => {
    const columns = ['id', 'site', 'x'];
    await rejectsWith(
      fromDataFrame(
        {
          columns,
          values: [
            ['a', 'A', 1],
            ['b', 'B', '1,5'],
          ],
        },
        { features: 'x' },
      ),
      {
        code: 'invalid-number',
        says: ['data frame, row 2, column "x"', '1.5'],
      },
    );
    await rejectsWith(
      fromDataFrame(
        {
          columns,
          values: [
            ['a', 'A', 1],
            ['b', 'B', Infinity],
          ],
        },
        { features: 'x' },
      ),
      {
        code: 'invalid-number',
        says: ['row 2', '"Infinity"'],
      },
    );
    await rejectsWith(
      fromDataFrame({
        columns,
        values: [
          ['a', 'A', 1],
          ['b', 'B'],
        ],
      }),
      {
        code: 'malformed-table',
        says: ['ragged', 'row 2'],
      },
    );
    await rejectsWith(fromDataFrame({ columns, values: [] }), {
      code: 'too-little-data',
      says: ['data frame'],
    });
    await rejectsWith(fromDataFrame({ columns, values: [1, 2] }), {
      code: 'invalid-option',
      says: ['row 1'],
    });
    await rejectsWith(fromDataFrame({ columns, values: null }), { code: 'invalid-option', says: ['arrays'] });
  });
});
