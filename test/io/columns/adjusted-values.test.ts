import assert from 'node:assert/strict';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { adjustedValuesIssues } from '../../../sdk/io/columns/adjusted-values';
import { makeRandom } from '../../../sdk/math/random';

const count = 60;
const ids = Array.from({ length: count }, (_, row) => `s${row}`);
const sites = ids.map((_, row) => (row < 25 ? 'A' : row < 50 ? 'B' : 'C'));
const random = makeRandom(5);
const ages = ids.map(() => 20 + 50 * random.uniform());
const sexes = ids.map((_, row) => (row % 3 === 0 ? 'F' : 'M'));
const covariates = [continuous('age', ages), categorical('sex', sexes)];
const raw = Array.from({ length: 8 }, () =>
  ages.map((age, row) => 2.5 - 0.01 * age + (sites[row] === 'A' ? 0.2 : 0) + 0.2 * random.normal()),
);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const written = (value: number): number => Number(value.toPrecision(5));

/** Values without the mean of their group. */
const centered = (values: readonly number[], groups: readonly string[]): readonly number[] =>
  values.map((value, row) => value - mean(values.filter((_, other) => groups[other] === groups[row])));

/** Residuals of a line of age. */
function residuals(values: readonly number[]): readonly number[] {
  const [a, y] = [mean(ages), mean(values)];
  const slope =
    ages.reduce((sum, age, row) => sum + (age - a) * (values[row] - y), 0) /
    ages.reduce((sum, age) => sum + (age - a) ** 2, 0);
  return values.map((value, row) => value - y - slope * (ages[row] - a));
}

const found = (columns: readonly (readonly number[])[]): readonly (string | undefined)[] =>
  adjustedValuesIssues(
    makeFeatureMatrix(
      Float64Array.from(ids.flatMap((_, row) => columns.map((own) => written(own[row])))),
      ids,
      columns.map((_, at) => `t${at}`),
    ),
    { sites, covariates },
    'a.csv',
  ).map(({ where, message }) => where.column ?? /same mean at every site/.exec(message)?.[0]);

describe('values that were adjusted before', () => {
  it('are named where they were centered by site, or are residuals of a covariate', () => {
    assert.deepEqual(found(raw), []);
    assert.deepEqual(found(raw.map((own) => centered(own, sites))), ['same mean at every site']);
    assert.deepEqual(found(raw.map(residuals)), ['age']);
    assert.deepEqual(found(raw.map((own) => centered(own, sexes))), ['sex']);
  });

  it('are named where a few features are not so, and not where a few are', () => {
    const adjusted = raw.map((own) => centered(own, sites));
    assert.deepEqual(found([...adjusted.slice(1), raw[0]]), ['same mean at every site']);
    assert.deepEqual(found([...adjusted.slice(0, 5), ...raw.slice(5)]), []);
  });

  it('are not those centered over all sites, nor of the same mean nearly', () => {
    assert.deepEqual(found(raw.map((own) => own.map((value) => value - mean(own)))), []);
    const nearly = raw.map((own) =>
      centered(own, sites).map((value, row) => value + (sites[row] === 'A' ? 0.003 : 0)),
    );
    assert.deepEqual(found(nearly), []);
  });
});
