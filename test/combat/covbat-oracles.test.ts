import assert from 'node:assert/strict';
import { applyCovbat } from '../../sdk/combat/covbat/apply-covbat';
import type { CovbatOptions } from '../../sdk/combat/covbat/covbat-options';
import { fitCovbat, fitScores } from '../../sdk/combat/covbat/fit-covbat';
import { cohortOfScores, scoresAlong } from '../../sdk/combat/covbat/leftovers';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { ixiOracles, quantity } from '../support/family-oracles';

// Results of covfam (ComBatFamily 0d3df16) and of the R package CovBat (1ca2942), R 4.2.2, on 120 scans of IXI: see the README of
// family-oracles/covbat in the shared data. Differences are in standard deviations of a feature.

describe('CovBat against the real programs', () => {
  const oracles = ixiOracles();

  const differenceFrom = (harmonized: FeatureCohort, file: string): number =>
    oracles.differenceFrom(harmonized, `covbat/ixi120x62_${file}`);

  const cases: readonly [string, CovbatOptions][] = [
    ['CovBatR_pv95', {}],
    ['covfam_lm_pv95', {}],
    ['covfam_lm_npc5_nostd', { components: 5, standardize: false }],
    ['covfam_lm_refGuys_pv80', { variance: 0.8, reference: 'Guys' }],
    ['covfam_lm_scoremodel_pv95', { scorePreserve: ['age', 'male'] }],
  ];
  for (const [file, options] of cases) {
    it(file, async () => {
      const model = await fitCovbat(oracles.cohort, { preserve: ['age', 'male'], ...options });
      const most = differenceFrom(await applyCovbat(model, oracles.cohort), file);
      assert.ok(most <= 1e-11, `${most}`);
    });
  }

  it('covfam_gamPsREML_pv95, at the penalties that mgcv chose', async () => {
    const smoothing = quantity(oracles.table('comfam_gam/ixi120x62_psREML_smooth'), 'sp');
    const model = await fitCovbat(oracles.cohort, { preserve: ['male'], smooth: ['age'], smoothing });
    const most = differenceFrom(await applyCovbat(model, oracles.cohort), 'covfam_gamPsREML_pv95');
    assert.ok(most <= 1e-11, `${most}`);
  });

  it('CovBatR_scoreEB_pv90, with components that point where LAPACK had them point', async () => {
    // Shrinking scores depends on the signs of components. These are of LAPACK's dgesdd (NumPy 2.4.6 and R agree), against ours.
    const signs = '+ + - + + + - - + + - - + + + - - + - - + + - -'
      .split(' ')
      .map((sign) => (sign === '+' ? 1 : -1));
    const ours = await fitCovbat(oracles.cohort, { preserve: ['age', 'male'], scoreEb: true, variance: 0.9 });
    assert.equal(ours.explained.length, signs.length);
    const width = ours.combat.features.length;
    const rotation = ours.rotation.map((value, at) => value * signs[Math.floor(at / width)]);
    const after = await applyCombat(ours.combat, oracles.cohort);
    const along = scoresAlong({ ...ours, rotation }, after).scores;
    const before = cohortOfScores(after, along, signs.length);
    const scores = await fitScores(before, { ...ours, run: {} });
    const most = differenceFrom(
      await applyCovbat({ ...ours, rotation, scores }, oracles.cohort),
      'CovBatR_scoreEB_pv90',
    );
    assert.ok(most <= 1e-11, `${most}`);
  });

  it('components as prcomp finds them', async () => {
    const model = await fitCovbat(oracles.cohort, { preserve: ['age', 'male'] });
    const table = oracles.table('covbat/ixi120x62_covfam_lm_pv95_pca');
    for (const [name, own] of [
      ['scale', model.scales],
      ['center', model.centers],
    ] as const) {
      const known = Object.values(quantity(table, name));
      own.forEach((value, w) => assert.ok(Math.abs(value - known[w]) <= 1e-12, `${name} ${w}`));
    }
    const sdev = Object.values(quantity(table, 'sdev'));
    model.explained.forEach((share, k) => assert.ok(Math.abs(share * 62 - sdev[k] ** 2) <= 1e-10, `${k}`));
  });
});
