import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as dfd from 'danfojs-node';
import { version } from 'danfojs-node/package.json';
import { checkout } from '../../../scripts/checkout';
import { groupSummary, makeFeatureCohort, makeFeatureMatrix, makeParticipants } from '../../../sdk/index';

// What how-to/data-frames.md says of danfojs. Where one of these fails, danfojs has changed: correct the page.
describe('danfojs', () => {
  const frame = new dfd.DataFrame({
    site: ['a', 'a', 'b'],
    age: [30, 40, 50],
    thickness: [2, NaN, 4],
    patient: [true, false, true],
  });
  const columns = (...names: string[]): dfd.DataFrame => frame.loc({ columns: names });

  it('is the version of the page', () => {
    const page = readFileSync(join(checkout, 'how-to', 'data-frames.md'), 'utf8');
    assert.ok(page.includes(`danfojs (${version})`));
  });

  it('takes means by row, unless told otherwise', () => {
    const numbers = new dfd.DataFrame({ age: [30, 40], thickness: [2, 3] });
    assert.deepEqual(numbers.mean().values, [16, 21.5]);
    assert.deepEqual(numbers.mean({ axis: 0 }).values, [35, 2.5]);
  });

  it('joins by position, except in merge', () => {
    const left = new dfd.DataFrame({ age: [30, 40] }, { index: ['p1', 'p2'] });
    const right = new dfd.DataFrame({ thickness: [4, 3] }, { index: ['p2', 'p1'] });
    const joined = dfd.concat({ dfList: [left, right], axis: 1 }) as dfd.DataFrame;
    assert.deepEqual(joined.values, [
      [30, 4],
      [40, 3],
    ]);
    const added = left.addColumn('thickness', right['thickness'] as dfd.Series);
    assert.deepEqual(added.values, [
      [30, 4],
      [40, 3],
    ]);
    const sum = new dfd.Series([1, 2], { index: ['a', 'b'] }).add(
      new dfd.Series([10, 20], { index: ['b', 'a'] }),
    );
    assert.deepEqual((sum as dfd.Series).values, [11, 22]);
    const keyed = dfd.merge({
      left: new dfd.DataFrame({ id: ['p1', 'p2'], age: [30, 40] }),
      right: new dfd.DataFrame({ id: ['p2', 'p1'], thickness: [4, 3] }),
      on: ['id'],
      how: 'inner',
    });
    assert.deepEqual(keyed.values, [
      ['p1', 30, 3],
      ['p2', 40, 4],
    ]);
  });

  it('makes NaN of true and false', () => {
    const patient = frame['patient'] as dfd.Series;
    assert.deepEqual(patient.asType('int32').values, [NaN, NaN, NaN]);
    assert.deepEqual(patient.asType('float32').values, [1, 0, 1]);
  });

  it('loses a group for a missing cell, and gives one value a spread of 0; groupSummary does neither', () => {
    const grouped = columns('site', 'thickness').groupby(['site']);
    assert.deepEqual(grouped.mean().values, [
      ['a', NaN],
      ['b', 4],
    ]);
    assert.deepEqual(grouped.std().values.at(1), ['b', 0]);
    const ids = ['p', 'q', 'r'];
    const thickness = makeFeatureMatrix(Float64Array.of(2, NaN, 4), ids, ['thickness']);
    const cohort = makeFeatureCohort(makeParticipants(ids, ['a', 'a', 'b']), thickness);
    const [a, b] = groupSummary(cohort, ['thickness']);
    assert.deepEqual([a.mean, a.n, a.missing], [2, 1, 1]);
    assert.deepEqual([b.mean, b.sd], [4, NaN]);
  });

  it('counts in 32 bits where frames are added', () => {
    assert.deepEqual(new dfd.DataFrame({ a: [16_777_217] }).add(0).values, [[16_777_216]]);
  });
});
