import assert from 'node:assert/strict';
import { applyLongitudinal } from '../../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../../sdk/combat/longitudinal/fit-longitudinal';
import type { LongitudinalModel } from '../../../sdk/combat/longitudinal/longitudinal-model';
import type { LongitudinalOptions } from '../../../sdk/combat/longitudinal/longitudinal-options';
import { firstFeatures, quantity, someRows, visitOracles } from '../../support/family-oracles';

// Results of longCombat (9b3cc36) and of comfam with lmer (ComBatFamily 0d3df16), both with lme4 1.1-31, R 4.2.2, on simulated
// visits: see the READMEs of family-oracles in the shared data. Differences are in standard deviations of a feature.

const preserve = ['age0', 'male', 'dx', 'time', 'dxTime'];

describe('longitudinal ComBat against the real programs', () => {
  const oracles = visitOracles();

  const cases: readonly [string, LongitudinalOptions][] = [
    // Its 31 rounds of shrinking are more than the default tolerance asks for.
    ['longcombat/long1_50x3_REML', { tolerance: 1e-10 }],
    ['longcombat/long1_50x3_MSR', { residualVariance: 'msr', tolerance: 1e-10 }],
    ['comfam_lmer/long1_50x3', { residualVariance: 'msr' }],
    ['comfam_lmer/long1_50x3_ref2', { residualVariance: 'msr', reference: 'B' }],
  ];
  for (const [file, options] of cases) {
    it(file, async () => {
      const model = await fitLongitudinal(oracles.cohort, { preserve, ...options });
      const after = await applyLongitudinal(model, oracles.cohort);
      const most = oracles.differenceFrom(after, `${file}_harmonized`);
      assert.ok(most <= 1e-6, `${most}`);
    });
  }

  it('longcombat/long1_50x3_REML_randomslope_first6', async () => {
    const six = firstFeatures(oracles.cohort, 6);
    const model = await fitLongitudinal(six, { preserve, randomSlope: 'time', tolerance: 1e-10 });
    const after = await applyLongitudinal(model, six);
    const most = oracles.differenceFrom(after, 'longcombat/long1_50x3_REML_randomslope_first6_harmonized');
    assert.ok(most <= 1e-6, `${most}`);
  });

  it('comfam_lmer/long1_50x3_train40 and _apply10newsubjects', async () => {
    const train = someRows(oracles.cohort, (row) => row < 120);
    const others = someRows(oracles.cohort, (row) => row >= 120);
    const model = await fitLongitudinal(train, { preserve, residualVariance: 'msr' });
    const file = 'comfam_lmer/long1_50x3_';
    const most = oracles.differenceFrom(await applyLongitudinal(model, train), `${file}train40_harmonized`);
    const unseen = await applyLongitudinal(model, others, { unseenPersons: 'zero' });
    const mostOfOthers = oracles.differenceFrom(unseen, `${file}apply10newsubjects_harmonized`);
    assert.ok(most <= 1e-6 && mostOfOthers <= 1e-6, `${most} ${mostOfOthers}`);
  });

  it('REML criterion, variances, fixed and random effects of lmer', async () => {
    const model = await fitLongitudinal(oracles.cohort, { preserve });
    const table = oracles.table('longcombat/long1_50x3_lmer_coef');
    closeTo(model.criterion, quantity(table, 'REMLcrit'), { relative: 1e-9 });
    closeTo(model.covariance.map(Math.sqrt), quantity(table, 'sd_subject'), { relative: 1e-6 });
    closeTo(model.residualVariance.map(Math.sqrt), quantity(table, 'sd_resid'), { relative: 1e-6 });
    const names = ['age0', 'male', 'dx', 'time', 'dx:time'];
    names.forEach((name, k) => closeTo(rowOf(model, model.combat.coefficients, k), quantity(table, name)));
    const effects = oracles.table('longcombat/long1_50x3_lmer_blup');
    model.persons.forEach((person, at) =>
      closeTo(rowOf(model, model.effects, at), quantity(effects, person)),
    );
  });

  it('site effects of longCombat', async () => {
    for (const residualVariance of ['reml', 'msr'] as const) {
      const model = await fitLongitudinal(oracles.cohort, { preserve, residualVariance, tolerance: 1e-10 });
      const known = oracles.table(`longcombat/long1_50x3_${residualVariance.toUpperCase()}_estimates`);
      const { gammaHat, deltaHat, gammaStar, deltaStar } = model.combat;
      const ours = {
        gammahat: gammaHat,
        delta2hat: deltaHat,
        gammastarhat: gammaStar,
        delta2starhat: deltaStar,
      };
      for (const [name, values] of Object.entries(ours)) {
        model.combat.sites.forEach((site, s) => {
          const row = known.rows.find(([own, batch]) => own === name && batch === site.name);
          assert.ok(row !== undefined, `${name} ${site.name}`);
          closeTo(
            rowOf(model, values, s),
            Object.fromEntries(row.slice(2).map((cell, w) => [w, Number(cell)])),
          );
        });
      }
    }
  });
});

function rowOf(model: LongitudinalModel, values: Float64Array, row: number): Float64Array {
  const width = model.combat.features.length;
  return values.subarray(row * width, (row + 1) * width);
}

/** Within 1e-6 of the numbers of lme4, whose own search ends at about 1e-7. */
function closeTo(
  own: Float64Array,
  known: Readonly<Record<string, number>>,
  { relative = 1e-6 }: { readonly relative?: number } = {},
): void {
  Object.values(known).forEach((value, w) => {
    const far = Math.abs(own[w] - value) / Math.max(relative < 1e-6 ? Math.abs(value) : 1, Math.abs(value));
    assert.ok(far <= relative, `${Object.keys(known)[w]}: ${own[w]} ${value}`);
  });
}
