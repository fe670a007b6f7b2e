import assert from 'node:assert/strict';
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { basisAt, basisPenalty } from '../../sdk/combat/design/smooth-basis';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { covariateNamed } from '../../sdk/data/people/participants';
import { firstFeatures, ixiOracles, quantity, someRows } from '../support/family-oracles';

// Results of ComBatFamily (0d3df16, R 4.2.2), mgcv 1.8-41 and neuroHarmonize 2.5.1 on 120 scans of IXI: see the README of each
// folder of family-oracles in the shared data. Differences are in standard deviations of a feature.

describe('ComBat, robust ComBat and ComBat-GAM against the real programs', () => {
  const oracles = ixiOracles();

  async function difference(options: CombatOptions, file: string, own = oracles.cohort): Promise<number> {
    const harmonized = await applyCombat(await fitCombat(own, options), own);
    return oracles.differenceFrom(harmonized, `${file}_harmonized`);
  }

  const linear: readonly [string, CombatOptions][] = [
    ['ixi120x62', {}],
    ['ixi120x62_noeb', { eb: 'none' }],
    ['ixi120x62_refGuys', { reference: 'Guys' }],
    ['ixi120x62_robust', { robust: true }],
  ];
  for (const [file, options] of linear) {
    it(`comfam_lm ${file}`, async () => {
      const most = await difference({ preserve: ['age', 'male'], ...options }, `comfam_lm/${file}`);
      assert.ok(most <= 1e-12, `${most}`);
    });
  }

  it('comfam_lm, applied to other scans and to a new site by priors of its own', async () => {
    const { cohort } = oracles;
    const trained = someRows(cohort, (row, site) => (row + 1) % 3 !== 0 && site !== 'IOP');
    const others = someRows(cohort, (row, site) => (row + 1) % 3 === 0 || site === 'IOP');
    const model = await fitCombat(trained, { preserve: ['age', 'male'] });
    const fitted = await applyCombat(model, trained);
    assert.ok(oracles.differenceFrom(fitted, 'comfam_lm/ixi120x62_trainGuysHH_harmonized') <= 1e-12);
    const applied = await applyCombat(model, others, { unseen: 'own-priors' });
    const most = oracles.differenceFrom(applied, 'comfam_lm/ixi120x62_applyHeldoutAndUnseenIOP_harmonized');
    assert.ok(most <= 1e-11);
  });

  const smooth = { preserve: ['male'], smooth: ['age'] } as const;

  it('comfam_gam: P-splines of mgcv at a penalty of 1, and at those that mgcv chose', async () => {
    assert.ok((await difference({ ...smooth, smoothing: 1 }, 'comfam_gam/ixi120x62_psSp1')) <= 2e-7);
    const smoothing = quantity(oracles.table('comfam_gam/ixi120x62_psREML_smooth'), 'sp');
    assert.ok((await difference({ ...smooth, smoothing }, 'comfam_gam/ixi120x62_psREML')) <= 2e-7);
  });

  it('is as bent as mgcv with other numbers of B-splines', async () => {
    // gam(y ~ factor(site) + male + s(age, bs = "ps", k = 6), method = "REML") of mgcv 1.8-41: edf, and the mean squared residual.
    const known = [
      [6, 1.840606, 0.317784458],
      [15, 4.569564, 0.30241598],
    ];
    for (const [splines, freedom, sd] of known) {
      const model = await fitCombat(oracles.cohort, { ...smooth, smooth: [{ name: 'age', splines }] });
      const feature = model.features.indexOf('left.entorhinal');
      assert.equal(model.columns.length, splines);
      assert.ok(Math.abs(model.freedom[feature] - freedom) <= 1e-3, `${model.freedom[feature]}`);
      assert.ok(Math.abs(model.pooledSd[feature] / sd - 1) <= 1e-5, `${model.pooledSd[feature]}`);
    }
  });

  it('takes the lowest score of a list of penalties, and knots as they are given', async () => {
    const few = firstFeatures(oracles.cohort, 6);
    const free = await fitCombat(few, smooth);
    const { knots } = free.smooths[0];
    const around = [...free.penalties].flatMap((lambda) => [lambda / 1.5, lambda, lambda * 1.5]);
    const placed = { name: 'age', knots: [knots[3], knots[10]] as const };
    const listed = await fitCombat(few, { ...smooth, smooth: [placed], penalties: around });
    free.penalties.forEach((lambda, w) => {
      // Where curves are straight scores do not differ.
      if (free.freedom[w] > 1.01) assert.ok(Math.abs(listed.penalties[w] / lambda - 1) <= 1e-9);
    });
    listed.smooths[0].knots.forEach((knot, i) => assert.ok(Math.abs(knot - knots[i]) <= 1e-12));
  });

  it('comfam_gam: REML is never worse than mgcv, and the same curves where scores are the same', async () => {
    const { cohort } = oracles;
    const table = oracles.table('comfam_gam/ixi120x62_psREML_smooth');
    const [theirs, scores, freedom] = ['sp', 'score', 'edf_smooth'].map((name) => quantity(table, name));
    const model = await fitCombat(cohort, smooth);
    const score = remlOf(cohort, model);
    const same: Record<string, number> = {};
    let better = 0;
    model.features.forEach((name, w) => {
      // Beyond 1e9 a curve is straight in double precision, and dense matrices lose their digits.
      const [ours, known] = [score(w, Math.min(1e9, model.penalties[w])), score(w, theirs[name])];
      // The score itself is that of mgcv.
      assert.ok(Math.abs(known - scores[name]) <= 1e-7, `${name}: ${known} against ${scores[name]}`);
      assert.ok(ours <= known + 1e-9, `${name}: ${ours} against ${known}`);
      const agrees = known - ours <= 5e-9;
      if (!agrees) better++;
      else assert.ok(Math.abs(model.freedom[w] - freedom[name]) <= 1e-3, name);
      same[name] = agrees ? model.penalties[w] : theirs[name];
    });
    // mgcv stops once the score hardly changes, which leaves the straightest curves a little bent.
    assert.ok(better <= 30, `${better}`);
    const most = await difference({ ...smooth, smoothing: same }, 'comfam_gam/ixi120x62_psREML');
    assert.ok(most <= 1e-5, `${most}`);
  });

  for (const seed of [1, 2]) {
    it(`neuroharmonize, seed ${seed}: the penalties that it chose, by its own search`, async () => {
      const table = oracles.table(`neuroharmonize/ixi120x62_gam_seed${seed}_estimates`);
      const own = firstFeatures(oracles.cohort, table.header.length - 2);
      const options = {
        ...smooth,
        basis: 'neuroharmonize',
        smoothing: 'kfold',
        smoothingSeed: seed,
      } as const;
      const alpha = quantity(table, 'alpha');
      const { penalties, features } = await fitCombat(own, options);
      features.forEach((name, w) => {
        assert.ok(Math.abs(penalties[w] / alpha[name] - 1) <= 1e-12, `${name}: ${penalties[w]}`);
      });
      const most = await difference(options, `neuroharmonize/ixi120x62_gam_seed${seed}`, own);
      assert.ok(most <= 1e-9, `${most}`);
    });

    it(`neuroharmonize, seed ${seed}: its basis, at the penalties that it chose`, async () => {
      const table = oracles.table(`neuroharmonize/ixi120x62_gam_seed${seed}_estimates`);
      const own = firstFeatures(oracles.cohort, table.header.length - 2);
      const options = { ...smooth, basis: 'neuroharmonize', smoothing: quantity(table, 'alpha') } as const;
      const most = await difference(options, `neuroharmonize/ixi120x62_gam_seed${seed}`, own);
      assert.ok(most <= 1e-9, `${most}`);
    });
  }
});

/**
 * The REML score of mgcv with all its constants, from the formula of its documentation and dense matrices of the whole design:
 * it shares only the basis with what is tested.
 */
function remlOf(
  cohort: FeatureCohort,
  { smooths: [smooth] }: CombatModel,
): (feature: number, lambda: number) => number {
  const { participants, features } = cohort;
  const [age, male] = ['age', 'male'].map((name) => covariateNamed(participants, name));
  assert.ok(age.kind === 'continuous' && male.kind === 'continuous');
  const sites = [...new Set(participants.sites)].sort();
  const x = new Matrix(
    participants.sites.map((site, row) => [
      male.values[row],
      ...sites.map((name) => Number(name === site)),
      ...basisAt(smooth, age.values[row]),
    ]),
  );
  const rows = participants.sites.length;
  const linear = 1 + sites.length;
  const s = Matrix.zeros(x.columns, x.columns);
  s.setSubMatrix(Matrix.from1DArray(9, 9, basisPenalty(smooth)), linear, linear);
  const logS = new EigenvalueDecomposition(
    s.subMatrix(linear, x.columns - 1, linear, x.columns - 1),
  ).realEigenvalues
    .sort((a, b) => a - b)
    .slice(1)
    .reduce((sum, value) => sum + Math.log(value), 0);
  const gram = x.transpose().mmul(x);
  return (feature, lambda) => {
    const y = new Matrix(
      participants.sites.map((_, row) => [features.values[row * features.features.length + feature]]),
    );
    const whole = Matrix.add(gram, Matrix.mul(s, lambda));
    // Only to rounding is it symmetric, and this library insists.
    const factor = new CholeskyDecomposition(Matrix.add(whole, whole.transpose()).mul(0.5));
    const beta = factor.solve(x.transpose().mmul(y));
    const rest = Matrix.sub(y, x.mmul(beta));
    const penalized = rest.dot(rest) + lambda * beta.transpose().mmul(s).mmul(beta).get(0, 0);
    const left = rows - linear - 1;
    const phi = penalized / left;
    const logA = factor.lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + 2 * Math.log(value), 0);
    return left / 2 + (left / 2) * Math.log(2 * Math.PI * phi) + logA / 2 - (8 * Math.log(lambda) + logS) / 2;
  };
}
