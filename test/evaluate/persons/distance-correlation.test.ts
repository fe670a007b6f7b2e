import assert from 'node:assert/strict';
import { selectFeatures, takeSubjects, withFeatures } from '../../../sdk/data/cohort';
import { provenanceStep } from '../../../sdk/data/provenance';
import { distanceCorrelation } from '../../../sdk/evaluate/persons/distance-correlation';
import { arithmeticCohort } from '../audit-cohorts';

describe('distanceCorrelation', () => {
  const raw = selectFeatures(arithmeticCohort(), ['f0', 'f1', 'f3']);
  it('agrees with scipy 1.17.1 (pdist) and numpy 2.4.6 (corrcoef)', async () => {
    const factors = [1, 0.5, 2];
    const values = raw.features.values.map(
      (value, at) => value * factors[at % 3] + 0.3 * ((Math.floor(at / 3) * 53) % 11),
    );
    const after = withFeatures(raw, { ...raw.features, values }, provenanceStep('bend', {}));
    const { perSite, mean } = await distanceCorrelation(raw, after);
    const expected = [0.8246064458931395, 0.7466741059814798, 0.9239014876256739];
    perSite.forEach(({ correlation }, site) => assert.ok(Math.abs(correlation - expected[site]) < 1e-12));
    assert.ok(Math.abs(mean - 0.8136810964438448) < 1e-12);
    assert.deepEqual(
      perSite.map(({ site, subjects }) => [site, subjects]),
      [
        ['site0', 20],
        ['site1', 15],
        ['site2', 10],
      ],
    );
  });
  it('is one for data left as they are, missing cells among them', async () => {
    const cohort = arithmeticCohort();
    const { mean } = await distanceCorrelation(cohort, cohort);
    assert.ok(Math.abs(mean - 1) < 1e-14);
  });
  it('is not given for a site with two subjects, which does not count for the mean', async () => {
    const rows = [...raw.participants.sites.keys()].filter(
      (row) => raw.participants.sites[row] !== 'site2' || row < 10,
    );
    const few = takeSubjects(raw, rows);
    const { perSite, mean } = await distanceCorrelation(few, few);
    assert.equal(perSite[2].subjects, 2);
    assert.ok(Number.isNaN(perSite[2].correlation));
    assert.ok(Math.abs(mean - 1) < 1e-14);
  });
});
