import assert from 'node:assert/strict';
import { makeFeatureCohort, selectFeatures, takeSubjects, withFeatures } from '../../sdk/data/cohort';
import { categorical, continuous, isMissing } from '../../sdk/data/people/covariate';
import { featureColumn, makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import {
  covariateNamed,
  makeParticipants,
  personNames,
  siteCodes,
  siteNames,
} from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import { ConcordError } from '../../sdk/errors';

const people = makeParticipants(
  ['a', 'b', 'c'],
  ['Y', 'X', 'Y'],
  [continuous('age', [30, NaN, 50], 'years'), categorical('sex', ['M', 'F', null])],
);
const matrix = makeFeatureMatrix(Float64Array.of(1, 2, 3, 4, NaN, 6), ['a', 'b', 'c'], ['left', 'right']);
const cohort = makeFeatureCohort(people, matrix);

function refuses(work: () => unknown, code: string, ...parts: string[]): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ConcordError);
    assert.equal(error.code, code);
    for (const part of parts) assert.ok(error.message.includes(part), `${error.message} should say ${part}`);
    return true;
  });
}

describe('participants', () => {
  it('list sites and levels in sorted order', () => {
    assert.deepEqual(siteNames(people), ['X', 'Y']);
    assert.deepEqual([...siteCodes(people, ['X', 'Y'])], [1, 0, 1]);
    const sex = covariateNamed(people, 'sex');
    assert.deepEqual(sex.kind === 'categorical' && [sex.levels, ...sex.codes], [['F', 'M'], 1, 0, -1]);
  });

  it('keep missing values missing', () => {
    assert.deepEqual(
      [0, 1, 2].map((row) => isMissing(covariateNamed(people, 'age'), row)),
      [false, true, false],
    );
    assert.deepEqual(
      [0, 1, 2].map((row) => isMissing(covariateNamed(people, 'sex'), row)),
      [false, false, true],
    );
  });

  it('refuse what cannot be told apart or is not there', () => {
    refuses(() => makeParticipants(['a', 'a'], ['X', 'X']), 'duplicate-id', '"a"');
    refuses(() => makeParticipants(['a', 'b'], ['X', '']), 'missing-value', '"b"');
    refuses(() => makeParticipants(['a'], ['X', 'Y']), 'invalid-option', '1 ids', '2 sites');
    refuses(
      () => makeParticipants(['a'], ['X'], [continuous('age', [1, 2])]),
      'invalid-option',
      'age',
      '2 values',
    );
    const twice = [continuous('age', [1]), continuous('age', [1])];
    refuses(() => makeParticipants(['a'], ['X'], twice), 'invalid-option', '"age"');
    refuses(() => continuous('age', [1, Infinity]), 'invalid-number', 'age', 'Infinity');
    refuses(() => continuous('age', ['1', null] as unknown as number[]), 'invalid-number', 'age', '1');
    refuses(() => categorical('sex', ['F'], ['F', 'F']), 'invalid-option', 'once');
    const endless = { kind: 'continuous', name: 'age', values: Float64Array.of(-Infinity) } as const;
    refuses(() => makeParticipants(['a'], ['X'], [endless]), 'invalid-number', 'age', '"a"', '-Infinity');
    refuses(() => covariateNamed(people, 'agee'), 'unknown-column', '"agee"', '"age", "sex"');
    refuses(() => categorical('sex', ['F', 'X'], ['F', 'M']), 'unknown-level', '"X"', '"F", "M"');
  });
});

describe('a feature matrix', () => {
  it('is row-major and can be read by the names of features, as copies', () => {
    assert.deepEqual([...featureColumn(matrix, 'right')], [2, 4, 6]);
    const left = featureColumn(cohort, 'left');
    assert.deepEqual([...left], [...featureColumn(matrix, 'left')]);
    left[0] = 99;
    assert.equal(featureColumn(cohort, 'left')[0], 1);
    refuses(() => featureColumn(cohort, 'righ'), 'unknown-column', '"righ"', 'did you mean "right"?');
    refuses(() => featureColumn(cohort, 1 as unknown as string), 'invalid-option', 'invalid feature', 'text');
    refuses(() => selectFeatures(cohort, ['lft']), 'unknown-column', '"lft"', 'did you mean "left"?');
    refuses(() => selectFeatures(cohort, ['left', 'left']), 'invalid-option', '"left" is asked for twice');
  });

  it('refuses sizes that do not fit, repeated names and infinite values', () => {
    refuses(
      () => makeFeatureMatrix(new Float64Array(3), ['a'], ['x', 'y']),
      'invalid-option',
      '3 values',
      '1 subjects × 2',
    );
    refuses(() => makeFeatureMatrix(new Float64Array(2), ['a'], ['x', 'x']), 'invalid-option', '"x"');
    refuses(
      () => makeFeatureMatrix(Float64Array.of(1, -Infinity), ['a'], ['x', 'y']),
      'invalid-number',
      'y',
      '"a"',
      '-Infinity',
    );
  });
});

describe('a cohort', () => {
  it('refuses participants and features of different subjects', () => {
    const other = makeFeatureMatrix(new Float64Array(3), ['a', 'c', 'b'], ['x']);
    refuses(() => makeFeatureCohort(people, other), 'invalid-option', 'same order');
  });

  it('gives back subjects and features in the order asked for, as copies', () => {
    const part = selectFeatures(takeSubjects(cohort, [2, 0]), ['right', 'left']);
    assert.deepEqual(part.participants.ids, ['c', 'a']);
    assert.deepEqual(part.participants.sites, ['Y', 'Y']);
    assert.deepEqual([...part.features.values], [6, NaN, 2, 1]);
    part.features.values[0] = 99;
    assert.equal(cohort.features.values[5], 6);
    const age = covariateNamed(part.participants, 'age');
    assert.deepEqual(age.kind === 'continuous' && [...age.values, age.unit], [50, 30, 'years']);
    refuses(() => takeSubjects(cohort, [0, 3]), 'invalid-option', '3', '0 to 2');
    refuses(() => takeSubjects(cohort, [1, 1]), 'invalid-option', 'twice');
    refuses(() => selectFeatures(cohort, ['up']), 'unknown-column', '"up"');
  });

  it('gives back those who pass a test, whatever its payload', () => {
    const old = takeSubjects(cohort, ({ continuous: value }) => value('age') > 35);
    assert.deepEqual(old.participants.ids, ['c']);
    const rows: unknown[] = [];
    const all = takeSubjects(cohort, ({ row, id, person, site, categorical: label, continuous: value }) => {
      rows.push([row, id, person, site, label('sex'), value('age')]);
      return true;
    });
    assert.deepEqual(all, takeSubjects(cohort, [0, 1, 2]));
    const { ids, sites, persons } = people;
    const age = covariateNamed(cohort, 'age');
    const sex = covariateNamed(people, 'sex');
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    const labels = [...sex.codes].map((code) => (code === -1 ? null : sex.levels[code]));
    assert.deepEqual(
      rows,
      ids.map((id, row) => [row, id, persons[row], sites[row], labels[row], age.values[row]]),
    );
    assert.ok(labels.includes(null) || age.values.some(Number.isNaN), 'something is missing in the example');
    assert.deepEqual(takeSubjects(cohort, () => false).participants.ids, []);
  });

  it('refuses tests that ask for what is not there, or say neither yes nor no', () => {
    const test = (given: unknown): (() => unknown) => {
      return () => takeSubjects(cohort, () => given as boolean);
    };
    refuses(test(Promise.resolve(true)), 'invalid-option', 'a promise', '"a"', 'true or false');
    refuses(test(undefined), 'invalid-option', 'undefined');
    refuses(
      () => takeSubjects(cohort, ({ continuous: value }) => value('agee') > 3),
      'unknown-column',
      '"agee"',
    );
    refuses(
      () => takeSubjects(cohort, ({ continuous: value }) => value('sex') > 3),
      'invalid-option',
      '"sex" is categorical',
    );
    refuses(
      () => takeSubjects(cohort, ({ categorical: label }) => label('age') === 'F'),
      'invalid-option',
      '"age" is continuous',
    );
  });

  it('serves wherever participants are meant', () => {
    assert.deepEqual(siteNames(cohort), siteNames(people));
    assert.deepEqual(personNames(cohort), personNames(people));
    assert.equal(covariateNamed(cohort, 'age'), covariateNamed(people, 'age'));
    assert.deepEqual(makeFeatureCohort(cohort, matrix), makeFeatureCohort(people, matrix));
    for (const given of [undefined, null, 'a', {}, { participants: undefined }]) {
      const call = (): readonly string[] => siteNames(given as unknown as typeof people);
      refuses(call, 'invalid-option', 'invalid first argument for siteNames', 'participants, or a cohort');
    }
  });

  it('remembers how it was made', () => {
    const next = withFeatures(cohort, matrix, provenanceStep('double', { by: 2, unset: undefined }, 7));
    assert.deepEqual(cohort.provenance, []);
    assert.deepEqual(
      next.provenance.map(({ step, options, seed }) => ({ step, options, seed })),
      [{ step: 'double', options: { by: 2 }, seed: 7 }],
    );
  });
});
