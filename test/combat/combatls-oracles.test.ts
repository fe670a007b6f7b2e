import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { ixiOracles, quantity } from '../support/family-oracles';

// Results of ComBatFamily's combatls (0d3df16) with gamlss 5.4-12 on R 4.2.2, its deviance converged to 1e-10: see the README of
// family-oracles/combatls in the shared data. Differences are in standard deviations of a feature.

describe('ComBatLS against ComBatFamily and gamlss', () => {
  const oracles = ixiOracles();
  const both: CombatOptions = { preserve: ['age', 'male'], scaleCovariates: ['age', 'male'] };

  async function difference(options: CombatOptions, file: string): Promise<number> {
    const { cohort } = oracles;
    const harmonized = await applyCombat(await fitCombat(cohort, options), cohort);
    return oracles.differenceFrom(harmonized, `combatls/${file}_harmonized`);
  }

  it('sigma ~ age + male', async () => {
    const most = await difference(both, 'ixi120x62_sigmaAgeMale');
    assert.ok(most <= 1e-6, `${most}`);
  });

  it('sigma ~ age, to a reference site', async () => {
    const options = { ...both, scaleCovariates: ['age'], reference: 'Guys' };
    const most = await difference(options, 'ixi120x62_sigmaAge_refGuys');
    assert.ok(most <= 1e-6, `${most}`);
  });

  it('is nearer to the converged fit than to that of the default stopping rule of gamlss', async () => {
    const most = await difference(both, 'ixi120x62_sigmaAgeMale_defaultcrit');
    assert.ok(most > 1e-5 && most <= 1e-3, `${most}`);
  });

  it('has the coefficients of gamlss, and a deviance that is not higher', async () => {
    const { cohort } = oracles;
    const table = oracles.table('combatls/ixi120x62_sigmaAgeMale_coef');
    const model = await fitCombat(cohort, both);
    assert.deepEqual(model.scaleColumns, ['age', 'male']);
    const width = model.features.length;
    const of = (name: string): Readonly<Record<string, number>> => quantity(table, name);
    const [age, male, mean] = ['logsigma:age', 'logsigma:male', 'mu:age'].map(of);
    const base = of('logsigma:(Intercept)');
    model.features.forEach((name, w) => {
      const [ageSlope, maleSlope] = [0, 1].map((k) => model.scaleCoefficients[k * width + w]);
      assert.ok(Math.abs(ageSlope - age[name]) <= 1e-7, `age of ${name}`);
      assert.ok(Math.abs(maleSlope - male[name]) <= 1e-5, `male of ${name}`);
      assert.ok(Math.abs(model.coefficients[w] - mean[name]) <= 1e-7, `mean of ${name}`);
      const [ageMean, maleMean] = model.scaleMeans;
      const intercept = Math.log(model.pooledSd[w]) - ageMean * ageSlope - maleMean * maleSlope;
      assert.ok(Math.abs(intercept - base[name]) <= 1e-5, `intercept of ${name}`);
    });
  });
});
