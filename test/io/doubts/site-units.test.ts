import assert from 'node:assert/strict';
import { siteUnitIssues } from '../../../sdk/io/doubts/site-units';

describe('covariates in another unit at a site', () => {
  const sites = ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B'];
  const said = (name: string, values: readonly number[]): readonly string[] =>
    siteUnitIssues([{ name, kind: 'continuous', values: Float64Array.from(values) }], sites, 't.csv').map(
      ({ code, message }) => `${code}: ${message}`,
    );

  it('names ages in months at one site and in years at the other, whichever has more scans', () => {
    assert.deepEqual(said('age', [21, 35, 64.5, 80, 250, 431, 600, 912]), [
      'doubtful-unit: covariate "age" is 250 to 912 at "B" and 21 to 80 at "A", as where it is in another unit there; ' +
        'its effect is fitted on these numbers as they are',
    ]);
    assert.equal(said('scan_age', [250, 431, 600, 912, 21, 35, 64, NaN]).length, 1);
    assert.equal(said('age', [8000, 12000, 9000, 20000, 21, 35, 64, 70]).length, 1);
  });

  it('names volumes in mm³ at one site and in ml at the other', () => {
    assert.equal(said('tiv', [1.4e6, 1.5e6, 1.6e6, 1.3e6, 1400, 1500, 1600, 1300]).length, 1);
  });

  it('says nothing of infants beside adults, of children in months, of zeros, of a site of two, or of sites that are alike', () => {
    assert.deepEqual(said('age', [0.4, 0.5, 0.7, 1, 21, 35, 64, 80]), []);
    assert.deepEqual(said('age', [60, 70, 90, 119, 130, 150, 180, 220]), []);
    assert.deepEqual(said('dose', [0, 0, 0, 0, 100, 500, 20, 40]), []);
    assert.deepEqual(said('age', [21, 35, 64, 80, 250, 431, NaN, NaN]), []);
    assert.deepEqual(said('age', [21, 35, 64, 80, 22, 36, 60, 78]), []);
  });
});
