import assert from 'node:assert/strict';
import type { SmoothTerm } from '../../../sdk/combat/combat-options';
import { applyDesign } from '../../../sdk/combat/design/covariate-design';
import { expectRow } from '../../../sdk/combat/frame/expected-values';
import { applyLongitudinal } from '../../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../../sdk/combat/longitudinal/fit-longitudinal';
import type { LongitudinalModel } from '../../../sdk/combat/longitudinal/longitudinal-model';
import type { LongitudinalOptions } from '../../../sdk/combat/longitudinal/longitudinal-options';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { takeSubjects } from '../../../sdk/data/cohort';
import { continuous } from '../../../sdk/data/people/covariate';
import { withPersons } from '../../../sdk/data/people/participants';
import { loadModel, saveModel } from '../../../sdk/methods/save-model';
import { firstFeatures } from '../../support/family-oracles';
import type { KnownCurve } from '../../support/longitudinal-fixture';
import { longitudinalSmoothsFixture } from '../../support/longitudinal-fixture';
import { temporaryFolder } from '../../support/temporary-folder';

// Curves beside persons, held to R's mgcv (1.8-41, R 4.2.2): fixtures/combat/longitudinal-smooths.R. Fits are compared in standard
// deviations of a feature. A feature is a curve (f1), a straight line (f2), without variance of persons (f3), or lacks cells (f4).

const kinds: Readonly<Record<'curve' | 'bySex' | 'two', readonly SmoothTerm[]>> = {
  curve: [{ name: 'age' }],
  bySex: [{ name: 'age', by: 'sex' }],
  two: [{ name: 'age' }, { name: 'dose' }],
};
const preserve = ['sex'];

describe('smooths in longitudinal ComBat', () => {
  const folder = temporaryFolder();
  const { cohort, found } = longitudinalSmoothsFixture();
  const { participants, features } = cohort;
  const names = features.features;
  const width = names.length;

  for (const [kind, smooth] of Object.entries(kinds)) {
    const known = (name: string): KnownCurve => found[name][kind as keyof typeof kinds];

    it(`finds what mgcv finds, and is never less likely: ${kind}`, async () => {
      const model = await fitLongitudinal(cohort, { preserve, smooth });
      names.forEach((name, w) => {
        const { criterion, freedom, residualVariance, personVariance } = known(name);
        assert.ok(model.criterion[w] <= criterion + 1e-9, `${name}: ${model.criterion[w]} ${criterion}`);
        assert.ok(model.criterion[w] >= criterion - 1e-7, `${name}: ${model.criterion[w]} ${criterion}`);
        assert.ok(Math.abs(model.residualVariance[w] / residualVariance - 1) <= 1e-6);
        assert.ok(Math.abs(model.covariance[w] - personVariance) <= 1e-6);
        [freedom].flat().forEach((own, k) => {
          const ours = model.combat.freedom[k * width + w];
          assert.ok(Math.abs(ours - own) <= 1e-5, `${name}: ${ours} ${own}`);
        });
      });
      assert.ok(furthest(model, known) <= 1e-5, `${furthest(model, known)}`);
    });

    it(`is mgcv's fit at the penalties of mgcv: ${kind}`, async () => {
      const smoothing = Object.fromEntries(names.map((name) => [name, [known(name).lambda].flat()]));
      const model = await fitLongitudinal(cohort, { preserve, smooth, smoothing });
      assert.ok(furthest(model, known) <= 2e-7, `${furthest(model, known)}`);
      names.forEach((name, w) =>
        assert.deepEqual(
          [known(name).lambda].flat(),
          model.combat.smooths.map((_, k) => model.combat.penalties[k * width + w]),
        ),
      );
    });
  }

  /** The largest difference of what is expected of a scan, and of what sets its person apart. */
  function furthest(model: LongitudinalModel, known: (name: string) => KnownCurve): number {
    const design = applyDesign(participants, model.combat).values;
    const expected = new Float64Array(width);
    let most = 0;
    participants.ids.forEach((_, row) => {
      expectRow(model.combat, { design, row }, expected);
      const site = model.combat.sites.findIndex(({ name }) => name === participants.sites[row]);
      const person = participants.persons[row];
      names.forEach((name, w) => {
        const { fitted, effects } = known(name);
        const value: number | undefined = fitted[String(row + 1)];
        if (value === undefined) return;
        const shift = model.combat.gammaHat[site * width + w] * model.combat.pooledSd[w];
        const effect = model.effects[model.persons.indexOf(person) * width + w];
        const off = Math.abs(expected[w] + shift + effect - value);
        most = Math.max(most, Math.max(off, Math.abs(effect - effects[person])) / spreadOf(w));
      });
    });
    return most;
  }

  function spreadOf(w: number): number {
    const own = participants.ids.flatMap((_, row) => {
      const value = features.values[row * width + w];
      return Number.isNaN(value) ? [] : [value];
    });
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
  }

  it('is never less likely than a search on dense matrices where persons have slopes too', async () => {
    const model = await fitLongitudinal(cohort, { preserve, smooth: ['age'], randomSlope: 'time' });
    names.forEach((name, w) => {
      const { slopeCriterion } = found[name];
      assert.ok(model.criterion[w] <= slopeCriterion + 1e-9, `${model.criterion[w]} ${slopeCriterion}`);
      assert.ok(model.criterion[w] >= slopeCriterion - 1e-4, `${model.criterion[w]} ${slopeCriterion}`);
    });
  });

  it('is longitudinal ComBat with a straight line where the penalty has no end', async () => {
    const line = await fitLongitudinal(cohort, { preserve: ['sex', 'age'] });
    const stiff = await fitLongitudinal(cohort, { preserve, smooth: ['age'], smoothing: 1e9 });
    const [one, other] = await Promise.all([line, stiff].map((model) => applyLongitudinal(model, cohort)));
    isClose(other, one, 1e-6);
    // The criterion counts the line as the covariate itself, so that both can be compared.
    names.forEach((_, w) => assert.ok(Math.abs(stiff.criterion[w] - line.criterion[w]) < 1e-5));
  });

  it('chooses among penalties that are listed by the same likelihood', async () => {
    const penalties = [0.1, 10, 1e7];
    const third = firstFeatures(cohort, 3);
    const smooth = ['age', 'dose'];
    const listed = await fitLongitudinal(third, { preserve, smooth, penalties });
    const fits = penalties.flatMap((age) =>
      penalties.map(async (dose) => {
        const smoothing = { f1: [age, dose], f2: [age, dose], f3: [age, dose] };
        return fitLongitudinal(third, { preserve, smooth, smoothing });
      }),
    );
    const each = await Promise.all(fits);
    third.features.features.forEach((_, w) => {
      const best = Math.min(...each.map(({ criterion }) => criterion[w]));
      assert.ok(Math.abs(listed.criterion[w] - best) < 1e-9, `${listed.criterion[w]} ${best}`);
    });
  });

  it('predicts persons that it does not know, keeps a model to the bit, and leaves missing cells missing', async () => {
    const model = await fitLongitudinal(cohort, { preserve, smooth: ['age'] });
    const after = await applyLongitudinal(model, cohort);
    features.values.forEach((value, at) =>
      assert.equal(Number.isNaN(after.features.values[at]), Number.isNaN(value)),
    );
    const others = {
      ...cohort,
      participants: withPersons(
        participants,
        participants.persons.map((person) => `other ${person}`),
      ),
    };
    isClose(await applyLongitudinal(model, others), after, 1e-7);
    const path = folder.path('curved.json');
    await saveModel(model, path);
    const loaded = await loadModel(path, 'longitudinal');
    assert.deepEqual((await applyLongitudinal(loaded, cohort)).features.values, after.features.values);
  });

  it('continues a curve as a straight line beyond the ages fitted on, and says so; at a site that it does not know by policy', async () => {
    const model = await fitLongitudinal(
      takeSubjects(cohort, ({ site }) => site !== 'C'),
      { preserve, smooth: ['age'], eb: 'none' },
    );
    const scans = takeSubjects(cohort, ({ site }) => site === 'A');
    const older = (by: number): FeatureCohort => ({
      ...scans,
      participants: {
        ...scans.participants,
        persons: scans.participants.ids,
        covariates: scans.participants.covariates.map((one) =>
          one.name === 'age' && one.kind === 'continuous'
            ? continuous(
                'age',
                one.values.map(() => 100 + by),
              )
            : one,
        ),
      },
    });
    const apply = async (by: number): Promise<FeatureCohort> =>
      applyLongitudinal(model, older(by), { unseenPersons: 'zero' });
    const [near, middle, far] = await Promise.all([0, 10, 20].map(apply));
    assert.ok(
      near.issues.some(
        ({ code, message }) => code === 'outside-training-range' && /straight line/.test(message),
      ),
    );
    near.features.values.forEach((value, at) => {
      const [one, two] = [middle.features.values[at] - value, far.features.values[at] - value];
      assert.ok(Number.isNaN(value) || Math.abs(two - 2 * one) < 1e-9, `${one} ${two}`);
    });
    const unseen = takeSubjects(cohort, ({ site }) => site === 'C');
    await assert.rejects(applyLongitudinal(model, unseen), { code: 'unknown-site' });
    const estimated = await applyLongitudinal(model, unseen, { unseen: 'own-priors' });
    assert.ok(estimated.issues.some(({ code }) => code === 'unseen-site'));
  });

  it('refuses other ways to choose the straightness, and curves that cannot be separated, by name', async () => {
    const refused = (options: LongitudinalOptions, error: object): Promise<void> =>
      assert.rejects(fitLongitudinal(cohort, { preserve, smooth: ['age'], ...options }), error);
    for (const smoothing of ['gcv', 'kfold'] as const) {
      const basis = smoothing === 'kfold' ? 'neuroharmonize' : 'p-spline';
      await refused(
        { smoothing, basis },
        {
          code: 'invalid-option',
          message: `invalid smoothing: "${smoothing}" cannot be combined with the effects of persons, whose variances are found by restricted maximum likelihood (choose smoothing: "reml", or a penalty)`,
        },
      );
    }
    await refused({ preserve: ['age', 'ageAgain'] }, { code: 'unknown-column' });
    const twice = {
      ...cohort,
      participants: {
        ...participants,
        covariates: [
          ...participants.covariates,
          ...participants.covariates.flatMap((one) =>
            one.name === 'age' && one.kind === 'continuous'
              ? [
                  continuous(
                    'days',
                    one.values.map((value) => value * 365.25),
                  ),
                ]
              : [],
          ),
        ],
      },
    };
    await assert.rejects(fitLongitudinal(twice, { smooth: ['age', 'days'] }), { code: 'confounded' });
  });
});

function isClose(one: FeatureCohort, other: FeatureCohort, most: number): void {
  one.features.values.forEach((value, at) => {
    const known = other.features.values[at];
    assert.ok(
      Math.abs(value - known) <= most || (Number.isNaN(value) && Number.isNaN(known)),
      `${value} ${known}`,
    );
  });
}
