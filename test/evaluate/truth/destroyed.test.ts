import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { withFeatures } from '../../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import type { Harmonizer } from '../../../sdk/data/harmonizer';
import { provenanceStep } from '../../../sdk/data/provenance';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { distanceCorrelation } from '../../../sdk/evaluate/persons/distance-correlation';
import { predictByRidge } from '../../../sdk/evaluate/predictors/ridge-prediction';
import { randomCohort } from '../audit-cohorts';

/** A harmonizer that learns nothing and writes what a function returns. */
function written(change: (cohort: FeatureCohort) => Float64Array): Harmonizer<number> {
  return {
    name: 'written by hand',
    kind: 'features',
    fit: () => Promise.resolve(0),
    apply: (_, cohort) => {
      const { subjects, features } = cohort.features;
      const made = makeFeatureMatrix(change(cohort), subjects, features);
      return Promise.resolve(withFeatures(cohort, made, provenanceStep('written', {})));
    },
    targets: () => [],
  };
}

const all = written(({ features }) => features.values.map((_, at) => 2 + (at % features.features.length)));

describe('a method that makes everybody alike', () => {
  const cohort = randomCohort({
    seed: 3,
    subjects: 120,
    features: 8,
    sites: 3,
    siteEffect: 0.8,
    ageEffect: 0.4,
    sexEffect: 0.8,
  });
  it('has lost biology and persons, and cannot show that the site is gone', async () => {
    const audit = await auditTable(cohort, all, { seeds: 1 });
    const [site, biology, person] = auditFindings(audit);
    assert.deepEqual([site.grade, biology.grade, person.grade], ['open', 'no', 'no']);
    assert.ok(site.sentences.some((text) => text.includes('named one site for everybody')));
    const found = audit.regressions.filter(({ protocol }) => protocol === 'in-folds');
    // Without features that vary, what is left is to predict the mean.
    assert.deepEqual(
      found.map(({ scheme, mae }) => [scheme, mae.estimate]),
      found.map(({ scheme, baselineMae }) => [scheme, baselineMae]),
    );
    assert.equal(found.length, 2);
  });
  it('keeps nothing of who is like whom: 0, where persons who were alike before have no correlation', async () => {
    const harmonized = await all.apply(0, cohort);
    assert.equal((await distanceCorrelation(cohort, harmonized)).mean, 0);
    assert.equal((await distanceCorrelation(harmonized, cohort)).mean, NaN);
    assert.ok(Math.abs((await distanceCorrelation(cohort, cohort)).mean - 1) < 1e-14);
  });
});

describe('ridge regression on features that do not vary', () => {
  it('predicts the mean', () => {
    const constant = makeFeatureMatrix(new Float64Array(10).fill(4), ['a', 'b', 'c', 'd', 'e'], ['f', 'g']);
    const test = makeFeatureMatrix(Float64Array.of(4, 9), ['x'], ['f', 'g']);
    const [{ predicted, baseline }] = predictByRidge(constant, [
      { outcome: Float64Array.of(1, 2, 3, 4, 5), test },
    ]);
    assert.deepEqual([predicted[0], baseline], [3, 3]);
  });
});
