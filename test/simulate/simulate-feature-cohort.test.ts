import assert from 'node:assert/strict';
import { columnAt } from '../../sdk/data/feature-matrix';
import { ConcordError } from '../../sdk/errors';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import type { SimulatedFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import { median, mean, variance, correlation } from './moments';

/** Residuals of one feature in units of its standard deviation, after the true mean, age and sex effects. */
function residuals({ cohort, truth }: SimulatedFeatureCohort, column: number, of = cohort): Float64Array {
  const [age, sex] = cohort.participants.covariates;
  assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
  return columnAt(of.features, column).map(
    (value, row) =>
      (value -
        truth.mean[column] -
        truth.ageSlope[column] * (age.values[row] - truth.referenceAge) -
        truth.sexEffect[column] * sex.codes[row]) /
      truth.sd[column],
  );
}

describe('simulateFeatureCohort', () => {
  it('looks like cortical thickness by default', () => {
    const { cohort, truth } = simulateFeatureCohort({ seed: 3 });
    assert.equal(new Set(cohort.features.features).size, 68);
    assert.equal(cohort.features.features[0], 'lh_bankssts_thickness');
    assert.equal(cohort.features.features[67], 'rh_insula_thickness');
    assert.equal(truth.sites.length, 6);
    for (const { name, subjects } of truth.sites) {
      assert.ok(subjects >= 40 && subjects <= 160);
      assert.equal(cohort.participants.sites.filter((site) => site === name).length, subjects);
    }
    assert.ok(truth.mean.every((value) => value >= 2 && value <= 3.5));
    assert.ok(truth.sd.every((value) => value >= 0.15 && value <= 0.25));
    assert.ok(cohort.features.values.every((value) => value > 0 && value < 6));
    const [age, sex] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    assert.equal(age.unit, 'years');
    assert.ok(age.values.every((years) => years >= 20 && years <= 80));
    assert.deepEqual(sex.levels, ['F', 'M']);
    assert.equal(new Set(cohort.participants.ids).size, cohort.participants.ids.length);
  });

  it('gives the same bits for the same seed and others for another', () => {
    const first = simulateFeatureCohort({ seed: 11, missing: 0.02 });
    const again = simulateFeatureCohort({ seed: 11, missing: 0.02 });
    const other = simulateFeatureCohort({ seed: 12, missing: 0.02 });
    assert.deepEqual(again, first);
    assert.notDeepEqual(other.cohort.features.values, first.cohort.features.values);
  });

  it('keeps people and noise when only the site effects or the missing cells change', () => {
    const weak = simulateFeatureCohort({ seed: 5, siteEffects: { locationSd: 0.1 } });
    const strong = simulateFeatureCohort({ seed: 5, siteEffects: { locationSd: 2 }, missing: 0.1 });
    assert.deepEqual(strong.truth.harmonized.features, weak.truth.harmonized.features);
    assert.deepEqual(strong.cohort.participants, weak.cohort.participants);
  });

  it('adds to the truth exactly the site effects it reports', () => {
    const simulated = simulateFeatureCohort({ seed: 8, sites: 3, features: 7 });
    const { cohort, truth } = simulated;
    for (let column = 0; column < 7; column++) {
      const with_ = residuals(simulated, column);
      const without = residuals(simulated, column, truth.harmonized);
      cohort.participants.sites.forEach((name, row) => {
        const site = truth.sites.find((candidate) => candidate.name === name);
        assert.ok(site);
        const expected = site.location[column] + Math.sqrt(site.scale[column]) * without[row];
        assert.ok(Math.abs(with_[row] - expected) < 1e-9);
      });
    }
  });

  it('draws noise of variance 1, correlated through factors and between hemispheres', () => {
    const simulated = simulateFeatureCohort({
      seed: 2,
      sites: 4,
      subjects: 20000,
      features: 20,
      commonVariance: 0.3,
      hemisphericVariance: 0.5,
    });
    const noise = Array.from({ length: 20 }, (_, column) =>
      residuals(simulated, column, simulated.truth.harmonized),
    );
    for (const column of noise) {
      assert.ok(Math.abs(mean(column)) < 0.04); // 5 standard errors of 1/√20,000
      assert.ok(Math.abs(variance(column) - 1) < 0.06);
    }
    // A pair shares its loadings: 0.3 through the factors and 0.5 of its own.
    for (let pair = 0; pair < 10; pair++) {
      assert.ok(Math.abs(correlation(noise[pair], noise[pair + 10]) - 0.8) < 0.02);
    }
    assert.ok(Math.abs(correlation(noise[0], noise[1])) <= 0.3 + 0.04);
  });

  it('draws site effects with the moments of their priors', () => {
    const { truth } = simulateFeatureCohort({
      seed: 4,
      sites: [
        { name: 'A', subjects: 30 },
        { name: 'B', subjects: 60 },
        { name: 'C', subjects: 90 },
      ],
      features: 20000,
      siteEffects: { featureLocationSd: 0.7, featureScaleCv: 0.25 },
    });
    const weights = [30 / 180, 60 / 180, 90 / 180];
    truth.sites.forEach(({ location, scale, prior }) => {
      assert.ok(Math.abs(mean(location) - prior.locationMean) < 0.03);
      assert.ok(Math.abs(variance(location) / prior.locationVariance - 1) < 0.05);
      assert.ok(Math.abs(mean(scale) / prior.scaleMean - 1) < 0.01);
      assert.ok(Math.abs(Math.sqrt(variance(scale)) / prior.scaleMean - 0.25) < 0.02);
      assert.equal(prior.scaleShape, 18);
      // The median of an inverse gamma of shape 18 and mean 1, from scipy.stats.invgamma(18, scale=17).median() (SciPy 1.17.1).
      assert.ok(Math.abs(median(scale) / prior.scaleMean - 0.962203164) < 0.01);
    });
    const total = (of: (site: (typeof truth.sites)[number]) => number): number =>
      truth.sites.reduce((sum, site, i) => sum + weights[i] * of(site), 0);
    assert.ok(Math.abs(total((site) => site.location[123])) < 1e-12);
    assert.ok(Math.abs(total((site) => site.prior.locationMean)) < 1e-12);
    assert.ok(Math.abs(total((site) => site.prior.scaleMean) - 1) < 1e-12);
  });

  it('draws age and sex effects with the moments asked for', () => {
    const { truth } = simulateFeatureCohort({
      seed: 4,
      sites: 2,
      subjects: 4,
      features: 10000,
      ageSlope: { mean: -0.01, sd: 0.002 },
      sexEffect: { mean: 0.1, sd: 0.05 },
    });
    assert.ok(Math.abs(mean(truth.ageSlope) + 0.01) < 1e-4);
    assert.ok(Math.abs(Math.sqrt(variance(truth.ageSlope)) - 0.002) < 1e-4);
    assert.ok(Math.abs(mean(truth.sexEffect) - 0.1) < 0.0025);
    assert.ok(Math.abs(Math.sqrt(variance(truth.sexEffect)) - 0.05) < 0.0025);
  });

  it('shifts features together with their factors when asked', () => {
    const options = {
      seed: 6,
      sites: 2,
      features: 4000,
      factors: 1,
      siteEffects: { locationSd: 0, featureLocationSd: 1 },
    };
    const apart = simulateFeatureCohort(options);
    const together = simulateFeatureCohort({
      ...options,
      siteEffects: { ...options.siteEffects, correlation: 1 },
    });
    // With one factor every loading is 1, so all features shift alike.
    assert.ok(variance(together.truth.sites[0].location) < 1e-20);
    assert.ok(variance(apart.truth.sites[0].location) > 0.1);
  });

  it('takes sites as described', () => {
    const { cohort, truth } = simulateFeatureCohort({
      seed: 9,
      sites: [
        { name: 'young', subjects: 3000, ageMean: 30, ageSd: 4, femaleShare: 0.8 },
        { name: 'old', subjects: 2000, ageMean: 60, ageSd: 5, femaleShare: 0 },
      ],
      features: ['left', 'right'],
    });
    assert.deepEqual(cohort.features.features, ['left', 'right']);
    const [age, sex] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    assert.ok(Math.abs(mean(age.values.subarray(0, 3000)) - 30) < 0.5);
    assert.ok(Math.abs(Math.sqrt(variance(age.values.subarray(3000))) - 5) < 0.4);
    assert.ok(Math.abs(mean(Float64Array.from(sex.codes.subarray(0, 3000))) - 0.2) < 0.04);
    assert.ok(sex.codes.subarray(3000).every((code) => code === 1));
    assert.deepEqual(
      truth.sites.map(({ name, subjects, ageMean }) => ({ name, subjects, ageMean })),
      [
        { name: 'young', subjects: 3000, ageMean: 30 },
        { name: 'old', subjects: 2000, ageMean: 60 },
      ],
    );
  });

  it('shares out any number of subjects among any number of sites', () => {
    const { cohort, truth } = simulateFeatureCohort({ seed: 1, sites: 40, subjects: 10000, features: 3 });
    assert.equal(cohort.participants.ids.length, 10000);
    const sizes = truth.sites.map((site) => site.subjects);
    assert.equal(sizes.length, 40);
    assert.ok(Math.max(...sizes) > 2 * Math.min(...sizes));
    const least = simulateFeatureCohort({ seed: 1, sites: 5, subjects: 10, features: 1 });
    assert.deepEqual(
      least.truth.sites.map((site) => site.subjects),
      [2, 2, 2, 2, 2],
    );
  });

  it('makes cells missing at the rate asked for, in the measured table only', () => {
    const { cohort, truth } = simulateFeatureCohort({
      seed: 1,
      subjects: 1000,
      features: 100,
      missing: 0.05,
    });
    const share = cohort.features.values.filter(Number.isNaN).length / 100000;
    assert.ok(Math.abs(share - 0.05) < 0.005);
    assert.ok(!truth.harmonized.features.values.some(Number.isNaN));
  });

  it('records how it was made', () => {
    const [step] = simulateFeatureCohort({ seed: 21, sites: 2, features: 2 }).cohort.provenance;
    assert.equal(step.step, 'simulateFeatureCohort');
    assert.equal(step.seed, 21);
    assert.equal(step.options['sites'], 2);
    assert.equal(step.options['missing'], 0);
  });

  const bad: readonly [string, Parameters<typeof simulateFeatureCohort>[0], RegExp][] = [
    ['a share above 1', { missing: 1.5 }, /invalid missing: 1\.5 \(a number from 0 to 1 is allowed\)/],
    ['no site', { sites: 0 }, /invalid sites: 0/],
    ['too few subjects', { sites: 6, subjects: 11 }, /invalid subjects: 11 \(a whole number from 12 on/],
    ['a part of a feature', { features: 2.5 }, /invalid features: 2\.5/],
    ['a seed that is no number', { seed: NaN }, /invalid seed: NaN/],
    ['a range upside down', { meanRange: [3, 2] }, /invalid meanRange: \[3, 2\]/],
    ['no spread', { sdRange: [0, 1] }, /invalid sdRange/],
    ['more common variance than there is', { commonVariance: 0.7, hemisphericVariance: 0.7 }, /Variance/],
    ['a negative effect', { siteEffects: { scaleSd: -1 } }, /invalid siteEffects\.scaleSd: -1/],
    ['an age out of range', { sites: [{ name: 'A', subjects: 3, ageMean: 90 }] }, /site "A": 90/],
    ['a repeated site', { sites: Array(2).fill({ name: 'A', subjects: 3 }) }, /invalid site name: "A"/],
    ['subjects said twice', { sites: [{ name: 'A', subjects: 3 }], subjects: 3 }, /invalid subjects: 3/],
    ['a repeated feature', { features: ['x', 'x'] }, /duplicate feature: "x"/],
  ];
  for (const [what, options, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => simulateFeatureCohort(options),
        (error) => {
          assert.ok(error instanceof ConcordError);
          assert.equal(error.code, 'invalid-option');
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
