import assert from 'node:assert/strict';
import type { MixedFit } from '../../../sdk/math/mixed/fit-mixed';
import { mixedFitter } from '../../../sdk/math/mixed/fit-mixed';
import type { MixedDesign } from '../../../sdk/math/mixed/mixed-design';
import { mixedDesign } from '../../../sdk/math/mixed/mixed-design';
import { flignerKilleen } from '../../../sdk/math/statistics/fligner-killeen';
import { normalQuantile } from '../../../sdk/math/statistics/normal-quantile';
import { personSiteTests } from '../../../sdk/evaluate/persons/person-site-tests';
import { visitOracles } from '../../support/family-oracles';
import { longitudinalFixture } from '../../support/longitudinal-fixture';

describe('linear mixed models', () => {
  const { cohort, found } = longitudinalFixture();

  it('is likeliest where lme4 says, by either likelihood', () => {
    const { persons, sites, covariates } = cohort.participants;
    const columns = [
      ...['A', 'B', 'C'].map((name) => Float64Array.from(sites, (site) => Number(site === name))),
      ...covariates.slice(0, 2).map((one) => (one.kind === 'continuous' ? one.values : new Float64Array(0))),
    ];
    const design: MixedDesign | undefined = mixedDesign({
      columns,
      persons: Int32Array.from(persons, (person) => Number(person.slice(1))),
    });
    assert.ok(design !== undefined);
    const values = cohort.features.values.filter((_, at) => at % 4 === 0);
    const close = (one: number, known: number, relative: number): void =>
      assert.ok(Math.abs(one / known - 1) <= relative, `${one} ${known}`);
    const fit = (likelihood: 'reml' | 'ml'): MixedFit => {
      const own = mixedFitter(design, likelihood)(values);
      assert.ok(typeof own !== 'string');
      return own;
    };
    close(fit('reml').criterion, found['f1'].criterion, 1e-9);
    close(fit('ml').criterion, found['f1'].mlCriterion, 1e-9);
    close(fit('ml').residualVariance, found['f1'].mlResidualVariance, 1e-6);
    // What is left is at right angles to all columns: on this rests that ComBat of what is left finds the same effects.
    const { residuals } = fit('reml');
    for (const column of columns) {
      assert.ok(Math.abs(column.reduce((sum, x, row) => sum + x * residuals[row], 0)) <= 1e-9);
    }
    assert.equal(mixedDesign({ columns: [...columns, columns[0]], persons: design.persons }), undefined);
  });
});

describe('site tests of persons with several scans', () => {
  const { cohort, found } = longitudinalFixture();

  it('equals pbkrtest and fligner.test, with missing cells and at the boundary', async () => {
    const tests = await personSiteTests(cohort, {
      protocol: 'raw',
      covariates: ['age', 'male'],
      alpha: 0.05,
    });
    assert.ok(tests !== undefined);
    const close = (one: number, known: number): void =>
      assert.ok(Math.abs(one / known - 1) <= 1e-5, `${one} ${known}`);
    for (const { feature, mean, spread } of tests.features) {
      const { kenwardRoger, flignerKilleen: killeen } = found[feature];
      close(mean.statistic, kenwardRoger.statistic);
      close(mean.degreesOfFreedom, kenwardRoger.denominator);
      close(mean.p, kenwardRoger.p);
      close(spread.statistic, killeen.statistic);
      close(spread.p, killeen.p);
    }
    assert.deepEqual(tests.significant, { mean: 3, spread: 1 });
  });

  it('says nothing where no person was scanned twice', async () => {
    const { ids } = cohort.participants;
    const alone = { ...cohort, participants: { ...cohort.participants, persons: ids } };
    assert.equal(await personSiteTests(alone, { protocol: 'raw', covariates: [], alpha: 0.05 }), undefined);
  });

  it('has the quantiles of R, and no verdict on one group', () => {
    // qnorm(c(.6, .975, 1e-10)) of R 4.2.2.
    const known = [0.2533471031357998, 1.95996398454005361, -6.3613409024040557];
    [0.6, 0.975, 1e-10].forEach((p, k) => assert.ok(Math.abs(normalQuantile(p) - known[k]) <= 1e-14));
    assert.ok(Number.isNaN(flignerKilleen(Float64Array.of(1, 2, 3), Int32Array.of(0, 0, 0), 1).statistic));
  });
});

describe('site tests of longCombat', () => {
  const oracles = visitOracles();

  it('addTest_KenwardRoger and multTest_FlignerKilleen', async () => {
    const covariates = ['age0', 'male', 'dx', 'time', 'dxTime'];
    const tests = await personSiteTests(oracles.cohort, { protocol: 'raw', covariates, alpha: 0.05 });
    assert.ok(tests !== undefined);
    const bare = (text: string): string => text.replaceAll('"', '');
    const rows = (file: string): readonly (readonly string[])[] =>
      oracles.table(`longcombat/long1_50x3_${file}`).rows.map((row) => row.map(bare));
    const [means, spreads] = [rows('addTest_KenwardRoger'), rows('multTest_FlignerKilleen')];
    assert.equal(means.length, tests.features.length);
    const close = (one: number, known: string): void =>
      assert.ok(Math.abs(one / Number(known) - 1) <= 1e-6, `${one} ${known}`);
    for (const { feature, mean, spread } of tests.features) {
      // The table's header has a comma in a quoted name; its rows do not.
      const own = means.find(([name]) => name === feature) ?? [];
      close(mean.statistic, own[1]);
      close(mean.degreesOfFreedom, own[2]);
      close(mean.p, own[3]);
      const other = spreads.find(([name]) => name === feature) ?? [];
      close(spread.statistic, other[1]);
      close(spread.p, other[3]);
    }
  });
});
