import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { withFeatures, makeFeatureCohort } from '../../../sdk/data/cohort';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { provenanceStep } from '../../../sdk/data/provenance';
import { falseDiscoveryRate } from '../../../sdk/evaluate/models/false-discovery-rate';
import type { FeatureModels } from '../../../sdk/evaluate/models/feature-models';
import { fitFeatureModels } from '../../../sdk/evaluate/models/feature-models';
import { compareSlopes } from '../../../sdk/evaluate/models/covariate-slopes';
import { makeSiteDesign } from '../../../sdk/evaluate/models/site-design';
import { summarizeSiteTests } from '../../../sdk/evaluate/models/site-tests';
import { makeRandom } from '../../../sdk/math/random';
import { arithmeticCohort, randomCohort } from '../audit-cohorts';

// statsmodels 0.15.0 (OLS, compare_f_test, multipletests fdr_bh) and scipy 1.17.1, subjects with the feature only.
// kruskal: rankdata of the OLS residuals after intercept, age and sex; OLS of these ranks with and without site, the
// difference of ssr over the mean square without. levene: center='median' on the OLS residuals of the full model.
const EXPECTED = [
  {
    anova: [2.038830738375287, 0.14349240808522545, 0.2869848161704509],
    kruskal: [1.8940625171394185, 0.387890863498009, 0.775781726996018],
    levene: [1.2838257460938436, 0.2876208471732668, 0.38349446289768907],
    shares: [0.09251083973457618, 0.026366663477083975, 0.003307359765188797],
    slopes: [0.041037766910737836, 0.4134635752459271],
    sd: 3.7711716131600417,
  },
  {
    anova: [16.910445979483285, 4.7600778914462025e-6, 1.904031156578481e-5],
    kruskal: [18.18764750185574, 0.00011235761853260656, 0.00044943047413042623],
    levene: [4.044045244103608, 0.02476344805946469, 0.09905379223785876],
    shares: [0.4581479722266964, 0.0004092696110042845, 0.047770431880555575],
    slopes: [-0.00421789974785034, 1.3438001281333867],
    sd: 3.1522819840074923,
  },
  {
    anova: [0.41115087054045923, 0.6658780925934302, 0.8878374567912403],
    kruskal: [0.5812758056298944, 0.7477864003518238, 0.9952037972970802],
    levene: [2.410362634533387, 0.10304060342178126, 0.20608120684356251],
    shares: [0.02174118716280481, 0.3370507009150095, 0.04040244077257933],
    slopes: [0.13239295363006462, 1.127270199302917],
    sd: 2.8709157090164026,
  },
  {
    anova: [0.03515735978796626, 0.9654832797690129, 0.9654832797690129],
    kruskal: [0.009615482784967138, 0.9952037972970802, 0.9952037972970802],
    levene: [0.262118422949222, 0.7706692002320509, 0.7706692002320509],
    shares: [0.0017547833119858428, 0.03201825609158265, 0.1451686896571074],
    slopes: [0.040402833531994135, 2.634912212409476],
    sd: 3.359456458242256,
  },
] as const;

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`);
}

describe('feature models', () => {
  const cohort = arithmeticCohort();
  const design = makeSiteDesign(cohort, ['age', 'sex']);
  let models: FeatureModels;
  before(async () => {
    models = await fitFeatureModels(cohort.features, design);
  });

  for (const test of ['anova', 'kruskal', 'levene'] as const) {
    it(`${test}: statistic, p and q as by scipy and statsmodels, with missing cells`, () => {
      const summary = summarizeSiteTests(models, cohort.features.features, { protocol: 'raw', alpha: 0.05 });
      EXPECTED.forEach((expected, k) => {
        const { statistic, p, q } = summary.features[k][test];
        close(statistic, expected[test][0]);
        close(p, expected[test][1]);
        close(q, expected[test][2]);
      });
      assert.equal(summary.significant[test], test === 'levene' ? 0 : 1);
    });
  }
  it('partial R² of site, age and sex as by statsmodels', () => {
    EXPECTED.forEach(({ shares }, k) => {
      close(models.siteShare[k], shares[0]);
      close(models.termShares[0][k], shares[1]);
      close(models.termShares[1][k], shares[2]);
    });
  });
  it('slopes and residual deviation as by statsmodels', () => {
    EXPECTED.forEach(({ slopes, sd }, k) => {
      close(models.slopes[0][k], slopes[0]);
      close(models.slopes[1][k], slopes[1]);
      close(models.residualSd[k], sd);
    });
  });
  it('slopes before and after are in residual deviations of the data before', async () => {
    const doubled = withFeatures(
      cohort,
      { ...cohort.features, values: cohort.features.values.map((value) => 2 * value + 1) },
      provenanceStep('double', {}),
    );
    const after = await fitFeatureModels(doubled.features, design);
    const [age, sex] = compareSlopes(models, after, design);
    assert.deepEqual([age.covariate, age.column, age.unit], ['age', 'age', 'years']);
    assert.deepEqual([sex.covariate, sex.column, sex.unit], ['sex', 'sex=M', undefined]);
    EXPECTED.forEach(({ slopes, sd }, k) => {
      close(age.before[k], slopes[0] / sd);
      close(age.after[k], (2 * slopes[0]) / sd);
    });
  });
  it('a constant feature, and one missing everywhere, have no figures', async () => {
    const values = Float64Array.from(cohort.features.values);
    for (let i = 0; i < 45; i++) {
      values[i * 4] = 3.3;
      values[i * 4 + 1] = NaN;
    }
    const fitted = await fitFeatureModels({ ...cohort.features, values }, design);
    for (const k of [0, 1]) {
      assert.ok(Number.isNaN(fitted.anova[k].p));
      assert.ok(Number.isNaN(fitted.kruskal[k].p));
      assert.ok(Number.isNaN(fitted.levene[k].p));
      assert.ok(Number.isNaN(fitted.siteShare[k]));
    }
    close(fitted.anova[3].p, EXPECTED[3].anova[1]);
  });
  it('a feature that only one site has is not compared', async () => {
    const values = cohort.features.values.map((value, at) =>
      at % 4 === 0 && cohort.participants.sites[Math.floor(at / 4)] !== 'site0' ? NaN : value,
    );
    const fitted = await fitFeatureModels({ ...cohort.features, values }, design);
    assert.ok(Number.isNaN(fitted.anova[0].p) && Number.isNaN(fitted.kruskal[0].p));
  });
  it('a covariate confounded with site has no share or slope of its own', async () => {
    const { ids, sites } = cohort.participants;
    const scanner = categorical(
      'scanner',
      sites.map((site) => (site === 'site0' ? 'old' : 'new')),
    );
    const confounded = makeFeatureCohort(makeParticipants(ids, sites, [scanner]), cohort.features);
    const fitted = await fitFeatureModels(cohort.features, makeSiteDesign(confounded, ['scanner']));
    assert.ok(Number.isNaN(fitted.termShares[0][0]) && Number.isNaN(fitted.slopes[0][0]));
  });
  it('leaves out subjects without a covariate, saying so', () => {
    const { ids, sites } = cohort.participants;
    const age = continuous(
      'age',
      Float64Array.from(ids, (_, i) => (i === 7 ? NaN : i)),
    );
    const partial = makeSiteDesign(makeFeatureCohort(makeParticipants(ids, sites, [age]), cohort.features), [
      'age',
    ]);
    assert.equal(partial.rows.length, 44);
    assert.ok(!partial.rows.includes(7));
    assert.deepEqual(
      partial.issues.map(({ code }) => code),
      ['dropped-subject'],
    );
  });
  it('the rank test without covariates is Kruskal–Wallis as by scipy 1.17.1, ties and missing cells included', async () => {
    const expected = [
      [2.01421481432681, 0.3652740419801161],
      [17.829870215429203, 0.00013436707901100876],
      [1.0727336574824595, 0.5848693273567758],
      [0.06046292026266808, 0.9702209400910787],
    ];
    const bare = await fitFeatureModels(cohort.features, makeSiteDesign(cohort, []));
    expected.forEach(([statistic, p], k) => {
      close(bare.kruskal[k].statistic, statistic);
      close(bare.kruskal[k].p, p);
    });
    const coarse = cohort.features.values.map((value) => Math.round(value / 4));
    const tied = await fitFeatureModels({ ...cohort.features, values: coarse }, makeSiteDesign(cohort, []));
    close(tied.kruskal[0].statistic, 2.8482636040470286);
  });
  it('age confounded with site is taken neither for a difference of means nor of spreads', async () => {
    // Two sites, ages 40 ± 3 and 65 ± 15, an effect of age on every feature and none of site.
    const random = makeRandom(11);
    const subjects = 300;
    const names = Array.from({ length: 400 }, (_, k) => `f${k}`);
    const ids = Array.from({ length: subjects }, (_, i) => `s${i}`);
    const age = ids.map((_, i) => (i % 2 === 0 ? 40 + 3 * random.normal() : 65 + 15 * random.normal()));
    const values = new Float64Array(subjects * names.length);
    values.forEach((_, at) => {
      values[at] = 0.05 * age[Math.floor(at / names.length)] + 0.5 * random.normal();
    });
    const build = (shift: number): FeatureCohort =>
      makeFeatureCohort(
        makeParticipants(
          ids,
          ids.map((_, i) => (i % 2 === 0 ? 'A' : 'B')),
          [continuous('age', age)],
        ),
        makeFeatureMatrix(
          values.map((value, at) => value - shift * (Math.floor(at / names.length) % 2)),
          ids,
          names,
        ),
      );
    const share = (statistics: readonly { readonly p: number }[]): number =>
      statistics.filter(({ p }) => p < 0.05).length / names.length;
    const none = build(0);
    const without = await fitFeatureModels(none.features, makeSiteDesign(none, ['age']));
    // Four standard errors of a share of 0.05 of 400 are 4 √(0.0475 / 400) = 0.044.
    for (const test of ['anova', 'kruskal', 'levene'] as const) {
      assert.ok(Math.abs(share(without[test]) - 0.05) < 0.044, `${test}: ${share(without[test])}`);
    }
    // A difference of means that age hides almost wholly is no difference of spreads, and the ranks see it.
    const hidden = build(1.2);
    const shifted = await fitFeatureModels(hidden.features, makeSiteDesign(hidden, ['age']));
    assert.ok(Math.abs(share(shifted.levene) - 0.05) < 0.044, `${share(shifted.levene)}`);
    assert.ok(share(shifted.kruskal) > 0.95 && share(shifted.anova) > 0.95);
  });
  it('without any effect, p values are uniform: Kolmogorov distance below the 0.1% point', async () => {
    const noise = randomCohort({ seed: 5, subjects: 90, features: 400, sites: 3, siteEffect: 0 });
    const fitted = await fitFeatureModels(noise.features, makeSiteDesign(noise, ['age', 'sex']));
    for (const test of ['anova', 'kruskal', 'levene'] as const) {
      const p = fitted[test].map((one) => one.p).sort((a, b) => a - b);
      const distance = Math.max(...p.map((value, i) => Math.abs(value - (i + 0.5) / p.length)));
      assert.ok(distance < 1.95 / Math.sqrt(p.length), `${test}: ${distance}`);
      assert.ok(Math.max(...p) > 0.9 && Math.min(...p) < 0.05);
    }
  });
});

describe('falseDiscoveryRate', () => {
  it('is the published procedure, and passes over missing tests', () => {
    // Benjamini & Hochberg 1995, section 3.2: fifteen p values, of which four are significant at 0.05.
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    assert.equal(falseDiscoveryRate(p).filter((q) => q < 0.05).length, 4);
    close(falseDiscoveryRate(p)[3], (0.0095 * 15) / 4);
    assert.deepEqual([...falseDiscoveryRate([NaN, ...p])], [NaN, ...falseDiscoveryRate(p)]);
  });
});
