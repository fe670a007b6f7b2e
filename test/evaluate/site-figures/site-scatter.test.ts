import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { withFeatures } from '../../../sdk/data/cohort';
import { provenanceStep } from '../../../sdk/data/provenance';
import { figuresOfScatter, figuresOfTable } from '../../../sdk/evaluate/compare-site-figures';
import { personSiteMeans } from '../../../sdk/evaluate/site-figures/person-site-means';
import { siteScatters } from '../../../sdk/evaluate/site-figures/site-scatter';
import { simulateFeatureCohort } from '../../../sdk/simulate/simulate-feature-cohort';

const { cohort } = simulateFeatureCohort({ subjects: 160, features: 14, sites: 4, seed: 5 });

function changed(change: (values: Float64Array) => void): FeatureCohort {
  const values = Float64Array.from(cohort.features.values);
  change(values);
  return withFeatures(cohort, { ...cohort.features, values }, provenanceStep('changed', {}));
}

/** All numbers of a record, those in it too, under their names. */
function numbersOf(record: object): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const look = (value: unknown, name: string): void => {
    if (typeof value === 'number') found.set(name, value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) look(inner, `${name}.${key}`);
  };
  look(record, '');
  return found;
}

describe('siteScatters', () => {
  it('have the figures of the table itself, as it is and without the effects of covariates', () => {
    const scatters = siteScatters(cohort, ['age', 'sex']);
    assert.equal(scatters?.length, 2);
    [[], ['age', 'sex']].forEach((covariates, at) => {
      const expected = figuresOfTable(personSiteMeans(cohort, { covariates }));
      const found = figuresOfScatter(scatters[at]);
      assert.ok(found);
      const numbers = numbersOf(found);
      for (const [name, value] of numbersOf(expected)) {
        const own = numbers.get(name) ?? NaN;
        assert.ok(Math.abs(own - value) < 1e-12, `${name}: ${own} instead of ${value}`);
      }
      assert.equal(numbers.size, numbersOf(expected).size);
      assert.deepEqual(
        found.effects.pairs.map(({ feature }) => feature),
        expected.effects.pairs.map(({ feature }) => feature),
      );
      assert.deepEqual(found.mahalanobis.adjustedFor, covariates);
    });
  });

  it('are left to the table where cells are missing, persons come again, or covariates explain a feature', () => {
    const width = cohort.features.features.length;
    const { participants } = cohort;
    const age = participants.covariates.find(({ name }) => name === 'age');
    assert.ok(age?.kind === 'continuous');
    const missing = changed((values) => (values[7] = NaN));
    const copied = changed((values) => age.values.forEach((value, row) => (values[row * width] = 2 * value)));
    const persons = participants.persons.map((_, row, all) => all[row % 2 === 0 ? row : row - 1]);
    const sites = participants.sites.map((_, row, all) => all[row % 2 === 0 ? row : row - 1]);
    assert.equal(siteScatters(missing, []), undefined);
    assert.equal(
      siteScatters({ ...cohort, participants: { ...participants, persons, sites } }, []),
      undefined,
    );
    assert.equal(siteScatters(copied, ['age']), undefined);
    assert.ok(siteScatters(copied, []));
  });

  it('have no distances where features depend on each other: their covariance is shrunk by the values', () => {
    const width = cohort.features.features.length;
    const twice = changed((values) => {
      for (let row = 0; row < values.length; row += width) values[row] = values[row + 1] + values[row + 2];
    });
    const [scatter] = siteScatters(twice, []) ?? [];
    assert.equal(figuresOfScatter(scatter), undefined);
  });
});
